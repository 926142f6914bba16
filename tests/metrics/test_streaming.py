"""Streams of scores: against the definition, against the sweep in memory, and by laws."""

import base64
import copy
import itertools
import pickle
import zlib
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.metrics import streaming as reference
from sklearn import metrics as sklearn_metrics

from fastsmote._metrics import stream as stream_module
from fastsmote._metrics.stream import StreamingSweep
from fastsmote.metrics import (
    Sweep,
    UndefinedMetricWarning,
    average_precision_score,
    confusion_sweep,
    roc_auc_score,
)
from fastsmote.streaming import PositiveRanking, RefinedSweep

ONE_CLASS = "ignore::fastsmote.metrics.UndefinedMetricWarning"


def make_scores(kind, n, rng):
    return {
        "continuous": lambda: rng.random(n),
        "both signs": lambda: rng.normal(size=n),
        "one bin": lambda: 0.5 + 1e-6 * rng.random(n),
        "few bins": lambda: rng.integers(1, 4, n) + 1e-5 * rng.integers(0, 4, n),
        "ties": lambda: rng.integers(-3, 4, n) / 4,
        "0 and 1": lambda: rng.integers(0, 2, n).astype(float),
        "constant": lambda: np.full(n, 0.25),
        "float32": lambda: rng.normal(size=n).astype(np.float32),
        "float16": lambda: rng.normal(size=n).astype(np.float16),
        "int64": lambda: rng.integers(-(2**53), 2**53, n, endpoint=True),
        "uint64": lambda: rng.integers(0, 2**53, n, dtype=np.uint64, endpoint=True),
        "int8": lambda: rng.integers(-128, 128, n).astype(np.int8),
        "bool": lambda: rng.random(n) < 0.5,
        "zeros of both signs": lambda: rng.choice([-0.0, 0.0, 1.0, -1.0], n),
        "subnormal": lambda: rng.integers(-9, 9, n) * 5e-324,
        "wide": lambda: rng.choice([-1.0, 1.0], n) * 10.0 ** rng.integers(-300, 300, n),
        "largest": lambda: rng.choice([-1.0, 1.0], n) * np.finfo(float).max * rng.choice([1.0, 0.5], n),
        "powers of two": lambda: rng.choice([-1.0, 1.0], n) * 2.0 ** rng.integers(-3, 3, n),
        "edges": lambda: np.nextafter(rng.integers(1, 5, n) / 1024, rng.choice([-1.0, 1.0], n)),
    }[kind]()


KINDS = [
    "continuous",
    "both signs",
    "one bin",
    "few bins",
    "ties",
    "0 and 1",
    "constant",
    "float32",
    "float16",
    "int64",
    "uint64",
    "int8",
    "bool",
    "zeros of both signs",
    "subnormal",
    "wide",
    "largest",
    "powers of two",
    "edges",
]
WEIGHTS = {
    "none": lambda n, _: None,
    "whole": lambda n, rng: rng.integers(0, 4, n),
    "random": lambda n, rng: rng.random(n),
    "spread": lambda n, rng: rng.random(n) * 10.0 ** rng.integers(-70, 70, n),
    "alike": lambda n, _: np.full(n, 0.1),
}


def make(kind, weighting, n, seed=0):
    rng = np.random.default_rng(seed)
    scores = make_scores(kind, n, rng)
    y = (rng.random(n) < 0.4).astype(int)
    y[: min(n, 2)] = [0, 1][: min(n, 2)]
    weights = WEIGHTS[weighting](n, rng)
    if weights is not None:
        weights[:2] = 1
    return y, scores, weights


def as_lists(y, scores, weights):
    return y.tolist(), scores.astype(np.float64).tolist(), None if weights is None else weights.tolist()


def chunks(rows, n_chunks):
    parts = [
        itertools.repeat(None) if column is None else np.array_split(column, n_chunks) for column in rows
    ]
    return list(itertools.islice(zip(*parts, strict=False), n_chunks))


def stream_of(rows, n_chunks=1, **options):
    stream = StreamingSweep(**options)
    for chunk in chunks(rows, n_chunks):
        assert stream.update(*chunk) is stream
    return stream


def refined(stream, rows, n_chunks=1):
    second = stream.refine()
    for chunk in chunks(rows, n_chunks):
        assert second.update(*chunk) is second
    return second


def same(a, b):
    """Whether two sweeps have the same bits."""
    return all(
        x.dtype == y.dtype and x.tobytes() == y.tobytes() for x, y in zip(tuple(a), tuple(b), strict=True)
    )


