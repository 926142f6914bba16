"""What one thread at a time may use: a second user is told, everything that is counted stays right."""

import copy
import inspect
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import fastsmote
from fastsmote._core.sole_use import sole_use
from fastsmote.streaming import PositiveRanking, RefinedSweep

RNG = np.random.default_rng(0)
y = RNG.integers(0, 2, 20_000)
P = RNG.integers(1, 400, 20_000) / 400
W = RNG.random(20_000) + 0.1


def refined():
    return fastsmote.StreamingSweep().update(y, P).refine()


MADE = {
    "StreamingSweep": fastsmote.StreamingSweep,
    "RefinedSweep": refined,
    "PositiveRanking": lambda: PositiveRanking(P[y == 1]),
    "StreamingCalibration": fastsmote.StreamingCalibration,
}
ARGUMENTS = {"update": (y, P), "revert": (y, P)}


def methods_of(stream):
    return [
        name
        for name, _ in inspect.getmembers(type(stream), inspect.isfunction)
        if not name.startswith("_") and name not in ("from_bytes",)
    ]


@pytest.mark.parametrize("name", MADE)
def test_every_method_of_a_stream_in_use_is_refused__D2(name):
    stream, other = MADE[name](), MADE[name]()
    assert {"update", "merge"} <= set(methods_of(stream))
    uses = [
        *(
            (stream, method, ARGUMENTS.get(method, (other,) if method == "merge" else ()))
            for method in methods_of(stream)
        ),
        (other, "merge", (stream,)),
    ]
    with sole_use(stream):
        for one, method, arguments in uses:
            with pytest.raises(RuntimeError, match=f"A {name} is for one thread at a time.*merge them"):
                getattr(one, method)(*arguments)
        with pytest.raises(RuntimeError, match="one thread at a time"):
            pickle.dumps(stream)
        with pytest.raises(RuntimeError, match="one thread at a time"):
            copy.copy(stream)
    other.update(y, P)  # the refused merge left nothing behind
    stream.update(y, P)


@pytest.mark.parametrize("name", MADE)
def test_a_stream_that_merges_with_itself_counts_twice(name):
    stream = MADE[name]().update(y, P)
    if isinstance(stream, RefinedSweep):
        stream = stream.merge(stream)
        with pytest.raises(ValueError, match="each once"):
            stream.compute()
    elif isinstance(stream, PositiveRanking):
        stream.merge(stream)
        assert stream._counts.sum() == 2 * (y == 0).sum()
    else:
        twice = MADE[name]().update(np.tile(y, 2), np.tile(P, 2))
        assert stream.merge(stream).to_bytes() == twice.to_bytes()


def test_an_error_or_an_interrupt_ends_the_use__D2():
    one, other = object(), object()
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), sole_use(one, other, one):
            raise error
    with sole_use(one), pytest.raises(RuntimeError), sole_use(other, one):
        pass
    with sole_use(other, one):
        pass


def counted(stream):
    """Rows that a stream has counted."""
    if isinstance(stream, fastsmote.StreamingCalibration):
        return int(stream.compute().counts.sum())
    if isinstance(stream, PositiveRanking):
        return int(stream._counts.sum() + stream._n_met.sum())
    if isinstance(stream, RefinedSweep):  # all bins of P have both classes, so that all rows are kept
        return int(sum(part.sums.table.sum() for part in stream._found))
    sweep = stream.compute()
    return int(sweep.tps[-1] + sweep.fps[-1])


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_threads_that_share_a_stream__D2(name):
    """One of them counts, the others are told; nothing is lost and nothing counted that was refused."""
    stream, begin = MADE[name](), threading.Barrier(4)
    weights = () if name == "PositiveRanking" else (np.ones(4000),)

    def work(seed):
        rng = np.random.default_rng(seed)
        begin.wait()
        n_done = n_refused = 0
        for _ in range(100):
            rows = rng.integers(0, len(y), 4000)
            scores = P[rows]
            if name == "StreamingSweep":  # new pages: the table moves
                scores = scores * 2.0 ** rng.integers(-900, 900)
            chunk = y[rows], scores, *(weights if rng.random() < 0.5 else ())
            other = MADE[name]().update(*chunk) if rng.random() < 0.2 else None
            try:
                stream.update(*chunk) if other is None else stream.merge(other)
                n_done += len(rows)
            except RuntimeError as error:
                assert "one thread at a time" in str(error)  # noqa: PT017
                n_refused += 1
        return n_done, n_refused

    with ThreadPoolExecutor(4) as pool:
        n_done, n_refused = np.sum(list(pool.map(work, range(4))), axis=0)
    assert n_refused > 0
    assert counted(stream) == n_done


def test_objects_that_only_read_are_shared__D2():
    X = RNG.normal(size=(600, 4))
    labels = (np.arange(600) % 5 == 0).astype(int)
    plan = fastsmote.plan.smote(X, labels, random_state=0)
    index = fastsmote.NeighborIndex(X, labels)
    subsets = fastsmote.balanced_subsets(labels, 40, random_state=0)
    platt, isotonic = fastsmote.fit_platt(y, P), fastsmote.fit_isotonic(y, P)
    sweep = fastsmote.confusion_sweep(y, P)
    uses = [
        lambda: plan.rows(X, np.arange(len(plan))[::-1]).sum(),
        lambda: index.query(n_neighbors=3)[0].sum() + index.query(n_neighbors=3)[1].sum(),
        lambda: index.own_class_first(2).sum(),
        lambda: sum(int(subset.sum()) for subset in subsets),
        lambda: platt(P).sum() + isotonic(P).sum(),
        lambda: sweep.matthews_corrcoef.sum() + sweep.roc_auc,
    ]
    expected = [use() for use in uses]
    with ThreadPoolExecutor(4) as pool:
        actual = list(pool.map(lambda i: uses[i % len(uses)](), range(20 * len(uses))))
    assert actual == expected * 20
