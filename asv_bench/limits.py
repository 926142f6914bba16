"""Print the table of docs/limits.md: ``python asv_bench/limits.py``.

What the machine gives one thread is measured first: bytes that it reads, copies and writes to new memory in a
second, and multiply-adds of float32 and float64 (products of BLAS). For each function, the bytes that it can
not do without and the operations of its method at these rates are the limit, the larger of the two times.
"""

import os
import time

import numpy as np
from threadpoolctl import threadpool_limits

import fastsmote
from fastsmote.cli._shapes import SHAPES, make_shape

RUNS = 5
N, D, RATE, SCORES, NOISE, TEXTS = 1_000_000, 30, 0.00173, 10_000_000, 50_000, 100_000
FEW = 1_000, 150
HEAD = "| function | least bytes | operations | limit | measured | reached |"


def least(call):
    """Least seconds of some calls, after one that compiles."""
    call()
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - begin)
        del result
    return min(times)


def rates():
    """Bytes and operations a second of one thread, by kind."""
    values = np.ones(30_000_000)
    room = np.empty_like(values)
    found = {
        "read": values.nbytes / least(values.max),
        "copy": 2 * values.nbytes / least(lambda: np.copyto(room, values)),
        "new": values.nbytes / least(lambda: np.full(len(values), 1.0)),
    }
    for kind in ("float32", "float64"):
        square = np.ones((2048, 2048), kind)
        out = np.empty_like(square)
        found[kind] = 2 * 2048**3 / least(lambda square=square, out=out: np.matmul(square, square, out=out))
    return found


def subjects():
    """Of each function: its call, the bytes of each kind, and the operations of each kind."""
    X, y = fastsmote.make_fraud(N, D, fraud_rate=RATE)
    noise = np.random.default_rng(0).standard_normal((NOISE, D))
    few = np.random.default_rng(0).standard_normal(FEW)
    rng = np.random.default_rng(0)
    labels = (rng.random(SCORES) < RATE).astype(np.int64)
    scores = rng.random(SCORES)
    made = X.nbytes + y.nbytes  # what over-samplers add is about as much as they are given
    samples = {"read": X.nbytes + y.nbytes, "new": 2 * made}
    sweep = fastsmote.StreamingSweep()
    texts, topics = make_shape(SHAPES["texts"], TEXTS)
    return {
        "random_over_sample": (lambda: fastsmote.random_over_sample(X, y, random_state=0), samples, {}),
        "smote": (lambda: fastsmote.smote(X, y, random_state=0), samples, {}),
        "NeighborIndex": (
            lambda: fastsmote.NeighborIndex(X),
            {"read": 2 * X.nbytes, "new": X.nbytes // 2},
            {"float64": 2.0 * 2 * N * D**2},
        ),
        "nearest_neighbors, white noise": (
            lambda: fastsmote.nearest_neighbors(noise, 5),
            {"read": noise.nbytes},
            {"float32": 2.0 * NOISE**2 * D},
        ),
        "nearest_neighbors, 1,000 x 150": (
            lambda: fastsmote.nearest_neighbors(few, 5),
            {"read": few.nbytes},
            {"float32": FEW[0] ** 2 * FEW[1]},  # each pair once
        ),
        "precision_recall_curve": (
            lambda: fastsmote.precision_recall_curve(labels, scores),
            {"read": labels.nbytes + scores.nbytes, "copy": 2 * scores.nbytes, "new": 3 * scores.nbytes},
            {},
        ),
        "roc_auc_score": (
            lambda: fastsmote.roc_auc_score(labels, scores),
            {"read": labels.nbytes + scores.nbytes},
            {},
        ),
        **{
            f"{name} of sparse rows": sparse_subject(getattr(fastsmote, name), texts, topics)
            for name in ("random_over_sample", "smote")
        },
        "StreamingSweep.update": (
            lambda: sweep.update(labels, scores),
            {"read": labels.nbytes + scores.nbytes},
            {},
        ),
    }


def sparse_subject(sampler, X, y):
    """An over-sampler of sparse rows: all of X is read, all of the result is new memory."""
    made, labels = sampler(X, y, random_state=0)
    given, new = (
        sum(array.nbytes for array in (rows.data, rows.indices, rows.indptr, classes))
        for rows, classes in ((X, y), (made, labels))
    )
    return lambda: sampler(X, y, random_state=0), {"read": given, "new": new}, {}


def row(name, subject, found):
    """A line of the table."""
    call, moved, operations = subject
    limit = max(
        sum(count / found[kind] for kind, count in moved.items()),
        sum(count / found[kind] for kind, count in operations.items()),
    )
    taken = least(call)
    cells = [
        f"`{name}`" if name.isidentifier() else name,
        ", ".join(f"{kind} {count / 1e6:,.0f} MB" for kind, count in moved.items()),
        ", ".join(f"{kind} {count / 1e9:,.1f} G" for kind, count in operations.items()) or "-",
        f"{limit:.3g} s",
        f"{taken:.3g} s",
        f"{limit / taken:.0%}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    os.environ["FASTSMOTE_NUM_THREADS"] = "1"
    with threadpool_limits(1):
        found = rates()
        gives = (f"{kind} {rate / 1e9:.1f} G/s" for kind, rate in found.items())
        print("One thread of this machine:", ", ".join(gives), end="\n\n")
        print(HEAD, "| --- | --- | --- | --- | --- | --- |", sep="\n", flush=True)
        for name, subject in subjects().items():
            print(row(name, subject, found), flush=True)