def contains(bounds, exact):
    low, high = bounds
    return Fraction(low) <= exact <= Fraction(high)


def assert_counts(sweep, expected, weighted):
    kind = np.float64 if weighted else np.int64
    assert all(count.dtype == kind for count in tuple(sweep)[:4])
    assert sweep.thresholds.dtype == np.float64
    assert sweep.thresholds.tolist() == [row[0] for row in expected]
    for actual, exact in zip(tuple(sweep)[:4], list(zip(*expected, strict=True))[1:], strict=True):
        assert actual.tolist() == [f.numerator / f.denominator for f in exact]  # correctly rounded


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weighting", WEIGHTS)
@pytest.mark.one_in(5)
def test_counts_by_definition(kind, weighting):
    rows = make(kind, weighting, 40)
    stream = stream_of(rows, 3)
    assert isinstance(stream.compute(), Sweep)
    assert_counts(stream.compute(), reference.binned(*as_lists(*rows)), weighting != "none")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weighting", WEIGHTS)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.one_in(5)
def test_bounds_contain_the_exact_scores(kind, weighting, seed):
    rows = make(kind, weighting, 24, seed)
    stream, lists = stream_of(rows), as_lists(*rows)
    assert contains(stream.roc_auc_bounds(), reference.roc_auc(*lists))
    assert contains(stream.average_precision_bounds(), reference.average_precision(*lists))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weighting", WEIGHTS)
@pytest.mark.one_in(5)
def test_second_pass_is_exact(kind, weighting):
    rows = make(kind, weighting, 30)
    lists = as_lists(*rows)
    second = refined(stream_of(rows, 4), rows, 3)
    exact = reference.roc_auc(*lists)
    low, high = second.roc_auc_bounds()
    assert contains((low, high), exact)
    assert high <= np.nextafter(low, 2)
    low, high = second.average_precision_bounds()
    assert contains((low, high), reference.average_precision(*lists))
    assert high - low <= 40 * 2.0**-53


@pytest.mark.parametrize("weighting", ["none", "spread"])
def test_second_pass_counts_are_of_the_sweep_in_memory(weighting):
    rows = make("few bins", weighting, 300)
    sweep = refined(stream_of(rows), rows).compute()
    expected = confusion_sweep(rows[0], rows[1], sample_weight=rows[2])
    at = np.searchsorted(-expected.thresholds, -sweep.thresholds, side="right") - 1
    for actual, exact in zip(tuple(sweep)[:4], tuple(expected)[:4], strict=True):
        np.testing.assert_allclose(actual, exact[at], rtol=1e-12, atol=1e-12 * max(exact))
    assert len(sweep.thresholds) > 3 * len(stream_of(rows).compute().thresholds) > 0


GROUPS = [
    [(1, 1)],
    [(0, 3)],
    [(1, 0), (0, 3)],
    [(2, 2)],
    [(1, 2), (2, 1)],
    [(0, 2), (1, 2), (1, 0)],
    [(2, 0), (1, 3)],
    [(1, 3), (0, 1)],
]


@pytest.mark.parametrize("groups", GROUPS)
def test_bounds_are_those_of_the_best_and_the_worst_order(groups):
    y = [label for neg, pos in groups for label in [0] * neg + [1] * pos]
    scores = [2.0**-i for i, (neg, pos) in enumerate(groups) for _ in range(neg + pos)]
    stream = StreamingSweep().update(y, scores)
    least, most = reference.extremes(groups, reference.average_precision)
    low, high = stream.average_precision_bounds()
    assert low <= least <= most <= high
    assert float(most) == pytest.approx(high, abs=1e-14)
    assert float(least) == pytest.approx(low, abs=1e-14)  # up to 8 positives are told one by one
    if sum(neg for neg, _ in groups):
        least, most = reference.extremes(groups, reference.roc_auc)
        low, high = stream.roc_auc_bounds()
        assert (float(least), float(most)) == pytest.approx((low, high), abs=1e-15)


@pytest.mark.parametrize("neg", [0, 10, 1000, 100_000])
def test_many_positives_in_a_bin_are_bounded_closely(neg):
    """Below by the worst order: negatives first, then positives one by one."""
    pos = 5000
    y = np.repeat([0, 1], [neg, pos])
    low, _ = StreamingSweep().update(y, np.full(neg + pos, 0.5)).average_precision_bounds()
    worst = np.mean(np.arange(1, pos + 1) / (np.arange(1, pos + 1) + neg))
    assert worst * (1 - 1e-12) - 0.01 <= low <= worst * (1 + 1e-12)


