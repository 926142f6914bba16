"""The record of counts: its metrics against fractions and peers, and at other prevalences."""

import inspect
import pickle
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import confusion_matrix_at_thresholds, peer_in
from reference.metrics import sweep as reference_sweep
from reference.metrics import thresholds as reference

from fastsmote import metrics
from fastsmote._metrics import sweep as sweep_module
from fastsmote._metrics.sweep import Sweep

RATES = ["precision", "recall", "specificity", "fpr"]
ARRAYS = [*RATES, "balanced_accuracy", "geometric_mean", "matthews_corrcoef", "alerts"]

SCORES = {
    "continuous": lambda n, rng: rng.normal(size=n),
    "ties": lambda n, rng: rng.integers(-3, 4, n) / 4,
    "two-valued": lambda n, rng: rng.integers(0, 2, n),
    "constant": lambda n, rng: np.full(n, 0.25),
    "float16": lambda n, rng: rng.normal(size=n).astype(np.float16),
    "float32": lambda n, rng: rng.normal(size=n).astype(np.float32),
    "bool": lambda n, rng: rng.random(n) < 0.5,
    "zeros of both signs": lambda n, rng: rng.choice([-0.0, 0.0, 1.0], n),
    "subnormal": lambda n, rng: rng.integers(-9, 9, n) * 5e-324,
}


def case(kind, n=60, seed=0, rate=0.3):
    rng = np.random.default_rng([seed, n])
    y, weights = (rng.random(n) < rate).astype(int), rng.integers(1, 9, n) / 4
    return y, SCORES[kind](n, rng), weights


def values_of(sweep):
    return {
        **{name: getattr(sweep, name) for name in ARRAYS},
        "f_beta": sweep.f_beta(2),
        "cost": sweep.cost(3, 0.5),
    }


def by_definition(tn, fp, fn, tp):
    cell = (tn, fp, fn, tp)
    return {
        **{name: float(getattr(reference, name)(*cell)) for name in RATES},
        "balanced_accuracy": float(reference.balanced_accuracy(*cell)),
        "geometric_mean": reference.root(reference.squared_geometric_mean(*cell)),
        "matthews_corrcoef": reference.root(reference.squared_mcc(*cell)),
        "alerts": float(tp + fp),
        "f_beta": float(reference.f_beta(*cell, 2)),
        "cost": float(reference.cost(*cell, 3, 0.5)),
    }


def assert_as_defined(sweep, rows):
    for name, actual in values_of(sweep).items():
        expected = np.array([by_definition(*row)[name] for row in rows])
        assert actual.shape == sweep.tps.shape
        if name in (*RATES, "alerts", "cost"):
            np.testing.assert_array_equal(actual, expected, err_msg=name)  # one rounding at most
        else:
            np.testing.assert_allclose(actual, expected, rtol=1e-15, atol=0, err_msg=name)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n", [1, 2, 60])
@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.one_in(3)
def test_metrics_by_definition(kind, n, weighted):
    y, scores, weights = case(kind, n)
    sweep = metrics.confusion_sweep(y, scores, sample_weight=weights if weighted else None)
    rows = reference_sweep.confusion(y, scores.tolist(), weights.tolist() if weighted else None)
    assert_as_defined(sweep, [row[1:] for row in rows])
    assert sweep.prevalence == float(reference.quotient(sum(rows[0][3:]), sum(rows[0][1:])))
    assert all(value.dtype == np.float64 for name, value in values_of(sweep).items() if name != "alerts")
    assert sweep.alerts.dtype == sweep.tps.dtype


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["continuous", "ties", "two-valued", "constant"])
def test_metrics_as_peers(kind, weighted):
    peer = pytest.importorskip("sklearn.metrics")
    more = pytest.importorskip("imblearn.metrics")
    y, scores, weights = case(kind)
    weights = weights if weighted else None
    sweep = metrics.confusion_sweep(y, scores, sample_weight=weights)
    for i, threshold in enumerate(sweep.thresholds):
        called = (scores >= threshold).astype(int)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of imbalanced-learn, about rates without rows
            expected = {
                "precision": peer.precision_score(y, called, sample_weight=weights, zero_division=0),
                "recall": peer.recall_score(y, called, sample_weight=weights),
                "f_beta": peer.fbeta_score(y, called, beta=2, sample_weight=weights),
                "balanced_accuracy": peer.balanced_accuracy_score(y, called, sample_weight=weights),
                "matthews_corrcoef": peer.matthews_corrcoef(y, called, sample_weight=weights),
            }
            if not weighted:  # with weights imbalanced-learn's specificity counts rows
                expected["specificity"] = more.specificity_score(y, called)
                expected["geometric_mean"] = more.geometric_mean_score(y, called)
        actual = values_of(sweep)
        for name, value in expected.items():
            assert actual[name][i] == pytest.approx(value, rel=1e-12, abs=1e-15), name


