"""Choices of thresholds: against fractions over all cut points, against scikit-learn, and by laws."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import metric_at_thresholds
from reference.metrics import sweep as reference_sweep
from reference.metrics import thresholds as reference

from fastsmote._metrics import choice as choice_module
from fastsmote._metrics import formulas
from fastsmote._metrics import sweep as sweep_module
from fastsmote._metrics.sweep import Sweep
from fastsmote.metrics import confusion_matrix_at_thresholds, confusion_sweep
from fastsmote.thresholds import best_threshold, calibrated_threshold, cost_threshold, threshold_at

METRICS = {
    "f1": reference.f_beta,
    "matthews_corrcoef": reference.squared_mcc,
    "balanced_accuracy": reference.balanced_accuracy,
    "geometric_mean": reference.squared_geometric_mean,
    "youden": reference.youden,
}
ROOTS = ("matthews_corrcoef", "geometric_mean")


def as_value(metric, exact):
    return reference.root(exact) if metric in ROOTS else float(exact)


SCORES = {
    "continuous": lambda n, rng: rng.normal(size=n),
    "ties": lambda n, rng: rng.integers(-3, 4, n) / 4,
    "two-valued": lambda n, rng: rng.integers(0, 2, n),
    "constant": lambda n, rng: np.full(n, 0.25),
    "float16": lambda n, rng: rng.normal(size=n).astype(np.float16),
    "float32": lambda n, rng: rng.normal(size=n).astype(np.float32),
    "int64": lambda n, rng: 2**62 + rng.integers(0, 40, n),
    "uint64": lambda n, rng: np.uint64(2**64 - 1) - rng.integers(0, 40, n).astype(np.uint64),
    "bool": lambda n, rng: rng.random(n) < 0.5,
    "zeros of both signs": lambda n, rng: rng.choice([-0.0, 0.0, 1.0], n),
    "subnormal": lambda n, rng: rng.integers(-9, 9, n) * 5e-324,
}


def case(kind, n=60, seed=0, rate=0.3):
    rng = np.random.default_rng([seed, n])
    y, weights = (rng.random(n) < rate).astype(int), rng.integers(1, 9, n) / 4
    return y, SCORES[kind](n, rng), weights


def cuts_of(y, scores, weights=None):
    weights = None if weights is None else weights.tolist()
    return reference.with_nobody(reference_sweep.confusion(y, scores.tolist(), weights))


def assert_choice(choice, cuts, expected):
    """The record of the highest of the cut points that should be best."""
    threshold, *counts = expected[0]
    assert choice.threshold == threshold
    assert [choice.tn, choice.fp, choice.fn, choice.tp] == counts
    assert (choice.lowest, choice.highest) == (expected[-1][0], expected[0][0])
    assert choice.plateau.tolist() == [t for t, *_ in expected if t != math.inf]
    below = [t for t, *_ in cuts if t < threshold]
    assert choice.next_lower == (below[0] if below else -math.inf)
    assert choice.alerts == choice.tp + choice.fp
    for name in ("precision", "recall", "specificity", "fpr"):
        assert getattr(choice, name) == float(getattr(reference, name)(*counts))
    assert choice.f1 == pytest.approx(float(reference.f_beta(*counts)), rel=1e-15)
    for name in ("balanced_accuracy", "geometric_mean", "matthews_corrcoef"):
        expected_value = as_value(name, METRICS[name](*counts))
        assert getattr(choice, name) == pytest.approx(expected_value, rel=1e-15)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n", [1, 2, 60])
@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.one_in(3)
def test_best_by_definition(kind, n, weighted):
    y, scores, weights = case(kind, n)
    weights = weights if weighted else None
    sweep, cuts = confusion_sweep(y, scores, sample_weight=weights), cuts_of(y, scores, weights)
    for metric, order in METRICS.items():
        expected = reference.best(cuts, order)
        choice = best_threshold(sweep, metric)
        assert_choice(choice, cuts, expected)
        assert choice.value == pytest.approx(as_value(metric, order(*expected[0][1:])), rel=1e-15)
        assert choice.calibrated is None
    for beta in (0, 0.5, 3):
        choice = best_threshold(sweep, "f_beta", beta=beta)
        assert_choice(choice, cuts, reference.best(cuts, lambda *c: reference.f_beta(*c, beta)))  # noqa: B023


rows = st.lists(st.tuples(st.booleans(), st.integers(0, 12)), min_size=1, max_size=40)


@given(rows=rows, metric=st.sampled_from(list(METRICS)))
def test_best_of_many_ties(rows, metric):
    y, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    cuts = cuts_of(y, scores)
    assert_choice(
        best_threshold(confusion_sweep(y, scores), metric), cuts, reference.best(cuts, METRICS[metric])
    )


def built(cells, kind=np.int64):
    """A sweep of (fp, tp) pairs, the last of which are the totals."""
    fps, tps = (np.array(column, kind) for column in zip(*cells, strict=True))
    return Sweep(fps[-1] - fps, fps, tps[-1] - tps, tps, np.arange(len(fps), 0, -1) / 8)


def cells(sweep):
    rows = zip(sweep.thresholds.tolist(), *(counts.tolist() for counts in sweep[:4]), strict=True)
    return reference.with_nobody(list(rows))


@pytest.mark.parametrize("kind", [np.int64, np.float64])
@pytest.mark.parametrize(
    "at", [[(2, 1), (9, 2), (34, 2)], [(3, 1), (10, 2), (21, 3), (33, 3)], [(6, 2), (14, 3), (39, 3)]]
)
def test_equal_values_that_differ_as_float64_are_one_plateau(at, kind):
    """MCC is a root of a quotient: some pairs with equal MCC differ in the last bit."""
    sweep = built(at, kind)
    assert len({reference.squared_mcc(*cell[1:]) for cell in cells(sweep)[1:-1]}) == 1
    assert len(set(sweep.matthews_corrcoef[:-1].tolist())) > 1
    assert best_threshold(sweep, "mcc").plateau.tolist() == sweep.thresholds[:-1].tolist()


@pytest.mark.parametrize("kind", [np.int64, np.float64])
def test_values_that_differ_beyond_float64_are_told_apart(kind):
    k = 10**12
    sweep = built([(0, k), (1, k + 1), (9, k + 1)], kind)
    assert sweep.f_beta()[0] == sweep.f_beta()[1]
    assert best_threshold(sweep).threshold == sweep.thresholds[1]
    assert best_threshold(sweep).plateau.tolist() == [sweep.thresholds[1]]
    sweep = built([(1, k), (1, k + 1), (9, k + 1)], kind)
    assert sweep.precision[0] == sweep.precision[1]
    assert threshold_at(sweep, min_recall=0.5).threshold == sweep.thresholds[1]
    sweep = built([(k, k + 1), (k + 10**6, k + 1 + 10**6), (10**15, 3 * 10**12 + 1)], kind)
    cuts = cells(sweep)
    for metric, order in METRICS.items():
        assert_choice(best_threshold(sweep, metric), cuts, reference.best(cuts, order))


@pytest.mark.parametrize("kind", [np.int64, np.float64])
def test_differences_of_1_beside_1e27_are_seen(kind):
    n_pos, n_neg = 10**12 + 39, 10**15 + 37
    new_tp = pow(n_neg, -1, n_pos)  # new_tp * n_neg is new_fp * n_pos + 1
    new_fp = (new_tp * n_neg - 1) // n_pos
    before = (n_pos - new_tp) // 2
    sweep = built([(0, before), (new_fp, before + new_tp), (n_neg, n_pos)], kind)
    youden, cost = sweep.recall - sweep.fpr, sweep.cost(n_pos, n_neg)
    assert (youden[0], cost[0]) == pytest.approx((youden[1], cost[1]), rel=1e-15)
    for choice in (
        best_threshold(sweep, "youden"),
        best_threshold(sweep, "balanced_accuracy"),
        cost_threshold(sweep, n_pos, n_neg),
    ):
        assert choice.plateau.tolist() == [sweep.thresholds[1]]


@given(
    steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any), min_size=1, max_size=8),
    unit=st.sampled_from([1, 10**6 + 3, 10**12 + 39]),
    metric=st.sampled_from(list(METRICS)),
)
def test_best_of_large_counts(steps, unit, metric):
    at = np.cumsum(np.array(steps, object) * unit + np.array(steps, object), axis=0)
    sweep = built(at.tolist())
    cuts = cells(sweep)
    assert_choice(best_threshold(sweep, metric), cuts, reference.best(cuts, METRICS[metric]))


def test_long_plateaus():
    """Alternating labels: half of all cut points are equally good, without going through them one by one."""
    n = 200_000
    y, scores = np.arange(n) % 2 == 0, np.arange(n, 0, -1)
    sweep = confusion_sweep(y, scores)
    for choice in (best_threshold(sweep, "youden"), cost_threshold(sweep, 1, 1)):
        assert len(choice.plateau) == n // 2
        assert (choice.threshold, choice.highest, choice.lowest) == (n, n, 2)
    separated = confusion_sweep(scores > n // 2, scores)
    assert len(threshold_at(separated, min_recall=0.1).plateau) == n // 2 - n // 20 + 1


def test_metrics_at_thresholds_of_sklearn():
    peer = pytest.importorskip("sklearn.metrics")
    y, scores, _ = case("continuous", 150)
    sweep = confusion_sweep(y, scores)
    for metric, name in [
        ("f1", "f1_score"),
        ("mcc", "matthews_corrcoef"),
        ("balanced_accuracy", "balanced_accuracy_score"),
    ]:
        values, thresholds = metric_at_thresholds(y, scores, getattr(peer, name))
        choice = best_threshold(sweep, metric)
        assert choice.value == pytest.approx(values.max(), rel=1e-12)
        assert choice.threshold in thresholds[np.isclose(values, values.max(), rtol=1e-12)]


def test_best_f1_of_the_listing():
    """The listing takes the maximum of 2PR / (P + R + 1e-10) over the precision-recall curve."""
    peer = pytest.importorskip("sklearn.metrics")
    y, scores, _ = case("continuous", 500, rate=0.05)
    precision, recall, thresholds = peer.precision_recall_curve(y, scores)
    f1 = 2 * precision[:-1] * recall[:-1] / (precision[:-1] + recall[:-1] + 1e-10)
    choice = best_threshold(confusion_sweep(y, scores))
    assert choice.threshold == thresholds[f1.argmax()]
    assert choice.value == pytest.approx(f1.max(), abs=1e-9)


class TestWhoIsCalled:
    @pytest.mark.parametrize("metric", METRICS)
    def test_nobody_where_scores_are_upside_down(self, metric):
        choice = best_threshold(confusion_sweep([1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4]), metric)
        if metric in ("f1",):
            assert (choice.threshold, choice.next_lower, choice.tn) == (0.1, -math.inf, 0)  # every row
        else:
            assert (choice.threshold, choice.next_lower, choice.alerts) == (math.inf, 0.4, 0)
            assert choice.highest == math.inf

    def test_by_cost(self):
        sweep = confusion_sweep([1, 0, 1, 0], [0.1, 0.2, 0.3, 0.4])
        none, every = cost_threshold(sweep, 10, 1), cost_threshold(sweep, 1, 10)
        assert (none.threshold, none.value, len(none.plateau)) == (math.inf, 2, 0)
        assert (every.threshold, every.value, every.next_lower) == (0.1, 2, -math.inf)

    @pytest.mark.parametrize("kind", SCORES)
    def test_one_class(self, kind):
        _, scores, _ = case(kind, 12)
        for label in (0, 1):
            y = np.full(12, label)
            cuts = cuts_of(y, scores)
            for metric, order in METRICS.items():
                choice = best_threshold(confusion_sweep(y, scores), metric)
                assert_choice(choice, cuts, reference.best(cuts, order))

    def test_one_class_with_a_weight_within_rounding(self):
        sweep = confusion_sweep([1, 1], [0.9, 0.1], sample_weight=[1.0, 1e-15])
        for metric in ("youden", "balanced_accuracy"):
            assert best_threshold(sweep, metric).plateau.tolist() == [0.1]

    @pytest.mark.parametrize("kind", SCORES)
    def test_the_threshold_gives_these_counts(self, kind):
        """Also as a plain number, compared with scores of any dtype."""
        y, scores, _ = case(kind)
        for metric in METRICS:
            choice = best_threshold(confusion_sweep(y, scores), metric)
            for threshold in (choice.threshold, choice.highest):
                called = scores >= threshold
                assert ((called & (y == 1)).sum(), (called & (y == 0)).sum()) == (choice.tp, choice.fp)
        if scores.dtype.kind == "f" and math.isfinite(choice.next_lower):
            called_too = (scores > choice.next_lower) & (scores < choice.threshold)
            assert not called_too.any()


class TestCallable:
    @pytest.mark.parametrize("kind", SCORES)
    def test_of_the_arrays(self, kind):
        y, scores, _ = case(kind)
        sweep = confusion_sweep(y, scores)
        actual = best_threshold(sweep, lambda s: -2.0 * s.fps - 5.0 * s.fns)
        expected = cost_threshold(sweep, 2, 5)
        assert actual.value == -expected.value
        for name in ("threshold", "tp", "fp", "lowest", "highest", "next_lower"):
            assert getattr(actual, name) == getattr(expected, name)
        by_property = best_threshold(sweep, lambda s: s.f_beta(1))
        assert by_property.value == best_threshold(sweep, "f1").value

    def test_nan_is_not_allowed_and_nobody_comes_first(self):
        seen = []

        def metric(sweep):
            seen.append(sweep)
            return np.where(sweep.tps > 1, sweep.precision, np.nan)

        sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        assert best_threshold(sweep, metric).threshold == 0.35
        assert (seen[0].thresholds[0], seen[0].alerts[0], seen[0].fns[0]) == (math.inf, 0, 2)
        with pytest.raises(ValueError, match="at one cut point at least"):
            best_threshold(sweep, lambda s: s.precision * np.nan)

    @pytest.mark.parametrize("result", [1.0, [0.0, 1.0], np.zeros((5, 1)), np.zeros(5, complex), ["a"] * 5])
    def test_other_shapes_and_dtypes(self, result):
        with pytest.raises(ValueError, match=r"real numbers of shape \(5,\)"):
            best_threshold(confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), lambda s: result)


COSTS = [(1, 10), (10, 1), (0, 1), (1, 0), (0.1, 0.3), (1 / 3, 7.7), (1e-300, 1e-290), (1e250, 3e250)]


class TestCost:
    @pytest.mark.parametrize("weighted", [False, True])
    @pytest.mark.parametrize("costs", COSTS)
    @pytest.mark.parametrize("kind", SCORES)
    @pytest.mark.one_in(8)
    def test_by_definition(self, kind, costs, weighted):
        y, scores, weights = case(kind)
        weights = weights if weighted else None
        cuts = cuts_of(y, scores, weights)
        choice = cost_threshold(confusion_sweep(y, scores, sample_weight=weights), *costs)
        expected = reference.best(cuts, lambda *cell: -reference.cost(*cell, *costs))
        assert_choice(choice, cuts, expected)
        assert choice.value == pytest.approx(float(reference.cost(*expected[0][1:], *costs)), rel=1e-15)
        cost_fp, cost_fn = map(Fraction, costs)
        assert choice.calibrated == pytest.approx(float(cost_fp / (cost_fp + cost_fn)), rel=1e-15)

    @given(rows=rows, costs=st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(any))
    def test_many_ties(self, rows, costs):
        y, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
        cuts = cuts_of(y, scores)
        expected = reference.best(cuts, lambda *cell: -reference.cost(*cell, *costs))
        for given_costs in (costs, [c / 8 for c in costs]):  # the second compares fractions
            assert_choice(cost_threshold(confusion_sweep(y, scores), *given_costs), cuts, expected)

    def test_article(self):
        """A missed positive costs ten false alarms; beta scores of 100 positives in 10,000."""
        assert calibrated_threshold(1, 10) == 1 / 11
        rng = np.random.default_rng(3)
        score = np.r_[np.clip(rng.beta(5, 2, 100), 0, 1), np.clip(rng.beta(2, 6, 9900), 0, 1)]
        y = np.r_[np.ones(100), np.zeros(9900)].astype(int)
        costs = {t: ((score >= t) & (y == 0)).sum() + 10 * ((score < t) & (y == 1)).sum() for t in score}
        choice = cost_threshold(confusion_sweep(y, score), cost_fp=1, cost_fn=10)
        assert choice.calibrated == 1 / 11
        assert choice.value == min(costs.values()) == costs[choice.threshold]
        assert choice.plateau.tolist() == sorted((t for t in costs if costs[t] == choice.value), reverse=True)
        for threshold in (0.1, 0.3, 0.5, choice.calibrated):
            called = score >= threshold
            assert (called & (y == 0)).sum() + 10 * (~called & (y == 1)).sum() > choice.value

    def test_calibrated_scores_make_the_closed_form_nearly_best(self):
        rng = np.random.default_rng(4)
        p = rng.random(200_000)
        sweep = confusion_sweep(rng.random(200_000) < p, p)
        choice = cost_threshold(sweep, 1, 10)
        assert abs(choice.threshold - choice.calibrated) < 0.02
        closed = np.searchsorted(-sweep.thresholds, -choice.calibrated, side="right") - 1
        assert choice.value <= sweep.cost(1, 10)[closed] <= 1.01 * choice.value

    @pytest.mark.parametrize("kind", SCORES)
    def test_amounts_row_by_row(self, kind):
        y, scores, weights = case(kind)
        amounts = weights * 100
        amounts[::5] = 0
        sweep = confusion_sweep(y, scores)
        at_risk = confusion_sweep(y, scores, sample_weight=amounts)
        choice = cost_threshold(sweep, 30.5, 1, amounts=at_risk)
        costs = {
            cut[0]: reference.cost_of_rows(y, scores, cut[0], 30.5, amounts.tolist())
            for cut in cuts_of(y, scores)
        }
        best = [t for t, value in costs.items() if value == min(costs.values())]
        assert choice.value == float(min(costs.values()))
        assert (choice.threshold, choice.lowest) == (best[0], best[-1])
        assert choice.plateau.tolist() == [t for t in best if t != math.inf]
        assert choice.calibrated is None
        at = sweep.thresholds.tolist().index(best[0]) if best[0] != math.inf else None
        assert choice.tp == (0 if at is None else sweep.tps[at])  # rows, not amounts

    def test_costs_count_as_the_float64_that_they_are(self):
        """Ten times 0.1 rounds to 1.0 and is more."""
        sweep = built([(0, 1), (10, 2), (30, 2)])
        assert sweep.cost(0.1, 1.0)[:2].tolist() == [1.0, 1.0]
        assert cost_threshold(sweep, 0.1, 1.0).plateau.tolist() == [sweep.thresholds[0]]
        assert len(cost_threshold(sweep, 0.125, 1.25).plateau) == 2

    def test_amounts_that_tie(self):
        """Missing 30.5 costs what a false alarm does, though it is one row against none."""
        y, scores = [1, 1, 0], [0.9, 0.5, 0.5]
        at_risk = confusion_sweep(y, scores, sample_weight=[100, 30.5, 7])
        choice = cost_threshold(confusion_sweep(y, scores), 30.5, 1, amounts=at_risk)
        assert choice.plateau.tolist() == [0.9, 0.5]

    def test_amounts_of_other_rows(self):
        sweep = confusion_sweep([0, 1], [0.1, 0.2])
        for scores in ([0.1, 0.3], [0.0, 0.2], [0.1, 0.15]):
            with pytest.raises(ValueError, match="amounts must be a sweep of the same rows"):
                cost_threshold(sweep, 1, 1, amounts=confusion_sweep([0, 1], scores))

    @pytest.mark.parametrize("value", [-1, np.nan, np.inf, "1", None])
    def test_refused_costs(self, value):
        sweep = confusion_sweep([0, 1], [0.1, 0.2])
        with pytest.raises(ValueError, match="cost_fp must"):
            cost_threshold(sweep, value, 1)
        with pytest.raises(ValueError, match="cost_fn must"):
            cost_threshold(sweep, 1, value)
        with pytest.raises(ValueError, match="cost_fn must"):
            calibrated_threshold(1, value)

    def test_costs_by_row_need_amounts(self):
        with pytest.raises(ValueError, match="cost_fn must be a number"):
            cost_threshold(confusion_sweep([0, 1], [0.1, 0.2]), 1, np.array([1, 2]))

    def test_costs_of_nothing_and_of_everything(self):
        sweep = confusion_sweep([0, 1, 0], [0.1, 0.2, 0.3])
        with pytest.raises(ValueError, match="must not both be 0"):
            cost_threshold(sweep, 0, 0)
        with pytest.raises(ValueError, match="add up to infinity"):
            cost_threshold(sweep, 1.5e308, 1)

    def test_closed_form_by_row(self):
        assert calibrated_threshold([1, 1, 0], [[1], [3]]).tolist() == [[0.5, 0.5, 0], [0.25, 0.25, 0]]
        assert calibrated_threshold(1.5e308, 1.5e308) == calibrated_threshold(5e-324, 5e-324) == 0.5
        with pytest.raises(ValueError, match="must not both be 0"):
            calibrated_threshold([1, 0], [0, 0])


def feasible_cuts(cuts, bounds):
    """Cut points that meet all bounds, rates as float64."""
    tests = {
        "min_recall": lambda bound, *cell: float(reference.recall(*cell)) >= bound,
        "min_precision": lambda bound, *cell: float(reference.precision(*cell)) >= bound,
        "max_alerts": lambda bound, _tn, fp, _fn, tp: tp + fp <= bound,
        "max_fpr": lambda bound, *cell: float(reference.fpr(*cell)) <= bound,
    }
    return [c for c in cuts if all(tests[name](bound, *c[1:]) for name, bound in bounds.items())]


BOUNDS = [
    {"min_recall": 0.0},
    {"min_recall": 0.5},
    {"min_recall": 1.0},
    {"min_precision": 0.0},
    {"min_precision": 0.25},
    {"max_alerts": 0},
    {"max_alerts": 7},
    {"max_alerts": 1e9},
    {"max_fpr": 0.0},
    {"max_fpr": 0.1},
    {"max_fpr": 1.0},
    {"min_recall": 0.3, "max_fpr": 0.9},
    {"min_precision": 0.2, "max_alerts": 30, "max_fpr": 0.8},
    {"min_recall": 0.9, "max_alerts": 10},
    {"min_recall": 0.9, "min_precision": 0.9},
    {"min_recall": 0.8, "min_precision": 0.9, "max_fpr": 0.0},
]


def assert_threshold_at(sweep, cuts, bounds):
    possible = feasible_cuts(cuts, bounds)
    if possible:
        order = reference.precision if "min_recall" in bounds else reference.recall
        expected = reference.best(possible, order)
        choice = threshold_at(sweep, **bounds)
        assert_choice(choice, cuts, expected)
        assert choice.value == float(order(*expected[0][1:]))
        return
    with pytest.raises(ValueError, match="No threshold meets") as caught:
        threshold_at(sweep, **bounds)
    offers = re.findall(r"(m\w+)=(\S+) \(threshold ", str(caught.value))
    for name, value in offers:  # each can be had, and nothing nearer can
        nearest = {**bounds, name: float(value)}
        assert feasible_cuts(cuts, nearest)
        step = math.inf if name.startswith("min") else -math.inf
        nearest[name] = math.nextafter(nearest[name], step)
        assert not feasible_cuts(cuts, nearest)
    names = {name for name, _ in offers}
    assert names == {n for n in bounds if feasible_cuts(cuts, {k: v for k, v in bounds.items() if k != n})}
    assert names or "drop one" in str(caught.value)


class TestConstraints:
    @pytest.mark.parametrize("weighted", [False, True])
    @pytest.mark.parametrize("bounds", BOUNDS, ids=" ".join)
    @pytest.mark.parametrize("kind", SCORES)
    @pytest.mark.one_in(8)
    def test_by_definition(self, kind, bounds, weighted):
        y, scores, weights = case(kind)
        weights = weights if weighted else None
        sweep = confusion_sweep(y, scores, sample_weight=weights)
        assert_threshold_at(sweep, cuts_of(y, scores, weights), bounds)

    @given(rows=rows, bounds=st.sampled_from(BOUNDS))
    def test_few_rows(self, rows, bounds):
        y, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
        assert_threshold_at(confusion_sweep(y, scores), cuts_of(y, scores), bounds)

    def test_a_bound_that_is_just_met(self):
        """9/10 is less than the float64 0.9; 90 of 100 meets it all the same."""
        sweep = built([(8, 90), (900, 100)])
        for bounds in ({"min_recall": 0.9}, {"max_alerts": 98}, {"max_fpr": 8 / 900}):
            assert threshold_at(sweep, **bounds).tp == 90
        assert threshold_at(sweep, min_precision=90 / 98).tp == 90

    def test_precision_at_fixed_recall_is_the_highest_there_is(self):
        sweep = confusion_sweep([1, 0, 1, 0, 0, 1], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
        assert sweep.precision[1] < sweep.precision[2]
        assert threshold_at(sweep, min_recall=0.3).threshold == 0.9
        assert threshold_at(sweep, min_recall=0.5).threshold == 0.7

    def test_message(self):
        sweep = confusion_sweep([0, 0, 1, 1], [0.8, 0.4, 0.35, 0.1])
        with pytest.raises(
            ValueError, match=r"min_precision=0.9. Nearest .*: min_precision=0.5 \(threshold 0.1"
        ):
            threshold_at(sweep, min_precision=0.9)

    def test_refused(self):
        sweep = confusion_sweep([0, 1], [0.1, 0.2])
        with pytest.raises(ValueError, match="needs a constraint"):
            threshold_at(sweep)
        for name in ("min_recall", "min_precision", "max_fpr", "max_alerts"):
            for value in (-0.1, np.nan, np.inf, "0.5", True, *([] if name == "max_alerts" else [1.5])):
                with pytest.raises(ValueError, match=f"{name} must be a number"):
                    threshold_at(sweep, **{name: value})


CALLS = {
    "best": best_threshold,
    "cost": lambda sweep: cost_threshold(sweep, 1, 1),
    "at": lambda sweep: threshold_at(sweep, min_recall=0.5),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
class TestSweeps:
    def test_plain_tuples(self, call):
        y, scores, _ = case("ties")
        expected = call(confusion_sweep(y, scores))
        for sweep in (
            confusion_matrix_at_thresholds(y, scores),
            tuple(array.tolist() for array in confusion_sweep(y, scores)),
        ):
            assert call(sweep)[:16] == expected[:16]

    def test_read_only(self, call):
        sweep = confusion_sweep(*case("ties")[:2])
        before = [array.copy() for array in sweep]
        for array in sweep:
            array.flags.writeable = False
        call(sweep)
        for array, expected in zip(sweep, before, strict=True):
            np.testing.assert_array_equal(array, expected)

    def test_refused(self, call):
        sweep = confusion_sweep([0, 0, 1], [0.1, 0.2, 0.3])
        for other in (None, [1, 2], sweep[:4], np.zeros((5, 3))):
            with pytest.raises(TypeError, match="must be a Sweep"):
                call(other)
        with pytest.raises(ValueError, match="at least 1"):
            call(Sweep(*(array[:0] for array in sweep)))
        with pytest.raises(ValueError, match="one length"):
            call(sweep._replace(tps=sweep.tps[:2]))
        with pytest.raises(ValueError, match="counts of at least 0"):
            call(sweep._replace(fps=-sweep.fps))
        with pytest.raises(ValueError, match="counts of at least 0"):
            call(sweep._replace(fns=sweep.fns * np.nan))
        with pytest.raises(ValueError, match="decreasing thresholds"):
            call(sweep._replace(thresholds=sweep.thresholds[::-1]))


@pytest.mark.parametrize(
    ("metric", "beta"), [("F1", None), ("accuracy", None), (1, None), ("f1", 2.0), ("f_beta", None), (len, 1)]
)
def test_refused_metrics(metric, beta):
    with pytest.raises(ValueError, match=r"metric must be|beta belongs to"):
        best_threshold(confusion_sweep([0, 1], [0.1, 0.2]), metric, beta=beta)


def test_another_prevalence_moves_the_threshold():
    rng = np.random.default_rng(5)
    y = np.arange(2000) % 2
    scores = rng.normal(size=2000) + 2 * y
    sweep = confusion_sweep(y, scores)
    common, rare = best_threshold(sweep), best_threshold(sweep.at_prevalence(0.001))
    assert rare.threshold > common.threshold
    stays = best_threshold(sweep.at_prevalence(0.001), "youden")
    assert stays.threshold in best_threshold(sweep, "youden").plateau


@pytest.mark.parametrize("powers", [(-900, -900), (-600, 600), (900, 0), (900, 900)])
def test_any_unit_of_weight_of_either_class(powers):
    """The rates of both classes, and what is made of them, do not depend on the units of weights."""
    y, scores, weights = case("continuous")
    expected = confusion_sweep(y, scores, sample_weight=weights)
    actual = confusion_sweep(y, scores, sample_weight=np.ldexp(weights, np.array(powers)[y]))
    for metric in ("youden", "balanced_accuracy", "geometric_mean"):
        e, a = best_threshold(expected, metric), best_threshold(actual, metric)
        assert (a.threshold, a.value, a.lowest) == (e.threshold, e.value, e.lowest)


def test_threads_and_blocks_do_not_show(monkeypatch):
    y, scores, weights = case("ties", 3000)
    sweeps = [confusion_sweep(y, scores), confusion_sweep(y, scores + weights, sample_weight=weights)]

    def everything():
        choices = [best_threshold(s, m) for s in sweeps for m in METRICS]
        choices += [call(s) for s in sweeps for call in CALLS.values()]
        return [(c[:17], c[18:], c.plateau.tolist()) for c in choices]

    expected = everything()
    for threads, block in [("1", 7), ("2", 64), ("5", 999)]:
        monkeypatch.setenv("FASTSMOTE_NUM_THREADS", threads)
        monkeypatch.setattr(sweep_module, "_BLOCK", block)
        assert everything() == expected


def test_slack_covers_the_rounding_of_every_metric():
    """The fractions only see cut points within the slack, so no metric may be off by more than half of it."""
    rng = np.random.default_rng(6)
    at = np.cumsum(rng.integers(1, 10 ** rng.integers(1, 14, (500, 1)), (500, 2)), axis=0)
    sweep = built(at.tolist())
    for metric, formula in {
        "f1": lambda c: formulas.f_beta(c, 1.0),
        "matthews_corrcoef": formulas.matthews_corrcoef,
        "geometric_mean": formulas.geometric_mean,
        "youden": formulas.youden,
    }.items():
        actual = sweep_module.evaluate_formula(formula, sweep)
        expected = [as_value(metric, METRICS[metric](*cut[1:])) for cut in cells(sweep)[1:]]
        np.testing.assert_allclose(actual, expected, rtol=choice_module._SLACK / 4, atol=0)


@pytest.mark.parametrize("weighted", [False, True])
def test_plateaus_without_false_alarms_take_no_exact_arithmetic(weighted, monkeypatch):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=5000)
    y, weights = (scores > 0).astype(int), rng.random(5000) if weighted else None
    sweep = confusion_sweep(y, scores, sample_weight=weights)
    n_entries = []
    entry = choice_module._entry
    monkeypatch.setattr(choice_module, "_entry", lambda *given: n_entries.append(1) or entry(*given))
    right = sweep.fps == 0
    for choice, wanted in (
        (threshold_at(sweep, min_recall=0.01), right & (sweep.recall >= 0.01)),
        (best_threshold(sweep, "f_beta", beta=0), right),
    ):
        assert choice.value == choice.precision == 1.0
        np.testing.assert_array_equal(choice.plateau, sweep.thresholds[wanted])
    assert not n_entries