def test_bounds_are_narrow_on_smooth_scores():
    rng = np.random.default_rng(0)
    y = rng.random(200_000) < 0.01
    scores = np.where(y, rng.beta(5, 2, len(y)), rng.beta(2, 6, len(y)))
    stream = StreamingSweep().update(y, scores)
    for bounds, exact in [
        (stream.roc_auc_bounds(), sklearn_metrics.roc_auc_score(y, scores)),
        (stream.average_precision_bounds(), sklearn_metrics.average_precision_score(y, scores)),
    ]:
        assert bounds[0] <= exact <= bounds[1]
        assert bounds[1] - bounds[0] < 0.01
    second = stream.refine().update(y, scores)
    assert second.roc_auc_bounds() == pytest.approx(
        (sklearn_metrics.roc_auc_score(y, scores),) * 2, rel=1e-12
    )
    expected = sklearn_metrics.average_precision_score(y, scores)
    assert second.average_precision_bounds() == pytest.approx((expected,) * 2, rel=1e-12)


def lists_of_rows(weighted):
    score = st.one_of(
        st.sampled_from([0.0, -0.0, 1.0, 0.5, 0.50001, -0.5]),
        st.floats(allow_nan=False, allow_infinity=False),
    )
    weight = st.one_of(st.just(0.0), st.floats(1e-75, 1e75), st.sampled_from([1.0, 0.1, 3.0]))
    return st.lists(st.tuples(st.integers(0, 1), score, weight if weighted else st.just(1.0)), max_size=12)


def columns(rows, weighted):
    y, scores, weights = np.array(rows, np.float64).reshape(-1, 3).T
    return y.astype(int), scores, weights if weighted else None


@settings(max_examples=60)
@given(data=st.data(), weighted=st.booleans())
def test_merge_laws(data, weighted):
    a, b, c = (columns(data.draw(lists_of_rows(weighted)), weighted) for _ in range(3))
    streams = [stream_of(rows) for rows in (a, b, c)]
    before = [stream.to_bytes() for stream in streams]

    def merged(*parts):
        total = copy.deepcopy(parts[0])
        for part in parts[1:]:
            assert total.merge(part) is total
        return total.to_bytes()

    a, b, c = streams
    assert merged(a, b) == merged(b, a)
    assert merged(copy.deepcopy(a).merge(b), c) == merged(a, copy.deepcopy(b).merge(c))
    for stream, state in zip(streams, before, strict=True):
        assert merged(stream, StreamingSweep()) == merged(StreamingSweep(), stream) == state
        assert stream.to_bytes() == state


@settings(max_examples=60)
@given(data=st.data(), weighted=st.booleans(), n_chunks=st.integers(1, 5))
@pytest.mark.filterwarnings(ONE_CLASS)
def test_chunks_order_and_merging_do_not_show(data, weighted, n_chunks):
    rows = data.draw(lists_of_rows(weighted).filter(len))
    whole = stream_of(columns(rows, weighted))
    mixed = columns(data.draw(st.permutations(rows)), weighted)
    other = StreamingSweep()
    for chunk in chunks(mixed, n_chunks):
        other.merge(StreamingSweep().update(*chunk))
    assert whole.to_bytes() == other.to_bytes()
    assert same(whole.compute(), other.compute())
    np.testing.assert_equal(whole.roc_auc_bounds(), other.roc_auc_bounds())
    np.testing.assert_equal(whole.average_precision_bounds(), other.average_precision_bounds())


@settings(max_examples=100)
@given(data=st.data(), weighted=st.booleans())
def test_bounds_by_hypothesis(data, weighted):
    rows = data.draw(lists_of_rows(weighted))
    rows += [(1, data.draw(st.floats(0, 1)), 1.0), (0, data.draw(st.floats(0, 1)), 1.0)]
    arrays = columns(rows, weighted)
    stream, lists = stream_of(arrays), as_lists(*arrays)
    second = refined(stream, arrays, 2)
    exact = reference.roc_auc(*lists), reference.average_precision(*lists)
    for result in (stream, second):
        assert contains(result.roc_auc_bounds(), exact[0])
        assert contains(result.average_precision_bounds(), exact[1])
    assert second.roc_auc_bounds()[1] <= np.nextafter(second.roc_auc_bounds()[0], 2)


