"""Streams that were edited: an error, or a stream whose results are numbers and that goes on counting.

D4: a checksum tells damage, not intent; headers and bodies get a right one here. D1: pickles of second passes
and of rankings.
"""

import math
import struct
import time
import tracemalloc
import warnings
import zlib
from functools import cache

import numpy as np
from fuzz import edits

import fastsmote
from fastsmote.streaming import PositiveRanking, RefinedSweep

RNG = np.random.default_rng(0)
N = 300
y = RNG.integers(0, 2, N)
P = RNG.random(N)
P[:40] = np.round(P[:40], 1)
W = np.exp(RNG.normal(size=N) * 30)
SWEEP, CALIBRATION = struct.Struct("<8sHHiIII"), struct.Struct("<8sHHIII")
HOSTILE = [
    0,
    1,
    2,
    3,
    7,
    10,
    11,
    255,
    2**15,
    2**16 - 1,
    2**16,
    2**31 - 1,
    2**31,
    2**32 - 1,
    -1,
    -10,
    -11,
    -(2**31),
]


def seal(data):
    return data + zlib.crc32(data).to_bytes(4, "little")


@cache
def streams():
    """Class, header and bytes of streams."""
    made = []
    for rows in ((y, P), (y, P, W), (y, P * 1e300), (y[:1], P[:1]), ([], []), (y, np.round(P), W)):
        made.append((fastsmote.StreamingSweep, SWEEP, fastsmote.StreamingSweep().update(*rows).to_bytes()))
    for rows in ((y, P), (y, P, W), (y[:1], P[:1]), ([], []), (y, np.round(P), W)):
        for n_bins in (1, 7):
            stream = fastsmote.StreamingCalibration(n_bins=n_bins, pos_label=1).update(*rows)
            made.append((fastsmote.StreamingCalibration, CALIBRATION, stream.to_bytes()))
    return made


