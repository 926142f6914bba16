"""What the questions of an index refuse, before any work."""

import tracemalloc

import numpy as np
import pytest
from strategies import normal

import fastsmote
from fastsmote._neighbors import labelled_index, predicates

TEN, LABELS = normal(10, 2), np.array(["a"] * 6 + ["b"] * 3 + ["c"])
OWN = (
    r"n_neighbors must be at most {}, the number of rows of (?:X|the classes in among) other than the query "
    r"itself\. Got {}\."
)
SOME = r"n_neighbors must be at most {}, the number of rows of (?:X|the classes in among)\. Got {}\."
ROWS = r"{} must be row numbers of X, in \[0, 9\]\. Got {}\."


@pytest.fixture
def no_work(monkeypatch):
    """An index that must not search, be extended or be measured."""
    index = fastsmote.NeighborIndex(TEN, LABELS)

    def work(*arguments, **options):
        raise AssertionError("work had begun")

    monkeypatch.setattr(labelled_index, "search_in_user_units", work)
    monkeypatch.setattr(labelled_index, "extend_index", work)
    for name in ("others_before", "same_class_first", "same_class_first_by_vote", "is_nearest"):
        monkeypatch.setattr(predicates, name, work)
    return index


@pytest.mark.parametrize("method", ["query", "farthest"])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_neighbors": 10}, ValueError, OWN.format(9, 10)),
        ({"Q": TEN, "n_neighbors": 11}, ValueError, SOME.format(10, 11)),
        ({"n_neighbors": 3, "among": "b"}, ValueError, OWN.format(2, 3)),
        ({"n_neighbors": 1, "among": "c", "rows": [9]}, ValueError, OWN.format(0, 1)),
        ({"n_neighbors": 4, "among": "b", "rows": [0, 9]}, ValueError, SOME.format(3, 4)),
        ({"n_neighbors": 4, "among": ["b", "c"], "rows": [0, 9]}, ValueError, OWN.format(3, 4)),
        ({"Q": TEN, "n_neighbors": 5, "among": ["b", "c"]}, ValueError, SOME.format(4, 5)),
        ({"n_neighbors": 0}, ValueError, r"n_neighbors must be an integer >= 1\. Got 0\."),
        ({"n_neighbors": 2.0}, TypeError, r"n_neighbors must be an integer >= 1\. Got 2\.0"),
        ({"n_neighbors": True}, TypeError, r"n_neighbors must be an integer >= 1\. Got True"),
        ({"Q": TEN, "rows": [1]}, ValueError, r"Q and rows must not be given together"),
        ({"rows": [-1, 3]}, ValueError, ROWS.format("rows", "-1 to 3")),
        ({"rows": [0, 10]}, ValueError, ROWS.format("rows", "0 to 10")),
        ({"rows": [[1, 2]]}, ValueError, r"rows must be one-dimensional\. Got shape \(1, 2\)"),
        ({"rows": 3}, ValueError, r"rows must be one-dimensional\. Got shape \(\)"),
        ({"rows": [1.0]}, TypeError, r"rows must be row numbers, integers\. Got float64"),
        ({"rows": LABELS == "a"}, TypeError, r"Got bool; for a mask pass np\.flatnonzero\(mask\)"),
        ({"among": "d"}, ValueError, r"among must be a label .*out of \['a', 'b', 'c'\]\. Got 'd'"),
        ({"among": ["a", 0]}, ValueError, r"among must be a label .*Got \['a', 0\]"),
        ({"among": []}, ValueError, r"among must be a label .*Got \[\]"),
        ({"Q": normal(2, 3)}, ValueError, r"Q must have the 2 features of the index\. Got 3 features"),
        ({"Q": [[np.nan, 0.0]]}, ValueError, r"Q contains NaN"),
        ({"Q": [[0.0, np.inf]]}, ValueError, r"Q contains infinity"),
        ({"Q": np.empty((0, 2))}, ValueError, r"0 sample.*Q"),
        ({"Q": [1.0, 2.0]}, ValueError, r"Q must have two dimensions"),
    ],
)
def test_errors_of_query_and_farthest(method, arguments, error, message, no_work):
    with pytest.raises(error, match=message):
        getattr(no_work, method)(**arguments)


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (
            lambda index: index.count_other_classes(3),
            ValueError,
            r"n_neighbors must be at most 2, the other rows of class 'b'\. Got 3\.",
        ),
        (lambda index: index.count_other_classes(1, rows=[9]), ValueError, r"at most 0, .*class 'c'\. Got 1"),
        (lambda index: index.count_other_classes(0), ValueError, r"n_neighbors must be an integer >= 1"),
        (lambda index: index.count_other_classes("1"), TypeError, r"n_neighbors must be an integer >= 1"),
        (lambda index: index.count_other_classes(1, rows=[10]), ValueError, ROWS.format("rows", "10 to 10")),
        (lambda index: index.count_other_classes(1, rows=[0.5]), TypeError, r"rows must be row numbers"),
        (lambda index: index.own_class_first(0), ValueError, r"n_neighbors must be an integer >= 1\. Got 0"),
        (lambda index: index.own_class_first(2.5), TypeError, r"n_neighbors must be an integer >= 1"),
        (lambda index: index.own_class_first(3, 0), ValueError, r"nth_other must be an integer >= 1\. Got 0"),
        (lambda index: index.own_class_first(3, None), TypeError, r"nth_other must be an integer >= 1"),
        (lambda index: index.own_class_first(rows=[-2]), ValueError, ROWS.format("rows", "-2 to -2")),
        (lambda index: index.own_class_first(rows=["a"]), TypeError, r"rows must be row numbers"),
        (
            lambda index: index.is_nearest([0, 1], [2]),
            ValueError,
            r"rows and neighbors must be pairs\. Got 2 rows and 1 neighbors\.",
        ),
        (
            lambda index: index.is_nearest([0, 4, 2], [1, 4, 2]),
            ValueError,
            r"pairs of different rows\. Got row 4 twice in pair 1\.",
        ),
        (lambda index: index.is_nearest([0], [10]), ValueError, ROWS.format("neighbors", "10 to 10")),
        (lambda index: index.is_nearest([-1], [1]), ValueError, ROWS.format("rows", "-1 to -1")),
        (lambda index: index.is_nearest([0], [1.0]), TypeError, r"neighbors must be row numbers"),
        (lambda index: index.is_nearest([[0]], [1]), ValueError, r"rows must be one-dimensional"),
        (
            lambda index: index.append(TEN),
            ValueError,
            r"y must be given if the index was made with y, and only then\. Got no y for an index of 10 rows",
        ),
        (
            lambda index: index.append(normal(2, 3), ["a", "b"]),
            ValueError,
            r"X must have the 2 features of the index\. Got 3 features",
        ),
        (lambda index: index.append([[np.nan, 1.0]], ["a"]), ValueError, r"X contains NaN"),
        (lambda index: index.append(np.empty((0, 2)), []), ValueError, r"0 sample"),
        (
            lambda index: index.append(TEN, ["a"]),
            ValueError,
            r"X and y have inconsistent numbers of samples: 10 and 1",
        ),
        (lambda index: index.append(TEN[:2], ["a", None]), ValueError, r"Input y contains NaN .*at row 1"),
        (lambda index: index.append(TEN[:2], [1, 2]), TypeError, r"y must hold labels of one kind"),
    ],
)
def test_errors_of_the_questions(ask, error, message, no_work):
    with pytest.raises(error, match=message):
        ask(no_work)