@pytest.mark.parametrize("weighting", WEIGHTS)
def test_sliding_window(weighting):
    rows = make("few bins", weighting, 400)
    parts = chunks(rows, 20)
    window = StreamingSweep()
    for i, part in enumerate(parts):
        window.update(*part)
        if i >= 5:
            assert window.revert(*parts[i - 5]) is window
        expected = StreamingSweep()
        for other in parts[max(0, i - 4) : i + 1]:
            expected.update(*other)
        assert window.to_bytes() == expected.to_bytes()
        assert same(window.compute(), expected.compute())


@pytest.mark.parametrize(
    ("rows", "removed"),
    [
        (([0, 1], [0.5, 0.5]), ([1, 1], [0.5, 0.5])),
        (([0, 1], [0.5, 0.5]), ([0], [0.25])),
        (([0, 1], [0.5, 0.5]), ([0], [0.75])),
        (([0, 1], [0.5, 0.5], [0.1, 0.3]), ([0], [0.5], [0.2])),
        (([0, 1], [0.5, 0.5], [1e-60, 1.0]), ([0], [0.5], [2.0])),
        (([0, 1], [0.5, 0.5]), ([0], [0.5], [1.0 + 2.0**-52])),
    ],
)
def test_revert_of_rows_that_were_not_counted(rows, removed):
    stream = StreamingSweep().update(*rows)
    before = stream.to_bytes()
    with pytest.raises(ValueError, match="revert takes out rows that update has counted"):
        stream.revert(*removed)
    assert stream.to_bytes() == before


def test_merge_with_itself_and_with_threads():
    rows = make("continuous", "random", 20_000)
    parts = chunks(rows, 8)
    with ThreadPoolExecutor(4) as pool:
        streams = list(pool.map(lambda part: StreamingSweep().update(*part), parts))
    total = StreamingSweep()
    for stream in streams:
        total.merge(stream)
    assert total.to_bytes() == stream_of(rows).to_bytes()
    twice = stream_of(rows).update(*rows).to_bytes()
    assert total.merge(total).to_bytes() == twice


@pytest.mark.parametrize("n_threads", ["1", "2", "5"])
def test_number_of_threads_does_not_show(monkeypatch, n_threads):
    rows = make("both signs", "random", 400_000)
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", "3")
    expected = stream_of(rows)
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", n_threads)
    assert stream_of(rows, 7).to_bytes() == expected.to_bytes()


@pytest.mark.parametrize("weighted_before", [False, True])
@pytest.mark.parametrize("seen", [0, 30_000])
def test_blocks_side_by_side_are_one(monkeypatch, seen, weighted_before):
    """Blocks find pages missing, at their first row, in their midst, in all or in the last only."""
    rng = np.random.default_rng(5)
    scores = 0.5 + rng.random(500_000) / 4
    scores[[70_000, 100_000, 140_000, 140_001, 499_999]] = [1.5, 3.0, 3.1, -0.6, 0.51]
    labels = rng.integers(0, 2, len(scores))
    streams = []
    for block in (1 << 16, 1 << 30):
        monkeypatch.setattr(stream_module, "_BLOCK", block)
        stream = StreamingSweep()
        stream.update(labels[:seen], scores[:seen], np.full(seen, 2.0**-40) if weighted_before else None)
        streams.append(stream.update(labels, scores).to_bytes())
    assert streams[0] == streams[1]


def test_sums_carry(monkeypatch):
    """As after more weighted rows than fit: carried often, nothing changes."""
    rows = make("few bins", "spread", 100)
    expected = stream_of(rows)
    monkeypatch.setattr(stream_module, "_CARRY_EVERY", 7)
    assert stream_of(rows, 3).to_bytes() == expected.to_bytes()
    total = StreamingSweep()
    for part in chunks(rows, 5):
        total.merge(StreamingSweep().update(*part))
    assert total.to_bytes() == expected.to_bytes()
    assert same(total.compute(), expected.compute())


