"""Sweeps, curves, areas, calibration, priors and class weights of partitions: the bits of rows in memory."""

import dask
import dask.array as da
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import polars as pl
import pytest
from adapters.dask.columns import (
    AREAS,
    FUNCTIONS,
    SCORED,
    SWEPT,
    agree,
    bits,
    frame_of,
    outcome,
    partitioned,
    rows,
)
from hypothesis import given, settings

import fastsmote
import fastsmote.dask
from fastsmote._blocks.samplers import BLOCK_SAMPLERS
from fastsmote.streaming import StreamingSweep

ENDS = st.lists(st.integers(0, 90), max_size=12)
LABELS = st.sampled_from(
    [(0, 1), (True, False), ("no", "yes"), (-1, 1), (1.0, 0.0), (3, 2**40), ("a", "b", "c")]
)


@pytest.fixture(autouse=True)
def on_this_thread():
    with dask.config.set(scheduler="sync"):
        yield


def test_these_are_all():
    assert set(FUNCTIONS) == set(fastsmote.dask.__all__) - set(BLOCK_SAMPLERS) - {
        "equal_rows",
        "leakage_report",
        "plan",
        "select",
    }


def positive(name, labels):
    return {} if name == "roc_auc_score" else {"pos_label": labels[-1]}


@pytest.mark.parametrize("name", SCORED)
@given(
    n=st.integers(1, 90),
    ends=ENDS,
    dtype=st.sampled_from([np.float32, np.float64, np.float16]),
    labels=LABELS,
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([0.0, 0.05, 0.5, 1.0]),
    ties=st.booleans(),
    weighted=st.sampled_from([None, "floats", "integers", "none weighs"]),
)
@settings(max_examples=25, deadline=None)
def test_any_partitions(name, n, ends, dtype, labels, seed, share, ties, weighted):
    if name in AREAS:
        labels = labels[:2]
    y, scores, weights = rows(n, seed, dtype, labels, share, ties)
    weights = {
        None: None, "floats": weights, "integers": (9 * weights).astype(np.int32), "none weighs": 0 * weights,
    }[weighted]  # fmt: skip
    assert agree(name, ends, y, scores, weights, **positive(name, labels))


