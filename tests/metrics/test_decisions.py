"""One cut point, decisions of several classes, prices of rows: against definitions (issue 22, item 5)."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.metrics import decisions as reference

from fastsmote import confusion_sweep
from fastsmote.classification import confusion_matrix
from fastsmote.thresholds import (
    best_threshold,
    calibrated_threshold,
    class_thresholds,
    cost_decisions,
    cost_threshold,
    row_cost_threshold,
    savings,
    threshold_decisions,
)

# ------------------------------------------------------------------------------------------- Sweep.at

rows = st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), min_size=1, max_size=30)


@given(rows=rows, cut=st.integers(-20, 20), strict=st.booleans(), dtype=st.sampled_from(["f8", "f4", "i8"]))
def test_at_counts_the_rows_that_numpy_calls_positive(rows, cut, strict, dtype):
    y, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], dtype)
    threshold = cut / 4
    at = confusion_sweep(y, scores).at(threshold, strict)
    called = scores > threshold if strict else scores >= threshold
    assert (at.tn, at.fp, at.fn, at.tp) == tuple(
        np.count_nonzero(m) for m in (~y & ~called, ~y & called, y & ~called, y & called)
    )
    assert at.threshold == threshold
    assert at.alerts == called.sum()


def test_at_has_the_metrics_of_the_sweep_and_of_choices():
    rng = np.random.default_rng(0)
    y, scores, weight = rng.random(80) < 0.3, rng.integers(0, 20, 80) / 16, rng.random(80)
    for weights in (None, weight):
        sweep = confusion_sweep(y, scores, sample_weight=weights)
        for i, threshold in enumerate(sweep.thresholds.tolist()):
            at = sweep.at(threshold)
            assert at.f1 == sweep.f_beta()[i]
            for name in ("alerts", "precision", "recall", "specificity", "fpr", "matthews_corrcoef"):
                assert getattr(at, name) == getattr(sweep, name)[i]
        best = best_threshold(sweep)
        assert sweep.at(best.threshold) == best[:1] + best[2:15]
        assert sweep.at(math.inf).alerts == 0
        assert sweep.at(-math.inf).recall == 1


def test_at_compares_as_numpy_does():
    sweep = confusion_sweep([0, 1], np.array([0.1, 0.35], np.float32))
    assert sweep.at(0.35).tp == 1  # a float of Python becomes float32
    # a float64 of NumPy is a little above, since NumPy 2
    assert sweep.at(np.float64(0.35)).tp == int((np.array([0.35], np.float32) >= np.float64(0.35))[0])
    assert confusion_sweep([0, 1], np.array([1, 200], np.uint8)).at(300).alerts == 0
    assert confusion_sweep([0, 1], [False, True]).at(True).tp == 1


@pytest.mark.parametrize(("threshold", "kind"), [("a", TypeError), (None, TypeError), (np.nan, ValueError)])
def test_at_refuses(threshold, kind):
    with pytest.raises(kind, match="threshold must be a number"):
        confusion_sweep([0, 1], [0.1, 0.2]).at(threshold)
    with pytest.raises(TypeError, match="strict must be True or False"):
        confusion_sweep([0, 1], [0.1, 0.2]).at(0.1, 2)


def test_cut_points_are_shown():
    at = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).at(0.4)
    assert repr(at).startswith("CutPoint: at 0.4\n  rows: 1 found, 1 missed, 1 false, 1 right")
    assert json.loads(json.dumps(at.to_dict()))["tp"] == 1


# ------------------------------------------------------------------------------------ labels and scores


def test_best_threshold_of_labels_and_scores():
    rng = np.random.default_rng(1)
    y, scores, weight = np.where(rng.random(90) < 0.3, "yes", "no"), rng.normal(size=90), rng.random(90)
    sweep = confusion_sweep(y, scores, pos_label="yes", sample_weight=weight)
    options = {"pos_label": "yes", "sample_weight": weight}
    for metric in ("mcc", lambda sweep: sweep.precision):
        expected = repr(best_threshold(sweep, metric))
        assert repr(best_threshold(sweep, metric=metric)) == expected
        assert repr(best_threshold(y, scores, metric, **options)) == expected
        assert repr(best_threshold(y, pd.Series(scores), metric=metric, **options)) == expected
    by_beta = best_threshold(y, scores, "f_beta", beta=2, **options)
    assert by_beta.threshold == best_threshold(sweep, "f_beta", beta=2).threshold
    assert best_threshold([0, 1, 1, 0, 1], [1, 2, 3, 4, 5]).threshold == 2  # five labels are no five arrays


def test_best_threshold_refuses_what_is_neither():
    sweep = confusion_sweep([0, 1], [0.1, 0.2])
    with pytest.raises(TypeError, match="pos_label and sample_weight belong to labels and scores"):
        best_threshold(sweep, "f1", pos_label=1)
    with pytest.raises(TypeError, match="metric must be given once"):
        best_threshold(sweep, "f1", "mcc")
    with pytest.raises(TypeError, match="must be a Sweep or its five arrays"):
        best_threshold([0, 1])
    with pytest.raises(ValueError, match=r"y_score must be one column of scores\. Got 2"):
        best_threshold([0, 1], [[0.1, 0.2], [0.3, 0.4]])


# ------------------------------------------------------------------------------------------ prices of rows

price = st.sampled_from([0.0, 0.1, 0.2, 0.3, 1.0, 7.25, 1e9, -0.1, -3.0, 5e-324])
priced = st.lists(
    st.tuples(st.booleans(), st.integers(-3, 3), st.tuples(price, price, price, price)),
    min_size=1,
    max_size=20,
)


@given(rows=priced)
def test_row_costs_by_definition(rows):
    y, scores, prices = (list(part) for part in zip(*rows, strict=True))
    costs = dict(zip(("cost_fp", "cost_fn", "cost_tp", "cost_tn"), np.array(prices).T, strict=True))
    least, cuts = reference.cheapest(y, scores, prices)
    choice = row_cost_threshold(y, scores, **costs)
    assert choice.value == float(least)
    assert choice.threshold == cuts[0]
    assert choice.plateau.tolist() == [cut for cut in cuts if cut != math.inf]
    called = [score >= choice.threshold for score in scores]
    result = savings(y, called, **costs)
    nothing = reference.total(y, [False] * len(y), prices)
    assert result.cost == float(least)
    assert result.cost_of_none == float(nothing)
    assert result.cost_of_all == float(reference.total(y, [True] * len(y), prices))
    assert result.saved == float(nothing - least)
    assert math.isnan(result.share) == (nothing <= 0)


def test_row_costs_do_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(2)
    n = 500
    y, scores = rng.random(n) < 0.2, rng.integers(0, 30, n)
    costs = {
        name: rng.random(n) * 10.0 ** rng.integers(-8, 8, n) for name in ("cost_fp", "cost_fn", "cost_tp")
    }
    expected = row_cost_threshold(y, scores, **costs), savings(y, scores > 9, **costs)
    order = rng.permutation(n)
    moved = {name: cost[order] for name, cost in costs.items()}
    again = (
        row_cost_threshold(y[order], scores[order], **moved),
        savings(y[order], scores[order] > 9, **moved),
    )
    assert repr(expected) == repr(again)
    assert expected[0].value == again[0].value
    assert expected[1] == again[1]


def test_row_costs_of_one_price_are_those_of_the_sweep():
    rng = np.random.default_rng(3)
    y, scores = rng.random(200) < 0.2, rng.normal(size=200)
    sweep = confusion_sweep(y, scores)
    ours, theirs = row_cost_threshold(y, scores, cost_fp=1, cost_fn=7), cost_threshold(sweep, 1, 7)
    assert repr(ours._replace(calibrated=theirs.calibrated)) == repr(theirs)
    amount = rng.random(200)
    at_risk = confusion_sweep(y, scores, sample_weight=amount)
    assert row_cost_threshold(y, scores, cost_fp=0.25, cost_fn=amount).threshold == (
        cost_threshold(sweep, 0.25, 1, amounts=at_risk).threshold
    )


def test_row_costs_refuse():
    y, scores = [0, 1], [0.1, 0.2]
    with pytest.raises(ValueError, match=r"cost_fn must be one number, or one for each of 2 rows\. Got 3"):
        row_cost_threshold(y, scores, cost_fp=1, cost_fn=[1, 2, 3])
    with pytest.raises(ValueError, match="cost_fp must be a number in"):
        row_cost_threshold(y, scores, cost_fp=math.inf, cost_fn=1)
    with pytest.raises(ValueError, match="Input cost_tp contains NaN"):
        savings(y, y, cost_fp=1, cost_fn=1, cost_tp=[math.nan, 1])
    with pytest.raises(ValueError, match="Costs add up to infinity"):
        savings(y, y, cost_fp=1e308, cost_fn=1)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        savings(y, [0, 1, 1], cost_fp=1, cost_fn=1)
    with pytest.raises(ValueError, match="pos_label is not specified"):
        savings(["a", "b"], ["a", "b"], cost_fp=1, cost_fn=1)
    assert savings(["a", "b"], ["a", "a"], cost_fp=1, cost_fn=3, pos_label="b").cost == 3


def test_savings_are_shown():
    text = repr(savings([0, 1], [0, 1], cost_fp=1, cost_fn=1000))
    assert text.startswith("Savings: 1,000 saved against doing nothing (100.0%)")


def test_calibrated_thresholds_of_four_cells():
    assert calibrated_threshold(5, 100, cost_tp=5) == 5 / 100
    assert calibrated_threshold(1, 10, cost_tp=-4, cost_tn=-1) == 2 / 16
    np.testing.assert_array_equal(
        calibrated_threshold(5, [25.0, 105.0], cost_tp=5), [0.2, 0.0476190476190476164]
    )
    with pytest.raises(ValueError, match=r"cost_fn must hold finite numbers of at least cost_tp\. Got 1"):
        calibrated_threshold(1, 1, cost_tp=2)
    with pytest.raises(ValueError, match=r"cost_tn must hold finite numbers\. Got nan"):
        calibrated_threshold(1, 1, cost_tn=math.nan)


# ----------------------------------------------------------------------------------------- several classes

quarter = st.integers(0, 4).map(lambda i: i / 4)
cost = st.integers(-3, 9).map(lambda i: i / 2)
several = st.integers(2, 4).flatmap(
    lambda k: st.tuples(
        st.lists(st.lists(quarter, min_size=k, max_size=k), min_size=1, max_size=8),
        st.lists(st.lists(cost, min_size=k, max_size=k), min_size=k, max_size=k),
        st.lists(st.sampled_from([0.0, 0.25, 0.5, math.inf]), min_size=k, max_size=k),
    )
)


@given(given=several)
def test_classes_by_definition(given):
    p, costs, cuts = given
    assert cost_decisions(p, costs).tolist() == [reference.cheapest_class(row, costs) for row in p]
    repeated = np.repeat([costs], len(p), axis=0)
    assert cost_decisions(p, repeated).tolist() == cost_decisions(p, costs).tolist()
    expected = [reference.class_by_threshold(row, cuts) for row in p]
    assert threshold_decisions(p, cuts).tolist() == expected
    names = [f"class {i}" for i in range(len(cuts))]
    by_name = dict(zip(names, cuts, strict=True))
    assert threshold_decisions(p, by_name, labels=names).tolist() == [names[i] for i in expected]


def test_equal_costs_are_the_most_likely_class():
    rng = np.random.default_rng(4)
    p = rng.dirichlet([1, 1, 1], 100)
    assert (cost_decisions(p, 1 - np.eye(3)) == p.argmax(axis=1)).all()
    assert (threshold_decisions(p, [0.5, 0.5, 0.5]) == p.argmax(axis=1)).all()
    one = np.column_stack([1 - p[:, 0], p[:, 0]])
    called = cost_decisions(one, [[0, 1], [9, 0]]) == 1
    assert (called == (p[:, 0] > calibrated_threshold(1, 9))).all()


def test_class_thresholds_are_those_of_each_class():
    rng = np.random.default_rng(5)
    y = np.array(["ant", "bee", "cat"])[rng.choice(3, 200, p=[0.1, 0.3, 0.6])]
    p, weight = rng.dirichlet([1, 1, 1], 200), rng.random(200)
    frame = pd.DataFrame(p, columns=["ant", "bee", "cat"])
    choices = class_thresholds(y, frame, "mcc", sample_weight=weight)
    for place, label in enumerate(["ant", "bee", "cat"]):
        sweep = confusion_sweep(y == label, p[:, place], sample_weight=weight)
        assert repr(choices[label]) == repr(best_threshold(sweep, "mcc"))
    ours = threshold_decisions(p, choices, labels=list(choices))
    assert confusion_matrix(y, ours).trace() > 0
    turned = class_thresholds(y, p[:, ::-1], labels=["cat", "bee", "ant"])
    assert turned["ant"].threshold == class_thresholds(y, p)["ant"].threshold


def test_a_class_without_rows_is_never_called():
    p = [[0.5, 0.3, 0.2], [0.2, 0.6, 0.2]]
    choices = class_thresholds(["a", "b"], p, labels=["a", "b", "c"])
    assert choices["c"].threshold == math.inf
    assert threshold_decisions(p, choices, labels=["a", "b", "c"]).tolist() == ["a", "b"]


def test_classes_refuse():
    p = [[0.5, 0.5], [0.2, 0.8]]
    with pytest.raises(ValueError, match=r"two at least\. Got shape"):
        cost_decisions([0.1, 0.2], np.eye(2))
    with pytest.raises(ValueError, match=r"y_prob must be within"):
        cost_decisions([[1.5, 0.5]], np.eye(2))
    with pytest.raises(ValueError, match=r"Input y_prob contains NaN \(row 1\)"):
        cost_decisions([[0.5, 0.5], [0.5, math.nan]], np.eye(2))
    with pytest.raises(ValueError, match=r"Input y_prob contains infinity \(row 0\)"):
        cost_decisions([[0.5, math.inf], [0.5, 0.5]], np.eye(2))
    with pytest.raises(ValueError, match=r"shape \(2, 2\), or \(2, 2, 2\)"):
        cost_decisions(p, np.eye(3))
    with pytest.raises(ValueError, match="cost_matrix must hold finite numbers"):
        cost_decisions(p, [[0, math.inf], [1, 0]])
    with pytest.raises(ValueError, match="labels must name the 2 columns of y_prob, each once"):
        cost_decisions(p, np.eye(2), labels=["a", "a"])
    with pytest.raises(ValueError, match="thresholds must be 2 numbers of at least 0"):
        threshold_decisions(p, [0.1, -0.1])
    with pytest.raises(KeyError, match="b"):
        threshold_decisions(p, {"a": 0.1}, labels=["a", "b"])
    with pytest.raises(ValueError, match=r"labels must hold all labels of y_true\. Got none for 'c'"):
        class_thresholds(["a", "c"], p, labels=["a", "b"])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        class_thresholds(["a", "b", "b"], p)