def test_a_billion_rows_in_sums():
    """Merged with itself 27 times: sums far above 2**32 in a layer stay exact."""
    rows = (np.array([0, 1, 1]), np.array([0.5, 0.5, 0.75]), np.array([0.1, 0.7, 1e-9]))
    stream = stream_of(rows)
    counted = StreamingSweep().update(rows[0], rows[1])
    for _ in range(60):
        stream.merge(stream)
        counted.merge(counted)
    exact = [Fraction(w) * 2**60 for w in rows[2].tolist()]
    sweep = stream.compute()
    assert sweep.fps.tolist() == [0.0, float(exact[0])]
    assert sweep.tps.tolist() == [float(exact[2]), float(exact[1] + exact[2])]
    assert counted.compute().tps.tolist() == [2**60, 2**61]
    assert contains(stream.roc_auc_bounds(), reference.roc_auc(*as_lists(*rows)))
    assert contains(counted.roc_auc_bounds(), Fraction(3, 4))
    assert contains(counted.average_precision_bounds(), Fraction(5, 6))


def test_memory_does_not_grow():
    rng = np.random.default_rng(0)
    stream = StreamingSweep()
    sizes = set()
    for _ in range(30):
        scores = rng.random(2000) + 2.0**-10
        stream.update(rng.integers(0, 2, 2000), scores, rng.integers(1, 100, 2000))
        sizes.add(stream._directory.nbytes + stream._sums.table.nbytes)
    assert max(sizes) <= 2 * min(sizes)
    assert max(sizes) < 600_000


STORED = (
    "RlNTV0VFUAABAAEA/v///wMAAAAEAAAABwAAACJmcmF1ZCL/BRAApJYfAP//HwAA/i8AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAJqZmQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJmZmRkA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAMAAAAA"
    "AAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAvvN+Ew=="
)


def stored_stream():
    return (
        StreamingSweep(pos_label="fraud")
        .update(["fraud", "fine", "fine"], [0.75, 0.75, -1.5])
        .update(["fraud", "fine"], [1e-300, 0.0], [0.1, 3.0])
    )


def test_version_1_stays_readable():
    stream = StreamingSweep.from_bytes(base64.b64decode(STORED))
    expected = [
        (0.75, 4, 1, Fraction(0.1), 1),
        (reference.lower_edge(1e-300), 4, 1, 0, 1 + Fraction(0.1)),
        (0.0, 1, 4, 0, 1 + Fraction(0.1)),
        (reference.lower_edge(-1.5), 0, 5, 0, 1 + Fraction(0.1)),
    ]
    assert_counts(stream.compute(), [(t, *map(Fraction, row)) for t, *row in expected], True)
    assert stream.to_bytes() == stored_stream().to_bytes()
    assert stream.update(["fraud"], [0.75]).compute().tps[0] == 2


@pytest.mark.parametrize(
    ("kind", "weighting", "pos_label"),
    [
        ("continuous", "none", None),
        ("both signs", "spread", 1),
        ("subnormal", "random", True),
        ("wide", "whole", 1.0),
        ("largest", "alike", np.int64(1)),
        ("constant", "spread", None),
    ],
)
def test_bytes_and_pickle(kind, weighting, pos_label):
    rows = make(kind, weighting, 50)
    stream = stream_of(rows, pos_label=pos_label)
    other = make(kind, "random", 20, 5)
    for again in (
        StreamingSweep.from_bytes(stream.to_bytes()),
        pickle.loads(pickle.dumps(stream)),
        copy.deepcopy(stream),
    ):
        assert again.to_bytes() == stream.to_bytes()
        assert same(again.compute(), stream.compute())
        again.update(*other).revert(*other).merge(stream)
        np.testing.assert_array_equal(again.compute().tps, 2 * stream.compute().tps)


def test_bytes_hold_only_the_digits_in_use():
    large = StreamingSweep().update([0, 1], [0.5, 0.25], [2.0**40, 2.0**41])
    again = StreamingSweep.from_bytes(large.to_bytes())
    assert again.compute().tns.tolist() == large.compute().tns.tolist() == [0.0, 0.0]
    assert again.compute().tps.tolist() == [0.0, 2.0**41]
    small = copy.deepcopy(large).update([1], [0.25], [1e-60])
    assert small.to_bytes() != large.to_bytes()
    assert small.revert([1], [0.25], [1e-60]).to_bytes() == large.to_bytes()


def test_empty():
    stream = StreamingSweep()
    assert StreamingSweep.from_bytes(stream.to_bytes()).to_bytes() == stream.to_bytes()
    assert stream.update([], []).to_bytes() == StreamingSweep().to_bytes()
    assert (
        stream.update(pd.Series([], dtype=int), pl.Series([], dtype=pl.Float64), []).compute().fps.size == 0
    )
    sweep = stream.compute()
    assert [len(part) for part in tuple(sweep)] == [0] * 5
    assert sweep.tps.dtype == np.int64
    second = stream.refine().update([], [])
    for result in (stream, second):
        with pytest.warns(UndefinedMetricWarning, match="Only one class"):
            assert np.isnan(result.roc_auc_bounds()).all()
        with pytest.warns(UndefinedMetricWarning, match="No positive class"):
            assert result.average_precision_bounds() == (0.0, 0.0)


