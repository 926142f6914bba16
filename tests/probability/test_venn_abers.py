"""Venn-Abers intervals: against isotonic regression with one more row, in fractions (issue 22, item 6)."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.probability import venn_abers as reference

from fastsmote.calibration import VennAbersCalibrator, fit_venn_abers

rows = st.lists(st.tuples(st.integers(-6, 6), st.integers(0, 1)), min_size=1, max_size=40)


@given(rows=rows)
def test_by_definition(rows):
    scores, labels = zip(*rows, strict=True)
    calibrator = fit_venn_abers(labels, scores)
    asked = np.arange(-15, 16) / 2  # at the scores, between them and beyond
    low, high = calibrator.interval(asked)
    expected = [reference.interval(rows, score) for score in asked.tolist()]
    assert low.tolist() == [float(p0) for p0, _ in expected]
    assert high.tolist() == [float(p1) for _, p1 in expected]
    np.testing.assert_allclose(
        calibrator(asked), [float(p1 / (1 - p0 + p1)) for p0, p1 in expected], rtol=1e-15
    )


def test_many_rows_by_definition():
    rng = np.random.default_rng(0)
    for n, n_scores in ((150, 150), (150, 9), (400, 40)):
        scores = rng.integers(0, n_scores, n) / 8
        labels = (rng.random(n) < scores / scores.max()).astype(int)
        rows = list(zip(scores.tolist(), labels.tolist(), strict=True))
        asked = np.concatenate([np.unique(scores), [-1.0, 1e9]])[:: max(1, n_scores // 25)]
        low, high = fit_venn_abers(labels, scores).interval(asked)
        expected = [reference.interval(rows, score) for score in asked.tolist()]
        assert list(zip(low.tolist(), high.tolist(), strict=True)) == [
            (float(a), float(b)) for a, b in expected
        ]


def test_intervals_cover_and_shrink():
    """With the true label each p is calibrated; with more rows both come together."""
    rng = np.random.default_rng(1)
    widths = []
    for n in (100, 1000, 10_000):
        scores = rng.random(2 * n)
        labels = (rng.random(2 * n) < scores).astype(int)
        calibrator = fit_venn_abers(labels[:n], scores[:n])
        low, high = calibrator.interval(scores[n:])
        assert (low < high).all()
        assert ((low <= calibrator(scores[n:])) & (calibrator(scores[n:]) <= high)).all()
        widths.append((high - low).mean())
        own = np.where(labels[n:] == 1, high, low)
        assert abs(own.mean() - labels[n:].mean()) < 3 / np.sqrt(n)
    assert widths[0] > 2 * widths[1] > 4 * widths[2]


def test_order_of_rows_containers_and_labels():
    rng = np.random.default_rng(2)
    scores = rng.integers(0, 30, 300).astype(np.float32)
    labels = np.where(rng.random(300) < scores / 30, "ill", "well")
    expected = fit_venn_abers(labels, scores, pos_label="ill")
    order = rng.permutation(300)
    for y, score in (
        (labels[order], scores[order]),
        (pd.Series(labels), pd.Series(scores)),
        (labels.tolist(), scores.tolist()),
    ):
        assert fit_venn_abers(y, score, pos_label="ill") == expected
    assert fit_venn_abers(labels == "ill", scores) == expected
    assert hash(expected) == hash(pickle.loads(pickle.dumps(expected)))
    assert pickle.loads(pickle.dumps(expected)) == expected
    assert expected != fit_venn_abers(labels, -scores, pos_label="ill")
    assert expected != 3
    with pytest.raises(ValueError, match="read-only"):
        expected.low[0] = 0


def test_one_class_and_no_rows_to_ask():
    calibrator = fit_venn_abers([0, 0, 0], [1, 2, 3])
    low, high = calibrator.interval([0, 2, 4])
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [1 / 4, 1 / 3, 1]
    assert calibrator([]).shape == (0,)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([2.0, 1.0], [0, 1], [0, 1]), "thresholds must hold ascending"),
        (([], [], []), "thresholds must hold ascending"),
        (([1.0, 2.0], [0.5, 0.1], [1, 1]), "low must hold ascending probabilities"),
        (([1.0, 2.0], [0.5, 0.6], [1, 1.5]), "high must hold ascending probabilities"),
        (([1.0], [0.5], [0.4]), "low must be at most high"),
        (([1.0], [0.5], [0.4, 0.5]), "inconsistent numbers"),
    ],
)
def test_what_is_no_calibrator(arguments, words):
    with pytest.raises(ValueError, match=words):
        VennAbersCalibrator(*arguments)


def test_refused_rows():
    with pytest.raises(ValueError, match="y_score"):
        fit_venn_abers([0, 1], [0.1, np.nan])
    with pytest.raises(ValueError, match="pos_label"):
        fit_venn_abers(["a", "b"], [0.1, 0.2])
    with pytest.raises(ValueError, match="NaN"):
        fit_venn_abers([0, 1], [0.1, 0.2])([np.nan])