@pytest.mark.parametrize("kind", SCORES)
def test_areas_are_those_of_the_functions(kind):
    y, scores, weights = case(kind, 300)
    for weight in (None, weights):
        sweep = metrics.confusion_sweep(y, scores, sample_weight=weight)
        expected = metrics.average_precision_score(y, scores, sample_weight=weight)
        assert sweep.average_precision == pytest.approx(expected, rel=0 if weight is None else 1e-14)
        expected = metrics.roc_auc_score(y, scores, sample_weight=weight)
        assert sweep.roc_auc == pytest.approx(expected, rel=0 if weight is None else 1e-14)


def test_areas_of_large_and_of_small_counts():
    sweep = metrics.confusion_sweep([0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5])
    for factor, kind in ((1, np.int8), (10**16, np.int64)):
        scaled = Sweep(*(counts.astype(kind) * kind(factor) for counts in sweep[:4]), sweep.thresholds)
        assert scaled.roc_auc == pytest.approx(sweep.roc_auc, rel=1e-15)
    assert Sweep(*(counts.astype(np.int8) for counts in sweep[:4]), sweep.thresholds).average_precision == (
        sweep.average_precision
    )


def test_area_of_more_positives_than_there_is_memory_for():
    sweep = metrics.confusion_sweep([0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5])
    many = Sweep(*(counts * 2**40 for counts in sweep[:4]), sweep.thresholds)
    assert many.average_precision == pytest.approx(sweep.average_precision, rel=1e-15)


def test_models_of_a_frame_keep_their_types_and_names():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [2**60, 2**60 + 1, 0], "b": [0.1, 0.2, 0.3]})
    whole, fractions = metrics.confusion_sweep([0, 1, 1], frame)
    assert (whole.thresholds.dtype, fractions.thresholds.dtype) == (np.int64, np.float64)
    assert len(whole.thresholds) == 3
    with pytest.raises(ValueError, match=r"y_score\['b'\] contains NaN \(row 1\)"):
        metrics.confusion_sweep([0, 1, 1], frame.assign(b=[0.1, np.nan, 0.3]))
    with pytest.raises(ValueError, match=r"y_score\[:, 1\] contains NaN \(row 1\)"):
        metrics.confusion_sweep([0, 1, 1], [[1, 2], [1, np.nan], [0, 1]])
    with pytest.raises(ValueError, match="a column per model"):
        metrics.confusion_sweep([0, 1, 1], np.empty((3, 0)))


def test_areas_without_a_class():
    for label in (0, 1):
        sweep = metrics.confusion_sweep([label] * 3, [0.1, 0.2, 0.2], pos_label=1)
        assert np.isnan(sweep.roc_auc)
        assert sweep.average_precision == label


