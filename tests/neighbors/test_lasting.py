"""An index whose rows are loose, and which is asked again and again."""

import pickle
from threading import Barrier, Thread

import numpy as np
import pytest
from neighbors.answers import answers, assert_same
from strategies import hostile, normal

import fastsmote
from fastsmote._core.labels import rows_by_code
from fastsmote._neighbors import build, few, labelled_index, loose, products, search
from fastsmote._neighbors.index import leaves_of, loose_of
from fastsmote._neighbors.labelled_index import LabelledIndex

X, Y = normal(300, 6), np.arange(300) % 3


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    """Six features are many."""
    monkeypatch.setattr(loose, "_WIDE", 6)
    monkeypatch.setattr(few, "_WIDE_BY_TILES", 0.0)
    monkeypatch.setattr(loose.allowance, "are_open", False)


@pytest.fixture
def centred(monkeypatch):
    """Numbers of rows that were centred."""
    counts = []

    def counted(X, rows, *rest, is_compiled):
        counts.append(len(rows))
        return products.centre(X, rows, *rest, is_compiled=is_compiled)

    monkeypatch.setattr(loose, "centre", counted)
    return counts


def of_leaves(X, y):
    groups = rows_by_code(y, 3)
    return fastsmote.NeighborIndex._from_parts(
        LabelledIndex(build.build_index(X, groups, lasting=True), [0, 1, 2], y)
    )


@pytest.mark.parametrize("name", [name for name, X in hostile().items() if X.shape[1] >= 6])
def test_it_answers_as_one_of_leaves(name):
    X = hostile()[name]
    y = np.arange(len(X)) % 3
    index = fastsmote.NeighborIndex(X, y)
    assert loose_of(index._labelled.index)
    for rows in (None, [0, 5], [3]):
        assert_same(answers(index, rows), answers(of_leaves(X, y), rows))
    for Q in (X[:1] * 0.75, X[::3] * 0.5):
        for ask in ("query", "farthest"):
            for among in (None, [1], [0, 2]):
                assert_same(
                    getattr(index, ask)(Q, 4, among=among), getattr(of_leaves(X, y), ask)(Q, 4, among=among)
                )


def test_rows_are_centred_once(centred):
    index = fastsmote.NeighborIndex(X, Y)
    for _ in range(3):
        index.query(X[:2], 3)
        index.query(X[:2], 3, among=1)
    assert sorted(n for n in centred if n > 2) == [100, 300]
    for _ in range(2):
        search.find_nearest(build.build_index(X), 3, X[:2])  # for one task: nothing is kept
    assert len([n for n in centred if n == 300]) == 3


def test_few_copies_are_kept():
    index = fastsmote.NeighborIndex(X, Y)
    for scale in 2.0 ** np.arange(0, 1000, 50):
        index.query(X[:2] * scale, 3)
        assert 1 <= len(loose_of(index._labelled.index)[0].kept) <= loose._KEPT


def test_leaves_are_made_once_for_the_first_question_that_is_worth_them(monkeypatch):
    monkeypatch.setattr(loose, "_MOST_WIDE", 300 * 300 * 6)
    made = []

    def counted(index, n_jobs):
        made.append(len(index.X))
        return build.with_leaves(index, n_jobs)

    monkeypatch.setattr(labelled_index, "with_leaves", counted)
    index, leaves = fastsmote.NeighborIndex(X, Y), of_leaves(X, Y)
    assert_same(index.query(X * 0.5, 3), leaves.query(X * 0.5, 3))
    assert made == []
    for _ in range(2):
        Q = np.vstack([X, X[:1]]) * 0.5
        assert_same(index.query(Q, 3, among=[0, 2]), leaves.query(Q, 3, among=[0, 2]))
    assert made == [300]
    assert_same(index.query(X[:9], 3), leaves.query(X[:9], 3))


def test_rows_can_follow():
    index = fastsmote.NeighborIndex(X[:200], Y[:200]).append(X[200:], Y[200:])
    assert loose_of(index._labelled.index)
    assert_same(answers(index), answers(of_leaves(X, Y)))
    unlabelled = fastsmote.NeighborIndex(X[:200]).append(X[200:])
    assert_same(unlabelled.query(n_neighbors=3), fastsmote.NeighborIndex(X).query(n_neighbors=3))


@pytest.mark.parametrize("labels", [Y, None])
def test_it_is_stored_without_leaves(labels, monkeypatch):
    index = fastsmote.NeighborIndex(X, labels)
    version, state = index.__reduce__()[1]
    assert (version, sorted(state)) == (3, ["X", "classes", "codes"])
    again = pickle.loads(pickle.dumps(index))
    assert loose_of(again._labelled.index)
    assert_same(again.query(n_neighbors=4), index.query(n_neighbors=4))
    monkeypatch.setattr(loose, "_WIDE", 7)  # where rows are not wide, it is loaded with leaves
    assert leaves_of(pickle.loads(pickle.dumps(index))._labelled.index)


@pytest.mark.parametrize(
    ("entry", "value", "message"),
    [
        ("X", np.full((3, 6), np.nan), "NaN"),
        ("X", [[1.0]], "a matrix X"),
        ("codes", Y[:9], "codes of type int64"),
        ("codes", Y + 1, r"codes within \[0, 2\]"),
        ("classes", [0, 1, 1], "classes that differ"),
    ],
)
def test_a_damaged_state_is_refused(entry, value, message):
    version, state = fastsmote.NeighborIndex(X, Y).__reduce__()[1]
    with pytest.raises(ValueError, match=message):
        fastsmote.neighbors.load_neighbor_index(version, state | {entry: value})
    with pytest.raises(ValueError, match="stored NeighborIndex must have a dict with"):
        fastsmote.neighbors.load_neighbor_index(2, state)


def test_threads_share_it():
    index, expected = fastsmote.NeighborIndex(X, Y), fastsmote.NeighborIndex(X, Y).query(X * 0.5, 3)
    together, found = Barrier(4), []

    def ask():
        together.wait()
        found.append(index.query(X * 0.5, 3))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for one in found:
        assert_same(one, expected)