@pytest.mark.parametrize(
    ("X", "y"), [(TEN, None), (TEN, ["a"]), (TEN[:2], ["a", None]), (normal(1, 3), ["a"])]
)
def test_a_refused_append_copies_nothing(X, y):
    indexed = normal(20_000, 2)
    index = fastsmote.NeighborIndex(indexed, np.arange(20_000) % 2)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"y|features"):
            index.append(X, y)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < indexed.nbytes / 2


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda index: index.query(among=0), r"among needs an index with classes\. Make it as NeighborIndex"),
        (lambda index: index.farthest(among=0), r"among needs an index with classes"),
        (lambda index: index.count_other_classes(1), r"count_other_classes needs an index with classes"),
        (lambda index: index.own_class_first(1), r"own_class_first needs an index with classes"),
        (lambda index: index.append(TEN, LABELS), r"y must be given if .*Got y for an index of 10 rows"),
    ],
)
def test_errors_without_labels(ask, message):
    with pytest.raises(ValueError, match=message):
        ask(fastsmote.NeighborIndex(TEN))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[0.0], [np.nan]],), ValueError, r"X contains NaN"),
        ((np.empty((0, 3)),), ValueError, r"0 sample"),
        ((TEN, LABELS[:9]), ValueError, r"inconsistent numbers of samples: 10 and 9"),
        ((TEN, np.linspace(0, 1, 10)), ValueError, r"Unknown label type"),
        ((TEN, [b"a"] * 10), TypeError, r"bytes"),
    ],
)
def test_errors_of_the_index(arguments, error, message, monkeypatch):
    monkeypatch.setattr(labelled_index, "build_index", None)
    with pytest.raises(error, match=message):
        fastsmote.NeighborIndex(*arguments)


@pytest.mark.parametrize(
    "ask",
    [
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS, **rest),
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS).query(**rest),
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS).query(TEN, **rest),
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS).farthest(**rest),
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS).count_other_classes(1, rows=[0], **rest),
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS).own_class_first(**rest),
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS).is_nearest([0], [1], **rest),
        lambda **rest: fastsmote.NeighborIndex(TEN, LABELS).append(TEN, LABELS, **rest),
    ],
)
def test_errors_of_n_jobs(ask):
    with pytest.raises(ValueError, match=r"n_jobs must be"):
        ask(n_jobs=0)