@pytest.mark.parametrize("weighted", [False, True])
def test_a_column_per_model(weighted):
    rng = np.random.default_rng(0)
    y, columns = rng.choice(["fine", "fraud"], 200), rng.integers(0, 40, (200, 3)) / 8
    weights = rng.integers(0, 5, 200) if weighted else None
    options = {"pos_label": "fraud", "sample_weight": weights}
    for scores in (columns, np.asfortranarray(columns), columns.tolist(), columns.astype(np.float32)):
        sweeps = metrics.confusion_sweep(y, scores, **options)
        assert len(sweeps) == 3
        for column, sweep in zip(columns.T, sweeps, strict=True):
            expected = metrics.confusion_sweep(y, column, **options)
            for one, other in zip(sweep, expected, strict=True):
                np.testing.assert_array_equal(one, other)
    assert isinstance(metrics.confusion_sweep(y, columns[:, :1], **options), Sweep)
    with pytest.raises(ValueError, match="inconsistent"):
        metrics.confusion_sweep(y[1:], columns, **options)


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_as_sklearn(label):
    peer = pytest.importorskip("sklearn.metrics")
    y, scores = np.full(4, label), np.array([0.1, 0.4, 0.4, 0.8])
    sweep = metrics.confusion_sweep(y, scores)
    for i, threshold in enumerate(sweep.thresholds):
        called = (scores >= threshold).astype(int)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert sweep.precision[i] == peer.precision_score(y, called, zero_division=0)
            assert sweep.recall[i] == peer.recall_score(y, called, zero_division=0)
            assert sweep.f_beta(1)[i] == pytest.approx(peer.f1_score(y, called, zero_division=0))
            assert sweep.matthews_corrcoef[i] == peer.matthews_corrcoef(y, called)
            assert sweep.balanced_accuracy[i] == peer.balanced_accuracy_score(y, called)
    assert sweep.geometric_mean.tolist() == [0, 0, 0]
    assert sweep.prevalence == label


def built(rows, kind=np.int64):
    counts = [np.array(column, kind) for column in zip(*rows, strict=True)]
    return Sweep(*counts, np.arange(len(rows), 0, -1) / 8)


E9 = 10**9
LARGE = {
    "near 1e9": [(E9, 7, E9 - 3, 3), (E9 - 5, 12, 5, E9 - 5), (0, E9 + 7, 0, E9)],
    "difference of 1": [(E9 + 1, E9, E9 + 1, E9), (E9, E9 + 1, E9 - 1, E9 + 2)],
    "products above 2**63": [(5 * E9 + 1, 5 * E9, 5 * E9 + 3, 5 * E9 + 1), (0, 10 * E9 + 1, 0, 10 * E9 + 4)],
    "near 2**52": [(2**51 + 1, 2**51, 2**51 + 2, 2**51 + 1), (0, 2**52 + 1, 0, 2**52 + 3)],
    "rare": [(10**13, 3, 5, 2), (10**13 - 10**7, 10**7 + 3, 0, 7), (0, 10**13 + 3, 0, 7)],
}  # fmt: skip


@pytest.mark.parametrize("kind", [np.int64, np.float64, np.uint64])
@pytest.mark.parametrize("name", LARGE)
def test_large_counts(name, kind):
    """Differences of products as small as 1 beside products of 1e31."""
    assert_as_defined(built(LARGE[name], kind), LARGE[name])


def test_counts_above_2_to_53_do_not_overflow():
    rows = [(2**60, 2**58, 2**59, 2**60), (2**40 + 1, 2**60 + 2**58 - 2**40 - 1, 1, 2**60 + 2**59 - 1)]
    sweep = built(rows)
    for name, actual in values_of(sweep).items():
        expected = [by_definition(*row)[name] for row in rows]
        np.testing.assert_allclose(actual, expected, rtol=1e-6 if name == "matthews_corrcoef" else 1e-15)


def test_small_dtypes_of_counts_do_not_overflow():
    rows = [(30_000, 2_000, 1_000, 30_000), (0, 32_000, 0, 31_000)]
    assert_as_defined(built(rows, np.int16), rows)


@pytest.mark.parametrize("power", [-1000, -500, 500, 1000])
def test_any_unit_of_weight(power):
    y, scores, weights = case("continuous")
    expected = metrics.confusion_sweep(y, scores, sample_weight=weights)
    actual = metrics.confusion_sweep(y, scores, sample_weight=np.ldexp(weights, power))
    for name in ARRAYS[:-1]:
        np.testing.assert_array_equal(getattr(actual, name), getattr(expected, name))
    np.testing.assert_array_equal(actual.f_beta(0.3), expected.f_beta(0.3))


@pytest.mark.parametrize("beta", [0, 1e-200, 0.5, 1, 3, 1e200])
def test_f_beta_of_any_beta(beta):
    y, scores, _ = case("ties")
    sweep = metrics.confusion_sweep(y, scores)
    rows = zip(*(counts.tolist() for counts in sweep[:4]), strict=True)
    expected = [float(reference.f_beta(*row, beta)) for row in rows]
    np.testing.assert_allclose(sweep.f_beta(beta), expected, rtol=1e-15)