@pytest.mark.parametrize(("label", "bounds"), [(1, 1.0), (0, 0.0)])
@pytest.mark.filterwarnings(ONE_CLASS)
def test_one_class(label, bounds):
    stream = StreamingSweep().update([label] * 3, [0.1, 0.2, 0.2])
    assert np.isnan(stream.roc_auc_bounds()).all()
    low, high = stream.average_precision_bounds()
    assert low <= bounds <= high
    assert high - low < 1e-14
    weightless = StreamingSweep().update([0, 1], [0.3, 0.4], [0, 0])
    assert len(weightless.compute().tps) == 0


def test_weights_of_one_are_rows():
    y, scores, _ = make("both signs", "none", 500)
    counted, weighed = stream_of((y, scores, None)), stream_of((y, scores, np.ones(500)))
    for a, b in zip(tuple(counted.compute()), tuple(weighed.compute()), strict=True):
        assert a.tolist() == b.tolist()
    assert weighed.compute().tps.dtype == np.float64
    assert weighed.roc_auc_bounds() == counted.roc_auc_bounds()
    mixed = stream_of((y[:200], scores[:200], None)).update(y[200:], scores[200:], np.ones(300))
    assert mixed.to_bytes() == weighed.to_bytes()


@pytest.mark.parametrize(
    "wrap",
    [list, tuple, pd.Series, pl.Series, lambda a: a[::-1][::-1], lambda a: a.reshape(-1, 1), np.copy],
    ids=["list", "tuple", "pandas", "polars", "strided", "column", "array"],
)
def test_containers(wrap):
    y, scores, weights = make("both signs", "random", 60)
    for array in (y, scores, weights):
        array.flags.writeable = False
    expected = stream_of((y, scores, weights)).to_bytes()
    assert StreamingSweep().update(wrap(y), wrap(scores), wrap(weights)).to_bytes() == expected


@pytest.mark.parametrize("labels", [("no", "yes"), (False, True), (-1, 1), (0.0, 1.0), (7, 9)])
def test_labels(labels):
    y, scores, _ = make("ties", "none", 60)
    expected = StreamingSweep().update(y, scores).compute()
    named = StreamingSweep(pos_label=labels[1])
    for part, some in zip(np.array_split(np.array(labels)[y], 30), np.array_split(scores, 30), strict=True):
        named.update(part, some)  # chunks with one class only among them
    assert same(named.compute(), expected)
    with_more = StreamingSweep(pos_label=2).update([0, 1, 2], [0.1, 0.2, 0.3])
    assert with_more.compute().tps.tolist() == [1, 1, 1]


BAD = [
    (([0, 1], [0.1]), "inconsistent numbers of samples"),
    (([0, 1], [0.1, np.nan]), "NaN"),
    (([0, 1], [0.1, np.inf]), "infinity"),
    (([0, 1], [1j, 0]), "Complex"),
    (([0, 1], ["a", "b"]), "y_score must hold"),
    (([0, 1], [0, 2**53 + 1]), "2\\*\\*53"),
    (([0, 1], [0, -(2**53) - 1]), "2\\*\\*53"),
    (([0, 1, 2], [0.1, 0.2, 0.3]), "multiclass"),
    (([0, 2], [0.1, 0.2]), "pos_label"),
    (([], [0.1]), "y_true must have a minimum of 1"),
    (([], [], [1.0]), "y_true must have a minimum of 1"),
    (([0, 1], [0.1, 0.2], [1.0]), "inconsistent numbers of samples"),
    (([0, 1], [0.1, 0.2], [1.0, -1.0]), "sample_weight must not be negative"),
    (([0, 1], [0.1, 0.2], [1.0, 1e-76]), "sample_weight must hold zeros"),
    (([0, 1], [0.1, 0.2], [1.0, 1e76]), "sample_weight must hold zeros"),
    (([0, 1], [0.1, 0.2], [1.0, np.nan]), "NaN"),
    (([0, 1], [0.1, 0.2], ["a", "b"]), "sample_weight must hold real"),
]