@pytest.mark.parametrize("name", [*SWEPT, *AREAS])
@given(
    n=st.integers(2, 60),
    ends=ENDS,
    dtype=st.sampled_from([np.int8, np.uint8, np.int64, np.uint64, bool, ">f8", ">f4"]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=15, deadline=None)
def test_scores_of_any_dtype(name, n, ends, dtype, seed):
    y, scores, _ = rows(n, seed, np.dtype(dtype))
    assert agree(name, ends, y, scores)


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("weighted", [False, True])
def test_a_row_in_each_partition(name, weighted):
    y, scores, weights = rows(40, 3)
    assert agree(name, range(40), y, scores, weights if weighted else None)


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("weighted", [False, True])
def test_a_class_in_one_partition_only(name, weighted):
    y, scores, weights = rows(90, 4)
    order = np.argsort(y, kind="stable")
    y, scores, weights = y[order], scores[order], weights[order]
    n_neg = int((y == 0).sum())
    assert agree(name, [0, 7, n_neg, n_neg], y, scores, weights if weighted else None)


@pytest.mark.parametrize("name", SWEPT[1:])
@pytest.mark.parametrize("drop", [False, True])
def test_points_that_are_dropped(name, drop):
    for seed in range(20):
        y, scores, _ = rows(60, seed, ties=seed % 2 == 0)
        assert agree(name, [20, 21, 40], y, scores, drop_intermediate=drop)


@pytest.mark.parametrize("name", [*SWEPT, *AREAS])
def test_zeros_with_and_without_a_sign_tie(name):
    y, scores = np.array([0, 1, 0, 1, 1, 0]), np.array([0.0, -0.0, -0.0, 0.0, -1.0, 1.0])
    assert agree(name, range(6), y, scores)


@pytest.mark.parametrize("name", ["calibration_curve", "expected_calibration_error", "brier_decomposition"])
def test_bins(name):
    y, scores, weights = rows(200, 5, ties=False)
    assert agree(name, [3, 80], y, scores, n_bins=7)
    assert agree(name, [3, 80], y, scores, weights, n_bins=1)


def test_options_of_calibration():
    y, scores, _ = rows(200, 5)
    assert agree("expected_calibration_error", [80], y, scores, debiased=True)
    assert agree("calibration_curve", [80], y, scores, confidence_level=0.5)


@given(
    n=st.integers(1, 80),
    ends=ENDS,
    labels=LABELS,
    seed=st.integers(0, 2**32 - 1),
    scheme=st.sampled_from(["balanced", "effective", {}]),
    weighted=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_class_weights(n, ends, labels, seed, scheme, weighted):
    y, _, weights = rows(n, seed, labels=labels)
    given, whole = {"scheme": scheme}, {"scheme": scheme}
    parts = partitioned(ends, y, weights)
    if weighted:
        given["sample_weight"], whole["sample_weight"] = parts[1], weights
    actual = outcome(fastsmote.dask.class_weights, parts[0], **given)
    assert actual == outcome(fastsmote.class_weights, y, **whole)


def probabilities(n, k, seed, dtype=np.float64):
    rng = np.random.default_rng(seed)
    if k is None:
        return rng.random(n).astype(dtype) ** 2
    p = rng.dirichlet(np.ones(k), n)
    return p.astype(dtype)


@given(
    n=st.integers(1, 90),
    ends=ENDS,
    k=st.sampled_from([None, 2, 3]),
    dtype=st.sampled_from([np.float32, np.float64]),
    cell=st.sampled_from([1, 2, 4, 32]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_prior_of_any_partitions(n, ends, k, dtype, cell, seed):
    """Cells of few rows here: in all places that a partition may end in."""
    p = probabilities(n, k, seed, dtype)
    train = 0.4 if k is None else np.full(k, 1 / k)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fastsmote._probability.prior_search.ROWS", 4 * cell)
        patch.setattr("fastsmote._blocks.probabilities.ROWS", 4 * cell)
        (parts,) = partitioned(ends, p)
        actual = outcome(fastsmote.dask.estimate_prior, parts, train)
        assert actual == outcome(fastsmote.estimate_prior, p, train)


@pytest.mark.parametrize("k", [None, 3])
def test_prior_of_many_rows(k):
    p = probabilities(300_001, k, 1)
    train = 0.2 if k is None else {"x": 0.2, "y": 0.5, "z": 0.3}
    (parts,) = partitioned([100, 131_072, 131_072, 200_000, 262_143], p)
    assert bits(fastsmote.dask.estimate_prior(parts, train)) == bits(fastsmote.estimate_prior(p, train))


def test_prior_of_columns():
    p = pd.DataFrame(probabilities(50, 3, 2), columns=["z", "x", "y"])
    train = {"x": 0.2, "y": 0.5, "z": 0.3}
    parts = frame_of([9, 30], **p)
    actual = fastsmote.dask.estimate_prior(["z", "x", "y"], train, frame=parts)
    assert bits(actual) == bits(fastsmote.estimate_prior(p, train))
    actual = fastsmote.dask.estimate_prior("x", 0.3, frame=parts)
    assert bits(actual) == bits(fastsmote.estimate_prior(p["x"], 0.3))


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("weighted", [False, True])
def test_columns_of_a_frame(name, weighted):
    y, scores, weights = rows(60, 6, labels=("no", "yes"))
    frame = frame_of([0, 10, 10, 45], weight=weights, label=y, other=y, score=scores)
    options = positive(name, ("no", "yes"))
    given = {"sample_weight": "weight"} if weighted else {}
    whole = {"sample_weight": weights} if weighted else {}
    actual = outcome(getattr(fastsmote.dask, name), "label", "score", frame=frame, **given, **options)
    assert actual == outcome(getattr(fastsmote, name), y, scores, **whole, **options)


def test_streams():
    y, scores, weights = rows(300, 7, ties=False)
    parts = partitioned([10, 10, 150], y, scores, weights)
    for weighted in (False, True):
        own = {"sample_weight": parts[2]} if weighted else {}
        sweep = StreamingSweep().update(y, scores, weights if weighted else None)
        assert fastsmote.dask.streaming_sweep(*parts[:2], **own).to_bytes() == sweep.to_bytes()
        stream = fastsmote.StreamingCalibration(n_bins=4).update(y, scores, weights if weighted else None)
        actual = fastsmote.dask.streaming_calibration(*parts[:2], n_bins=4, **own)
        assert actual.to_bytes() == stream.to_bytes()
    more = fastsmote.dask.streaming_sweep(*parts[:2]).update(y, scores)
    assert more.to_bytes() == StreamingSweep().update(y, scores).update(y, scores).to_bytes()


def test_on_threads():
    y, scores, weights = rows(2000, 8)
    with dask.config.set(scheduler="threads"):
        for name in ("confusion_sweep", "roc_auc_score", "average_precision_score", "log_loss"):
            assert agree(name, range(0, 2000, 250), y, scores)
        assert agree("roc_curve", range(0, 2000, 250), y, scores, weights)


@pytest.mark.slow
def test_on_processes():
    y, scores, _ = rows(2000, 8)
    with dask.config.set(scheduler="processes"):
        for name in ("confusion_sweep", "roc_auc_score", "brier_score"):
            assert agree(name, range(0, 2000, 500), y, scores)


def test_each_partition_is_computed_once():
    calls = []

    def look(block):
        calls.append(len(block))
        return block

    y, scores, _ = rows(90, 9)
    parts = [
        part.map_blocks(look, dtype=part.dtype, meta=part._meta) for part in partitioned([30, 60], y, scores)
    ]
    fastsmote.dask.roc_auc_score(*parts)
    assert sorted(calls) == [30] * 6
    calls.clear()
    fastsmote.dask.estimate_prior(parts[1], 0.5)
    assert calls == [30] * 3


def test_columns_of_one_array_are_computed_together():
    calls = []

    def look(block):
        calls.append(len(block))
        return block

    y, scores, _ = rows(90, 9)
    both = da.from_array(np.column_stack([y, scores]), (30, 2)).map_blocks(
        look, dtype=float, meta=np.empty((0, 2))
    )
    actual = fastsmote.dask.roc_auc_score(both[:, 0], both[:, 1])
    assert actual == fastsmote.roc_auc_score(y, scores)
    assert calls == [30] * 3


def test_chunks_of_unknown_sizes():
    y, scores, _ = rows(100, 10)
    lazy_y, lazy_scores = partitioned([40, 70], y, scores)
    kept = lazy_scores > 0.3
    actual = fastsmote.dask.roc_auc_score(lazy_y[kept], lazy_scores[kept])
    assert actual == fastsmote.roc_auc_score(y[scores > 0.3], scores[scores > 0.3])
    p = fastsmote.dask.estimate_prior(lazy_scores[kept], 0.5)
    assert bits(p) == bits(fastsmote.estimate_prior(scores[scores > 0.3], 0.5))


def test_chunks_that_differ_are_cut_anew():
    y, scores, _ = rows(100, 11)
    actual = fastsmote.dask.roc_auc_score(da.from_array(y, 30), da.from_array(scores, 17))
    assert actual == fastsmote.roc_auc_score(y, scores)


@pytest.mark.slow
def test_many_partitions():
    y, scores, _ = rows(20_000, 12, ties=False)
    assert agree("roc_auc_score", range(0, 20_000, 2), y, scores)
    assert agree("confusion_sweep", range(0, 20_000, 20), y, scores)


Y, SCORES, WEIGHTS = rows(90, 13)
LAZY = partitioned([30, 60], Y, SCORES, WEIGHTS)
FRAME = frame_of([30, 60], y=Y, score=SCORES)


@pytest.mark.parametrize(
    ("args", "options", "error", "words"),
    [
        ((Y, LAZY[1]), {}, TypeError, r"y_true must be a dask array, .*; call fastsmote\.confusion_sweep"),
        ((LAZY[0], SCORES), {}, TypeError, "y_score must be a dask array"),
        ((FRAME["y"], FRAME["score"]), {}, TypeError, r'"y_true", "y_score", frame=frame\)\.$'),
        ((pl.LazyFrame({"y": [1]}), LAZY[1]), {}, TypeError, r"; call fastsmote\.files\.confusion_sweep\("),
        (("y", LAZY[1]), {"frame": FRAME}, ValueError, r"y_score must be one of .* \['y', 'score'\]"),
        (("y", "scores"), {"frame": FRAME}, ValueError, "Got 'scores'"),
        (("y", "score"), {"frame": FRAME.compute()}, TypeError, "frame must be a dask DataFrame"),
        ((LAZY[0], LAZY[1][:50]), {}, ValueError, "y_true has 90 and y_score 50"),
        ((LAZY[0], LAZY[1][:, None]), {}, ValueError, r"y_score must have 1 dimension\(s\)\. Got 2"),
        ((LAZY[0][LAZY[0] > 0], LAZY[1].rechunk(50)), {}, ValueError, r"compute_chunk_sizes\(\)"),
        ((LAZY[0] + 1, LAZY[1]), {}, ValueError, "pos_label is not specified"),
        ((LAZY[0], LAZY[1]), {"pos_label": 7}, ValueError, "pos_label=7 is not a valid label"),
        ((da.from_array(np.arange(90) % 3, 30), LAZY[1]), {}, ValueError, "y_true must have two classes"),
        ((LAZY[0], da.where(LAZY[1] > 0.9, np.nan, LAZY[1])), {}, ValueError, r"NaN \(row .*in partition"),
        ((LAZY[0], LAZY[1]), {"sample_weight": -LAZY[2]}, ValueError, "sample_weight must not be negative"),
        ((LAZY[0][:0], LAZY[1][:0]), {}, ValueError, "y_true must have a minimum of 1 sample"),
        ((LAZY[0][LAZY[0] > 5], LAZY[1]), {}, ValueError, "minimum of 1 sample"),
        ((LAZY[0][da.from_array(np.arange(90) > 30, 30)], LAZY[1]), {}, ValueError, "inconsistent numbers"),
        ((LAZY[0][LAZY[0] > 0], LAZY[1][LAZY[1] > 0.4]), {}, ValueError, "inconsistent numbers of samples"),
    ],
)  # fmt: skip
def test_refused(args, options, error, words):
    with pytest.raises(error, match=words):
        fastsmote.dask.confusion_sweep(*args, **options)


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("least", [-1, 0, 1])
def test_more_classes_than_two(name, least):
    """Whatever is refused in memory is refused, with the name of the positive one and without."""
    y = np.arange(90) % 3 + least
    agree(name, [30, 60], y, SCORES)
    if name != "roc_auc_score":
        for label in (1, 2, 7):
            agree(name, [30, 60], y, SCORES, pos_label=label)


@pytest.mark.parametrize("name", AREAS)
def test_areas_of_more_classes_have_a_way_out(name):
    many = da.from_array(np.arange(90) % 3, 30)
    words = (
        rf"two classes in data that are not in memory\. Got 3 labels; pass whether .* fastsmote\.{name}\.$"
    )
    with pytest.raises(ValueError, match=words):
        getattr(fastsmote.dask, name)(many, LAZY[1])
    assert agree(name, [30, 60], np.arange(90) % 3 == 1, SCORES)


def test_other_refusals():
    huge = da.from_array(np.arange(90) + 2**60, 30)
    with pytest.raises(ValueError, match=r"integers from -2\*\*53 to 2\*\*53"):
        fastsmote.dask.roc_auc_score(LAZY[0], huge)
    with pytest.raises(ValueError, match=r"probabilities in .*in partition 1"):
        fastsmote.dask.brier_score(LAZY[0], LAZY[1] + da.from_array(np.arange(90) == 40, 30))
    with pytest.raises(ValueError, match=r"p must hold probabilities .*in partition 1\."):
        fastsmote.dask.estimate_prior(LAZY[1] - 2 * da.from_array(np.arange(90) == 40, 30), 0.5)
    with pytest.raises(ValueError, match="minimum of 1 sample"):
        fastsmote.dask.estimate_prior(LAZY[1][:0], 0.5)
    with pytest.raises(ValueError, match="train_prior"):
        fastsmote.dask.estimate_prior(LAZY[1], 1.5)
    with pytest.raises(TypeError, match="n_bins must be an integer"):
        fastsmote.dask.calibration_curve(*LAZY[:2], n_bins="3")
    with pytest.raises(ValueError, match=r"y must have at least one|minimum of 1 sample"):
        fastsmote.dask.class_weights(LAZY[0][:0])