def test_perfect_scores_have_a_correlation_of_exactly_1():
    for n_pos, n_neg in [(1, 1), (3, 7), (17, 10**9 + 7), (10**8 + 9, 3 * 10**15 + 1)]:
        sweep = built([(n_neg, 0, 0, n_pos), (0, n_neg, 0, n_pos)])
        assert sweep.matthews_corrcoef.tolist() == [1, 0]


def test_the_record_is_the_tuple_it_was():
    y, scores, _ = case("ties")
    sweep = metrics.confusion_sweep(y, scores)
    tns, fps, fns, tps, thresholds = sweep
    assert metrics.Sweep is Sweep
    assert Sweep._fields == ("tns", "fps", "fns", "tps", "thresholds")
    assert (sweep[0] is tns, sweep[1] is fps, sweep[2] is fns, sweep[3] is tps) == (True,) * 4
    assert sweep[4] is thresholds
    for a, e in zip(pickle.loads(pickle.dumps(sweep)), sweep, strict=True):
        np.testing.assert_array_equal(a, e)


@pytest.mark.parametrize("name", [*ARRAYS, "prevalence"])
def test_metrics_can_not_be_set(name):
    sweep = built([(1, 0, 0, 1)])
    with pytest.raises(AttributeError):
        setattr(sweep, name, 1)


def test_metrics_do_not_write_to_the_counts():
    sweep = built(LARGE["near 1e9"])
    for counts in sweep:
        counts.flags.writeable = False
    values_of(sweep)
    values_of(sweep.at_prevalence(0.1))
    metrics.precision_at(sweep.recall, sweep.fpr, 0.2)


def test_an_empty_sweep_has_empty_metrics():
    empty = Sweep(*(np.empty(0, np.int64) for _ in range(4)), np.empty(0))
    assert all(len(value) == 0 for value in values_of(empty).values())
    assert empty.prevalence == 0


def test_a_part_of_a_sweep_keeps_its_metrics():
    y, scores, _ = case("continuous")
    whole = metrics.confusion_sweep(y, scores)
    for name, value in values_of(Sweep(*(array[3:20:4] for array in whole))).items():
        np.testing.assert_array_equal(value, values_of(whole)[name][3:20:4])


@pytest.mark.parametrize("weighted", [False, True])
def test_threads_and_blocks_do_not_show(weighted, monkeypatch):
    y, scores, weights = case("continuous", 3000)
    sweep = metrics.confusion_sweep(y, scores, sample_weight=weights if weighted else None)
    expected = {name: value.tobytes() for name, value in values_of(sweep).items()}
    for threads, block in [("1", 7), ("2", 64), ("5", 999)]:
        monkeypatch.setenv("FASTSMOTE_NUM_THREADS", threads)
        monkeypatch.setattr(sweep_module, "_BLOCK", block)
        assert {name: value.tobytes() for name, value in values_of(sweep).items()} == expected


counts = st.integers(0, 2**50) | st.integers(0, 5)


@given(row=st.tuples(counts, counts, counts, counts))
def test_laws(row):
    sweep = built([row])
    (mcc,), (balanced,), (f1,) = sweep.matthews_corrcoef, sweep.balanced_accuracy, sweep.f_beta()
    assert -1 <= mcc <= 1
    assert 0 <= balanced <= 1
    tn, fp, fn, tp = row
    swapped = built([(tp, fn, fp, tn)])  # the other class is positive
    inverted = built([(fp, tn, tp, fn)])  # every call is turned round
    assert swapped.matthews_corrcoef[0] == mcc == -inverted.matthews_corrcoef[0]
    assert swapped.balanced_accuracy[0] == balanced
    assert mcc == pytest.approx(reference.root(reference.squared_mcc(*row)), rel=1e-14)
    assert f1 == float(reference.f_beta(*row))
    assert sweep.f_beta(0)[0] == sweep.precision[0]