@pytest.mark.parametrize(("rows", "message"), BAD)
def test_errors_leave_the_stream_as_it_was(rows, message):
    stream = StreamingSweep().update([0, 1], [0.25, 0.5])
    before = stream.to_bytes()
    for method in (stream.update, stream.revert, stream.refine().update):
        with pytest.raises(ValueError, match=message):
            method(*rows)
    assert stream.to_bytes() == before


def test_wrong_merges():
    stream = StreamingSweep()
    with pytest.raises(TypeError, match=r"other must be a StreamingSweep\. Got Sweep"):
        stream.merge(stream.compute())
    with pytest.raises(ValueError, match="pos_label None and 'a'"):
        stream.merge(StreamingSweep(pos_label="a"))
    with pytest.raises(ValueError, match="pos_label must be"):
        StreamingSweep(pos_label=[1])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda b: b"", "another kind"),
        (lambda b: b"PK" + b, "another kind"),
        (lambda b: b[:-1], "damaged or cut"),
        (lambda b: b[:40] + bytes([b[40] ^ 1]) + b[41:], "damaged or cut"),
        (lambda b: b[:8] + b"\x02\0" + b[10:], "version 2"),
    ],
)
def test_damaged_bytes(damage, message):
    data = stored_stream().to_bytes()
    with pytest.raises(ValueError, match=message):
        StreamingSweep.from_bytes(damage(data))


@pytest.mark.parametrize("weighting", WEIGHTS)
def test_second_passes_merge(weighting):
    rows = make("few bins", weighting, 300)
    first = stream_of(rows)
    expected = refined(first, rows)
    parts = [first.refine().update(*chunk) for chunk in chunks(rows, 5)]
    states = [pickle.dumps(part._found) for part in parts]
    for order in ([0, 1, 2, 3, 4], [4, 2, 0, 3, 1]):
        total = first.refine()
        for i in order:
            assert total.merge(parts[i]) is total
        assert same(total.compute(), expected.compute())
        assert total.roc_auc_bounds() == expected.roc_auc_bounds()
        assert total.average_precision_bounds() == expected.average_precision_bounds()
    assert [pickle.dumps(part._found) for part in parts] == states


def test_second_pass_needs_the_rows_of_the_first():
    rows = make("few bins", "none", 100)
    first = stream_of(rows)
    half = refined(first, [column if column is None else column[:50] for column in rows])
    for second in (first.refine(), half, refined(first, rows).update([1], rows[1][:1])):
        for method in (second.compute, second.roc_auc_bounds, second.average_precision_bounds):
            with pytest.raises(ValueError, match="rows of the first, each once"):
                method()
    other = stream_of(make("few bins", "none", 100, 9))
    with pytest.raises(ValueError, match="refined from one stream"):
        first.refine().merge(other.refine())
    with pytest.raises(TypeError, match="RefinedSweep"):
        first.refine().merge(first)
    before = first.to_bytes()
    second = refined(first, rows)
    first.update(*rows)  # the second pass keeps what the first was
    assert isinstance(second, RefinedSweep)
    assert second.compute().tps[-1] == rows[0].sum()
    assert first.to_bytes() != before


def test_the_second_pass_keeps_only_bins_in_which_order_matters():
    y = np.array([1, 1, 0, 0, 0, 1, 0])
    scores = np.array([8.0, 8.001, 4.0, 4.001, 2.0, 1.0, 1.0001])
    second = StreamingSweep().update(y, scores).refine().update(y, scores)
    assert second.compute().thresholds.tolist() == [8.0, 4.0, 2.0, 1.0001, 1.0]


def test_checksum_is_of_what_was_written():
    data = stored_stream().to_bytes()
    assert zlib.crc32(data[:-4]) == int.from_bytes(data[-4:], "little")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [2, 50, 3000])
