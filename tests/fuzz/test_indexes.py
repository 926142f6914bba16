"""Edited indexes: an error, or the neighbours that an index built anew of the same rows finds.

D1: a stored index travels, and kernels read row numbers, axes and norms without looking at bounds.
"""

import copy
import pickle
import warnings
from functools import cache

import numpy as np
from fuzz import edits

import fastsmote
from fastsmote.neighbors import load_neighbor_index

RNG = np.random.default_rng(0)
Q = RNG.normal(size=(6, 4))


@cache
def states():
    """Versions and states of small indexes; of version 1 too, with what follows from other entries."""
    X = RNG.normal(size=(150, 4))
    y = np.arange(150) % 3
    wide = RNG.normal(size=(70, 140)).astype(np.float32)
    built = [
        fastsmote.NeighborIndex(X),
        fastsmote.NeighborIndex(X, y),
        fastsmote.NeighborIndex(X.astype(np.float32), y),
        fastsmote.NeighborIndex(np.round(X), y),
        fastsmote.NeighborIndex(wide),
        fastsmote.NeighborIndex(X[:100], y[:100]).append(X[100:] * 1e3, y[100:]),
    ]
    made = [index.__reduce__()[1] for index in built]
    for index, (_, state) in zip(built, list(made), strict=True):
        old = copy.deepcopy(state)
        leaves = [part.leaves for part in index._labelled.index.parts]
        old["scale"] = leaves[0].scale
        old["coordinates"]["rounding"] = leaves[0].frame.rounding
        for part, one in zip(old["parts"], leaves, strict=True):
            part.update({name: value.copy() for name, value in one.panels._asdict().items()})
        made.append((1, old))
    return made


def edit(entries, rng):
    """One entry of a dict, or of those within, edited."""
    name = list(entries)[rng.integers(len(entries))]
    value = entries[name]
    if isinstance(value, dict) and value:
        edit(value, rng)
    elif name == "parts" and rng.random() < 0.9:
        edit(value[rng.integers(len(value))], rng)
    elif name == "parts":
        entries[name] = [value[1:], [*value, value[0]], value[::-1], tuple(value), {}, [None]][
            rng.integers(6)
        ]
    elif name == "classes" and isinstance(value, list):
        entries[name] = [[], value[::-1], [*value, 7], value[:1] * 3, None, ["a", 1]][rng.integers(6)]
    elif isinstance(value, np.ndarray) and rng.random() < 0.7:
        value = entries[name] = value.copy()
        for _ in range(int(rng.integers(1, 4))):
            edits.element(value, rng)
    elif isinstance(value, np.ndarray):
        entries[name] = edits.another(value, rng)
    else:
        entries[name] = edits.number(value, rng)


def check(index, rng):
    """Answers are those of an index that is built of these rows; other tests compare it with oracles."""
    labelled = index._labelled
    X, codes = labelled.index.X, labelled.codes
    k = int(rng.integers(1, 5))
    labels = None if codes is None else [labelled.classes[code] for code in codes]
    built = fastsmote.NeighborIndex(X, labels)
    queries = np.resize(Q, (6, X.shape[1]))
    for ask in (
        lambda index: index.query(n_neighbors=k),
        lambda index: index.query(queries, k),
        lambda index: index.farthest(n_neighbors=k),
        lambda index: pickle.loads(pickle.dumps(index)).query(n_neighbors=k),
        lambda index: index.own_class_first(1) if labels else (),
        lambda index: index.query(queries, 1, among=labels[0]) if labels else (),
    ):
        for actual, expected in zip(ask(index), ask(built), strict=True):
            np.testing.assert_array_equal(actual, expected)


def edited_index(seed):
    rng = np.random.default_rng(seed)
    version, state = copy.deepcopy(states()[rng.integers(len(states()))])
    for _ in range(int(rng.integers(0, 4))):
        edit(state, rng)
        if not isinstance(state.get("coordinates"), dict) or not isinstance(state.get("parts"), list | tuple):
            break
        if not state["parts"] or not all(isinstance(part, dict) for part in state["parts"]):
            break
    if rng.random() < 0.05:
        version = edits.number(version, rng)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        index = edits.attempt(load_neighbor_index, version, state)
        if index is not None:
            check(index, rng)


def test_edited_indexes__D1(fuzz):
    fuzz(edited_index, 60)