class TestPrevalence:
    def test_base_rate_ambush(self):
        assert metrics.precision_at(recall=0.9, fpr=0.08, prevalence=0.01) == 0.10204081632653061
        balanced = built([(92, 8, 10, 90), (0, 100, 0, 100)])
        assert balanced.precision[0] == 90 / 98
        moved = balanced.at_prevalence(0.01, n_samples=10_000)
        assert [column[0] for column in moved[:4]] == [9108, 792, 10, 90]
        assert moved.precision[0] == 90 / (90 + 792)
        assert moved.alerts[0] == 882

    @pytest.mark.parametrize("prevalence", [1e-12, 0.0017, 0.3, 0.999])
    def test_rates_stay_and_precision_moves(self, prevalence):
        y, scores, weights = case("continuous")
        sweep = metrics.confusion_sweep(y, scores, sample_weight=weights)
        moved = sweep.at_prevalence(prevalence)
        np.testing.assert_allclose(moved.recall, sweep.recall, rtol=1e-14)
        np.testing.assert_allclose(moved.fpr, sweep.fpr, rtol=1e-14)
        assert moved.prevalence == pytest.approx(prevalence, rel=1e-14)
        expected = metrics.precision_at(sweep.recall, sweep.fpr, prevalence)
        np.testing.assert_allclose(moved.precision, expected, rtol=1e-13)
        np.testing.assert_allclose((moved.tps + moved.fns + moved.tns + moved.fps), weights.sum(), rtol=1e-14)
        back = moved.at_prevalence(sweep.prevalence)
        for a, e in zip(back[:4], sweep[:4], strict=True):
            np.testing.assert_allclose(a, e, rtol=1e-9, atol=1e-13)

    def test_another_prevalence_is_another_weight_of_positives(self):
        y, scores, _ = case("ties")
        n_pos, n = int(y.sum()), len(y)
        weight = 0.01 / 0.99 * (n - n_pos) / n_pos  # of positives, for 1 % of all weight
        expected = metrics.confusion_sweep(y, scores, sample_weight=np.where(y == 1, weight, 1.0))
        actual = metrics.confusion_sweep(y, scores).at_prevalence(0.01)
        for name in ARRAYS[:-1]:
            np.testing.assert_allclose(getattr(actual, name), getattr(expected, name), rtol=1e-12, atol=1e-15)

    @given(rates=st.tuples(*[st.sampled_from([0, 5e-324, 1e-300, 0.25, 0.5, 1]) | st.floats(0, 1)] * 3))
    def test_precision_at_is_bayes_rule(self, rates):
        recall, fpr, prevalence = map(Fraction, rates)
        right = recall * prevalence
        expected = reference.quotient(right, right + fpr * (1 - prevalence))
        actual = metrics.precision_at(*rates)
        if not any(0 < rate < 1e-290 for rate in rates):  # products of subnormals lose digits
            assert actual == pytest.approx(float(expected), rel=1e-14, abs=1e-300)
        assert 0 <= actual <= 1

    @pytest.mark.parametrize(
        ("rates", "expected"),
        [((0.5, 0, 0), 0), ((0.5, 0.5, 0), 0), ((0.5, 0, 1e-300), 1), ((0, 0, 0.5), 0), ((0, 0.5, 1), 0)],
    )
    def test_precision_at_the_ends(self, rates, expected):
        assert metrics.precision_at(*rates) == expected

    def test_precision_at_broadcasts(self):
        actual = metrics.precision_at([[0.9], [0.0]], [0.08, 0.0], 0.5)
        assert actual.tolist() == [[0.9 / 0.98, 1.0], [0.0, 0.0]]
        assert isinstance(metrics.precision_at(0.5, 0.5, 0.5), float)

    @pytest.mark.parametrize("name", ["recall", "fpr", "prevalence"])
    @pytest.mark.parametrize("value", [-0.1, 1.1, np.nan, [0.5, 2]])
    def test_precision_at_refuses(self, name, value):
        given = {"recall": 0.5, "fpr": 0.5, "prevalence": 0.5, name: value}
        with pytest.raises(ValueError, match=rf"{name} must be within \[0, 1\]"):
            metrics.precision_at(**given)

    @pytest.mark.parametrize("value", [0, 1, -0.5, 1.5, np.nan, "0.1", True])
    def test_prevalence_refused(self, value):
        with pytest.raises(ValueError, match="prevalence must be"):
            built([(1, 1, 1, 1)]).at_prevalence(value)

    def test_size_refused(self):
        for value in (0, -1, np.inf):
            with pytest.raises(ValueError, match="n_samples must be"):
                built([(1, 1, 1, 1)]).at_prevalence(0.5, n_samples=value)

    @pytest.mark.parametrize("row", [(1, 1, 0, 0), (0, 0, 1, 1)])
    def test_one_class_can_not_move(self, row):
        with pytest.raises(ValueError, match="both classes"):
            built([row]).at_prevalence(0.5)