@pytest.mark.one_in(3)
def test_positive_ranking_is_exact(kind, n):
    y, scores, _ = make(kind, "none", n)
    ranking = PositiveRanking(scores[y == 1])
    for part in chunks((y, scores), 3):
        assert ranking.update(*part) is ranking
    assert ranking.roc_auc_score() == roc_auc_score(y, scores)
    assert ranking.average_precision_score() == average_precision_score(y, scores)
    if n <= 50:
        exact = reference.roc_auc(*as_lists(y, scores, None))
        assert ranking.roc_auc_score() == exact.numerator / exact.denominator
        assert ranking.average_precision_score() == pytest.approx(
            float(reference.average_precision(*as_lists(y, scores, None))), rel=1e-14
        )
    computed, wide = ranking.compute(), scores.astype(np.float64)
    expected = confusion_sweep(y, wide)
    at = np.isin(computed.thresholds, wide[y == 1])
    rises = np.flatnonzero(np.diff(expected.tps, prepend=0))
    assert same(Sweep(*(part[at] for part in computed)), [part[rises] for part in tuple(expected)])
    assert (np.diff(computed.thresholds) < 0).all()
    for i, threshold in enumerate(computed.thresholds):
        called = wide >= threshold
        assert (computed.tps[i], computed.fps[i]) == ((called & (y == 1)).sum(), (called & (y == 0)).sum())
    assert computed.roc_auc == roc_auc_score(y, scores)
    assert computed.average_precision == average_precision_score(y, scores)


def test_positive_ranking_knows_its_positives():
    y, scores, _ = make("continuous", "none", 300)
    positives = scores[y == 1]
    other = np.append(positives[:-1], 0.77777)
    ranking = PositiveRanking(other)
    with pytest.raises(ValueError, match="in a positive row; begin again with all scores of positives"):
        ranking.update(y, scores)
    rest = scores != positives[-1]
    ranking.update(y[rest], scores[rest])  # nothing of the refused chunk was counted
    with pytest.raises(ValueError, match=f"Got {len(positives) - 1} of {len(positives)} positives"):
        ranking.compute()
    with pytest.raises(ValueError, match="in float64"):
        PositiveRanking(positives.astype(np.float32)).update(y, scores)
    twice = PositiveRanking(positives).update([1, 1], [positives[0], positives[0]])
    with pytest.raises(ValueError, match="every positive row once"):
        twice.compute()
    with pytest.raises(ValueError, match="pos_label 'a' and 'b' do not merge"):
        PositiveRanking([1.0], pos_label="a").merge(PositiveRanking([1.0], pos_label="b"))


def test_positive_rankings_merge():
    y, scores, _ = make("ties", "none", 500)
    positives = scores[y == 1]
    parts = [PositiveRanking(positives).update(*part) for part in chunks((y, scores), 4)]
    states = [pickle.dumps(part) for part in parts]
    results = set()
    for order in itertools.permutations(parts):
        total = PositiveRanking(positives[::-1])
        for part in order:
            assert total.merge(part) is total
        results.add((total.roc_auc_score(), total.average_precision_score(), total.compute().fps.tobytes()))
    assert len(results) == 1
    assert next(iter(results))[:2] == (roc_auc_score(y, scores), average_precision_score(y, scores))
    assert [pickle.dumps(part) for part in parts] == states
    with pytest.raises(ValueError, match="same positives"):
        parts[0].merge(PositiveRanking(positives[1:]))
    with pytest.raises(TypeError, match="PositiveRanking"):
        parts[0].merge(StreamingSweep())


def test_positive_ranking_needs_all_positives():
    ranking = PositiveRanking([0.5, 0.25]).update([1, 0], [0.5, 0.1])
    for method in (ranking.compute, ranking.roc_auc_score, ranking.average_precision_score):
        with pytest.raises(ValueError, match="Got 1 of 2 positives"):
            method()
    for wrong in ([0.5, np.nan], [np.inf], [2**53 + 1], ["a"]):
        with pytest.raises(ValueError, match="positives"):
            PositiveRanking(wrong)
    named = PositiveRanking([0.5], pos_label="b").update(["a", "b"], [0.5, 0.5])
    assert named.roc_auc_score() == 0.5
    with pytest.raises(ValueError, match="pos_label must be"):
        PositiveRanking([0.5], pos_label=[1])


def test_positive_ranking_of_one_class():
    nothing = PositiveRanking([]).update([], [])
    for n_neg, ranking in ((0, nothing), (2, PositiveRanking([]).update([0, 0], [0.5, 0.25]))):
        assert [counts.tolist() for counts in ranking.compute()] == [[0], [n_neg], [0], [0], [-np.inf]]
        with pytest.warns(UndefinedMetricWarning, match="Only one class"):
            assert np.isnan(ranking.roc_auc_score())
        with pytest.warns(UndefinedMetricWarning, match="No positive class"):
            assert ranking.average_precision_score() == 0.0
    ranking = PositiveRanking([0.5]).update([1], [0.5])
    with pytest.warns(UndefinedMetricWarning, match="Only one class"):
        assert np.isnan(ranking.roc_auc_score())
    assert ranking.average_precision_score() == 1.0
