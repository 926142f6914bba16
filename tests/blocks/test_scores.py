"""What passes in order over blocks find: the bits of rows in memory, in containers that files come in too."""

from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import fastsmote
from fastsmote._blocks import probabilities, scores, shared_rows
from fastsmote._blocks.block import Block
from fastsmote._blocks.outcomes import Columns
from fastsmote._blocks.passes import InOrder
from fastsmote._probability.prior_search import read_request
from fastsmote.streaming import StreamingSweep

RNG = np.random.default_rng(0)
Y = np.array(["no", "yes"])[(RNG.random(500) < 0.1).astype(int)]
SCORES = np.round(RNG.random(500), 2)
WEIGHTS = RNG.random(500)
ENDS = [0, 3, 3, 200, 201, 500]
KINDS = {"numpy": np.asarray, "pandas": pd.Series, "arrow": lambda column: pa.chunked_array([column])}


def passes(kind, *, weighted=False, ends=ENDS):
    """Over blocks of labels, scores and weights."""

    def blocks():
        for lo, hi in pairwise([0, *ends]):
            labels, values, weights = (KINDS[kind](column[lo:hi]) for column in (Y, SCORES, WEIGHTS))
            yield Block(Columns(values, weights if weighted else None), labels, lo, "y_true")

    return InOrder(lambda work: map(work, blocks()))


def same(actual, expected):
    pairs = zip(actual, expected, strict=True)
    return all(a.dtype == e.dtype and a.tobytes() == e.tobytes() for a, e in pairs)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weighted", [False, True])
class TestScores:
    def test_curves(self, kind, weighted):
        options = {"pos_label": "yes", "sample_weight": WEIGHTS if weighted else None}
        swept = scores.find_swept(passes(kind, weighted=weighted), "yes", weighted)
        assert same(scores.sweep_of(swept), fastsmote.confusion_sweep(Y, SCORES, **options))
        for read, whole in (
            (scores.roc_of, fastsmote.roc_curve),
            (scores.det_of, fastsmote.det_curve),
            (scores.precision_recall_of, fastsmote.precision_recall_curve),
        ):
            for drop in (False, True):
                expected = whole(Y, SCORES, **options, drop_intermediate=drop)
                assert same(read(swept, drop), expected)

    def test_areas(self, kind, weighted):
        weights = WEIGHTS if weighted else None
        placed = scores.find_roc_auc(passes(kind, weighted=weighted), weighted)
        assert scores.roc_auc_of(placed) == fastsmote.roc_auc_score(Y, SCORES, sample_weight=weights)
        placed = scores.find_average_precision(passes(kind, weighted=weighted), "yes", weighted)
        expected = fastsmote.average_precision_score(Y, SCORES, pos_label="yes", sample_weight=weights)
        assert scores.average_precision_of(placed) == expected

    def test_streams(self, kind, weighted):
        weights = WEIGHTS if weighted else None
        stream = scores.find_stream(passes(kind, weighted=weighted), "yes")
        expected = StreamingSweep(pos_label="yes").update(Y, SCORES, weights)
        assert stream.to_bytes() == expected.to_bytes()
        stream = probabilities.find_calibration(passes(kind, weighted=weighted), "yes", 7)
        curve = fastsmote.calibration_curve(Y, SCORES, n_bins=7, pos_label="yes", sample_weight=weights)
        assert same(stream.compute(), curve)

    def test_class_weights(self, kind, weighted):
        found = probabilities.find_class_weights(passes(kind, weighted=weighted), "balanced", 0.9, weighted)
        assert found == fastsmote.class_weights(Y, sample_weight=WEIGHTS if weighted else None)


@pytest.mark.parametrize("kind", KINDS)
def test_prior(kind, monkeypatch):
    for file in ("_probability.prior_search", "_blocks.probabilities"):
        monkeypatch.setattr(f"fastsmote.{file}.ROWS", 32)

    def blocks():
        for lo, hi in pairwise([0, *ENDS]):
            yield Block(None, KINDS[kind](SCORES[lo:hi]), lo, "p")

    request = read_request(SCORES, SCORES[:0], 0.3, None, 0.95, 1e-6, 1000)
    found = probabilities.estimate_prior(InOrder(lambda work: map(work, blocks())), request)
    assert found == fastsmote.estimate_prior(SCORES, 0.3)


@pytest.mark.parametrize("kind", [np.asarray, pd.DataFrame, lambda X: pa.table({"a": X[:, 0], "b": X[:, 1]})])
def test_equal_rows(kind):
    train, test = RNG.integers(0, 9, (60, 2)) + 0.5, RNG.integers(0, 12, (40, 2)) + 0.5

    def blocks():
        for X, name in ((train, shared_rows.TRAIN), (test, shared_rows.TEST)):
            for lo, hi in pairwise([0, 0, 7, 30, len(X)]):
                yield Block(kind(X[lo:hi]), None, lo, name)

    found = shared_rows.find_equal_rows(InOrder(lambda work: map(work, blocks())), [0, 1])
    report = fastsmote.leakage_report(train, test)
    assert same(found, (report.exact_pairs, report.exact_counts))


def test_no_block():
    nothing = InOrder(lambda work: iter(()))
    for find in (
        partial(scores.find_swept, pos_label=1, has_weights=False),
        partial(scores.find_roc_auc, has_weights=False),
    ):
        with pytest.raises(ValueError, match="minimum of 1 sample"):
            find(nothing)