@pytest.mark.parametrize("value", [-1, np.nan, np.inf, "1", None, True])
def test_refused_parameters(value):
    sweep = built([(1, 1, 1, 1)])
    with pytest.raises(ValueError, match="beta must be a number at least 0 and finite"):
        sweep.f_beta(value)
    with pytest.raises(ValueError, match="cost_fp must be a number at least 0 and finite"):
        sweep.cost(value, 1)
    with pytest.raises(ValueError, match="cost_fn must be a number at least 0 and finite"):
        sweep.cost(1, value)


def test_costs_that_overflow_are_refused():
    with pytest.raises(ValueError, match="add up to infinity"):
        built([(1, 9, 1, 9)]).cost(1e308, 1e308)


class TestConfusionMatrixAtThresholds:
    @pytest.mark.parametrize("weighted", [False, True])
    @pytest.mark.parametrize("kind", SCORES)
    def test_as_sklearn(self, kind, weighted):
        y, scores, weights = case(kind)
        weights[::7] = 0
        weights = weights if weighted else None
        if kind == "bool":  # NumPy can not subtract bools, so scikit-learn fails on them
            expected = confusion_matrix_at_thresholds(y, scores.astype(int), sample_weight=weights)
        else:
            expected = confusion_matrix_at_thresholds(y, scores, sample_weight=weights)
        actual = metrics.confusion_matrix_at_thresholds(y, scores, sample_weight=weights)
        assert type(actual) is tuple
        for a, e in zip(actual, expected, strict=True):
            np.testing.assert_array_equal(a, e)
            assert a.dtype == (bool if kind == "bool" and a is actual[4] else e.dtype)

    def test_signature_as_sklearn(self):
        peer = peer_in("sklearn.metrics", "confusion_matrix_at_thresholds")
        expected = [(p.name, p.default, p.kind) for p in inspect.signature(peer).parameters.values()]
        ours = inspect.signature(metrics.confusion_matrix_at_thresholds).parameters.values()
        assert [(p.name, p.default, p.kind) for p in ours] == expected

    @pytest.mark.parametrize(
        ("y", "scores", "options"),
        [
            ([0, 1, 2], [0.1, 0.2, 0.3], {}),
            ([0, 1], [0.1, np.nan], {}),
            ([0, 1], [0.1, np.inf], {}),
            ([0, 1, 1], [0.1, 0.2], {}),
            (["a", "b"], [0.1, 0.2], {}),
            ([0, 1], [0.1, 0.2], {"sample_weight": [1.0]}),
            ([0.5, 1], [0.1, 0.2], {}),
            ([], [], {}),
        ],
    )
    def test_refuses_as_sklearn(self, y, scores, options):
        for function in (confusion_matrix_at_thresholds, metrics.confusion_matrix_at_thresholds):
            with pytest.raises(ValueError):  # noqa: PT011
                function(y, scores, **options)

    @pytest.mark.parametrize(
        ("y", "pos_label"), [(["no", "yes", "no"], "yes"), ([0, 1, 2], 2), ([-1, 1, 1], None), ([3, 3, 3], 1)]
    )
    def test_labels_as_sklearn(self, y, pos_label):
        expected = confusion_matrix_at_thresholds(np.array(y), np.array([0.2, 0.9, 0.2]), pos_label=pos_label)
        actual = metrics.confusion_matrix_at_thresholds(y, [0.2, 0.9, 0.2], pos_label=pos_label)
        for a, e in zip(actual, expected, strict=True):
            np.testing.assert_array_equal(a, e)