def edited(data, header, rng):
    """Bytes with another header, label or body, and the checksum of these."""
    fields = list(header.unpack_from(data))
    label, body = data[header.size : header.size + fields[-1]], data[header.size + fields[-1] : -4]
    for _ in range(int(rng.integers(1, 3))):
        way = rng.integers(6)
        if way <= 1:
            place = int(rng.integers(1, len(fields)))
            near = fields[place] + int(rng.integers(-2, 3))
            fields[place] = near if rng.random() < 0.4 else HOSTILE[rng.integers(len(HOSTILE))]
        elif way == 2:
            labels = [b"[" * 9000, b"{}", b"NaN", b"1e999", b"9" * 5000, b'"\xff', b"", b"2", b'"x"', b"[1]"]
            label = labels[rng.integers(len(labels))]
            fields[-1] = len(label)
        elif way == 3 and body:
            body = edits.damaged(body, rng)
        elif way == 4 and len(body) >= 8:
            words = np.frombuffer(body[: len(body) // 8 * 8], "<i8").copy()
            edits.element(words, rng)
            body = words.tobytes() + body[len(body) // 8 * 8 :]
        else:
            body = body[: int(rng.integers(len(body) + 1))]
    try:
        return seal(header.pack(*fields) + label + body)
    except struct.error:
        return seal(data[:-4])


def are_numbers(stream):
    """Results of a stream are numbers within their ranges; NaN only where there are no rows of a class."""
    if isinstance(stream, fastsmote.StreamingCalibration):
        curve = stream.compute()
        values = [stream.brier_score(), stream.log_loss(), stream.expected_calibration_error()]
        values += [*stream.brier_decomposition(), stream.expected_calibration_error(debiased=True)]
        arrays = curve.prob_true, curve.prob_pred, curve.low, curve.high
        assert all(((part >= 0) & (part <= 1)).all() for part in arrays)
        assert (curve.counts > 0).all()
        assert all(map(math.isfinite, values)) or not len(curve.counts)
        return
    sweep = stream.compute()
    assert all((part >= 0).all() and np.isfinite(part).all() for part in sweep[:4])
    assert np.isfinite(sweep.thresholds).all()
    assert (np.diff(sweep.thresholds) < 0).all()
    for low, high in (stream.roc_auc_bounds(), stream.average_precision_bounds()):
        assert 0 <= low <= high <= 1 or math.isnan(low)
    assert all(np.isfinite(part).all() for part in (sweep.precision, sweep.recall, sweep.matthews_corrcoef))


def edited_stream(seed):
    rng = np.random.default_rng(seed)
    kind, header, data = streams()[rng.integers(len(streams()))]
    data = edited(data, header, rng) if rng.random() < 0.9 else edits.damaged(data, rng)
    stream = edits.attempt(kind.from_bytes, data)
    if stream is None:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        are_numbers(stream)
        assert kind.from_bytes(stream.to_bytes()).to_bytes() == stream.to_bytes()
        labels = edits.attempt(stream.update, y, P)
        are_numbers(stream)
        again = kind.from_bytes(data)
        assert again.merge(kind.from_bytes(data)).to_bytes() != b""
        if labels is not None:
            again.update(y, P, W)
            are_numbers(again)


def test_edited_streams__D4(fuzz):
    fuzz(edited_stream, 150)


def test_headers_cost_no_work_and_no_memory__D4():
    """Every hostile value in every field is refused before any memory or work."""
    tracemalloc.start()
    begin = time.perf_counter()
    for _, header, data in streams():
        kind = fastsmote.StreamingSweep if header is SWEEP else fastsmote.StreamingCalibration
        fields = header.unpack_from(data)
        for place in range(1, len(fields)):
            for value in HOSTILE:
                other = [*fields[:place], value, *fields[place + 1 :]]
                try:
                    head = header.pack(*other)
                except struct.error:
                    continue
                edits.attempt(kind.from_bytes, seal(head + data[header.size : -4]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**25  # an empty calibration of 65,536 bins takes 10 MB
    assert time.perf_counter() - begin < 30


@cache
def passes():
    first = fastsmote.StreamingSweep().update(y, P)
    weighted = fastsmote.StreamingSweep().update(y, P, W)
    return [
        first.refine().update(y, P),
        first.refine().update(y[:150], P[:150]),
        weighted.refine().update(y, P, W),
        PositiveRanking(P[y == 1]).update(y, P),
        PositiveRanking(P[y == 1]).update(y[:150], P[:150]),
        PositiveRanking([]),
    ]


def with_edit(value, rng):
    """A nest of tuples, lists and arrays with one thing edited."""
    if isinstance(value, tuple | list) and len(value) and rng.random() < 0.9:
        place = int(rng.integers(len(value)))
        items = list(value)
        items[place] = with_edit(items[place], rng)
        return type(value)(items)
    if isinstance(value, np.ndarray):
        if rng.random() < 0.3:
            return edits.another(value, rng)
        value = value.copy()
        edits.element(value, rng)
        return value
    return edits.number(value, rng)


def edited_pass(seed):
    rng = np.random.default_rng(seed)
    made = passes()[rng.integers(len(passes()))]
    state = made.__getstate__()
    for _ in range(int(rng.integers(0, 3))):
        key = list(state)[rng.integers(len(state))]
        state = {**state, key: with_edit(state[key], rng)}
    other = object.__new__(type(made))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")

        def use():
            other.__setstate__(state)
            if rng.random() < 0.5:
                other.update(y[150:], P[150:])
            if isinstance(other, RefinedSweep):
                return other.roc_auc_bounds(), other.average_precision_bounds(), other.compute()
            value = other.roc_auc_score()
            return (value, value), (0.0, other.average_precision_score()), other.compute()

        found = edits.attempt(use)
    if found is not None:
        *bounds, sweep = found
        assert all(0 <= low <= high <= 1 or math.isnan(low) for low, high in bounds)
        assert all((part >= 0).all() for part in sweep[:4])


def test_edited_second_passes_and_rankings__D1(fuzz):
    fuzz(edited_pass, 300)
