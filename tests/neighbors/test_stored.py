"""An index that is stored and loaded: the same answers, public names only, and nothing out of bounds."""

import copy
import pickle
import pickletools

import numpy as np
import pytest
from neighbors.answers import answers, assert_same
from strategies import fraud, normal

import fastsmote
from fastsmote._neighbors import labelled_index, stored
from fastsmote.neighbors import load_neighbor_index

X, Y = fraud(700, 4)
BUILT = {
    "float64": lambda: fastsmote.NeighborIndex(X, Y),
    "float32 and strings": lambda: fastsmote.NeighborIndex(X.astype(np.float32), Y.astype(str)),
    "many features": lambda: fastsmote.NeighborIndex(normal(700, 140), Y),
    "one feature": lambda: fastsmote.NeighborIndex(X[:, :1], Y),
    "grown": lambda: fastsmote.NeighborIndex(X[:600], Y[:600]).append(X[600:] * 1e3, Y[600:]),
}
WAYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"protocol {i}": lambda index, i=i: pickle.loads(pickle.dumps(index, i)) for i in (2, 4, 5)},
}


@pytest.fixture
def no_building(monkeypatch):
    def build(*arguments, **options):
        raise AssertionError("the index was built again")

    monkeypatch.setattr(labelled_index, "build_index", build)
    monkeypatch.setattr(labelled_index, "extend_index", build)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", BUILT)
def test_a_loaded_index_answers_as_before(kind, way, request):
    index = BUILT[kind]()
    expected = answers(index)
    request.getfixturevalue("no_building")
    again = WAYS[way](index)
    assert repr(again) == repr(index)
    assert_same(answers(again), expected)
    Q = index._labelled.index.X[:30] * 1.25
    assert_same(again.query(Q, 6), index.query(Q, 6))


def test_a_loaded_index_grows_as_before():
    index = fastsmote.NeighborIndex(X[:600], Y[:600])
    again = pickle.loads(pickle.dumps(index))
    assert_same(answers(again.append(X[600:], Y[600:])), answers(index.append(X[600:], Y[600:])))


@pytest.mark.parametrize("labels", [None, Y])
def test_without_labels_too(labels):
    index = fastsmote.NeighborIndex(X, labels)
    assert_same(pickle.loads(pickle.dumps(index)).query(n_neighbors=4), index.query(n_neighbors=4))


def modules_in(data):
    """Modules that a pickle of protocol 2 names."""
    named = [arg.split(" ")[0] for op, arg, _ in pickletools.genops(data) if op.name == "GLOBAL"]
    return {name for name in named if name.split(".")[0] == "fastsmote"}


@pytest.mark.parametrize("kind", BUILT)
def test_a_pickle_names_the_public_module_only(kind):
    assert modules_in(pickle.dumps(BUILT[kind](), 2)) == {"fastsmote.neighbors"}


def test_a_state_is_of_plain_parts():
    def plain(value):
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(part) for key, part in value.items())
        if isinstance(value, list):
            return all(map(plain, value))
        return value is None or type(value) in (int, float, str, np.ndarray)

    _, (version, state) = fastsmote.NeighborIndex(X, Y).__reduce__()
    assert version == 3
    assert plain(state)


def test_arrays_of_another_byte_order_and_layout_are_taken():
    index = fastsmote.NeighborIndex(X, Y)
    _, (version, state) = index.__reduce__()
    foreign = {**state, "X": np.asfortranarray(X).astype(">f8"), "parts": []}
    for part in state["parts"]:
        swapped = {
            name: value.astype(value.dtype.newbyteorder(">")) if isinstance(value, np.ndarray) else value
            for name, value in part.items()
        }
        foreign["parts"].append(swapped)
    assert_same(answers(load_neighbor_index(version, foreign)), answers(index))


def changed(state, place, value):
    """The state with the entry of a part, or of the whole, replaced by what a function makes of it."""
    state = {
        **state,
        "parts": [dict(part) for part in state["parts"]],
        "coordinates": {**state["coordinates"]},
    }
    holder = state
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value(holder[place[-1]])
    return state


def with_entry(at, value):
    """A function that makes a copy of an array with one entry replaced."""

    def replace(array):
        array = array.copy()
        array[at] = value
        return array

    return replace


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("X",), np.ndarray.tolist, "a matrix X"),
        (("X",), lambda v: v[:, 0], "a matrix X"),
        (("X",), lambda v: v[:-1], "codes of type int64 and shape"),
        (("X",), lambda v: v[:, :-1], "a head of at most 3. Got 4"),
        (("X",), lambda v: v.astype(np.int64), "X of type float64"),
        (("X",), lambda v: v.astype(np.longdouble), "X of type float64"),
        (("classes",), lambda v: v[:-1], r"codes within \[0, 0\]"),
        (("classes",), tuple, "a list of classes"),
        (("codes",), lambda v: None, "no classes where there are no codes"),
        (("codes",), with_entry(3, -1), "codes within"),
        (("codes",), lambda v: 1 - v, "rows of one class in each part"),
        (("codes",), lambda v: v.astype(np.int32), "codes of type int64"),
        (("head",), lambda v: 7, "a head of at most 4. Got 7"),
        (("head",), lambda v: 3, "a head of at most 4. Got 3"),
        (("head",), lambda v: "4", "a finite number as head. Got 4"),
        (("coordinates", "scale"), lambda v: float("nan"), "a finite number as scale"),
        (("coordinates", "scale"), lambda v: 3.0, "a rotation of the rows"),
        (("coordinates", "scale"), lambda v: 2.0**80, "a rotation of the rows"),
        (("coordinates", "scale"), lambda v: 5e-324, "a rotation of the rows"),
        (("coordinates", "centre"), with_entry(0, 1e40), "a rotation of the rows"),
        (("coordinates", "basis"), with_entry((0, 1), 0.5), "a rotation of the rows"),
        (("coordinates", "basis"), with_entry((0, 9), 1e-300), "a rotation of the rows"),
        (("classes",), lambda v: v[:1] * 2, "classes that differ"),
        (("parts",), lambda v: {}, "a list of parts"),
        (("parts",), lambda v: v[:1], "each of 700 rows in one part"),
        (("parts",), lambda v: v + v[:1], "each of 700 rows in one part"),
        (("coordinates", "axes"), with_entry(0, 4), r"axes within \[0, 3\]"),
        (("coordinates", "centre"), lambda v: v[:-1], "centre of type float64"),
        (("coordinates", "basis"), lambda v: v[:, :-1], "basis of type float64"),
        (("parts", 0, "size"), lambda v: 31, "a multiple of 32 rows"),
        (("parts", 0, "size"), lambda v: 0, "a multiple of 32 rows"),
        (("parts", 0, "size"), lambda v: 2 * v, "at most 256. Got 448"),
        (("parts", 0, "size"), lambda v: 32, "split_axis of type int64 and shape"),
        (("parts", 0, "ids"), with_entry(0, 700), r"ids within \[0, 699\]"),
        (("parts", 0, "ids"), with_entry(0, -1), r"ids within \[0, 699\]"),
        (("parts", 0, "ids"), lambda v: v[:0], "row numbers in a part"),
        (("parts", 0, "ids"), lambda v: np.sort(v)[[0, *range(len(v) - 1)]], "each of 700 rows in one part"),
        (("parts", 0, "split_axis"), with_entry(1, 4), r"split_axis within \[0, 3\]"),
        (("parts", 0, "split_value"), lambda v: v[:-1], "split_value of type float32"),
        (("parts", 0, "code"), lambda v: 1, "rows of one class in each part"),
    ],
)
def test_a_damaged_state_is_refused(place, value, message):
    _, (version, state) = fastsmote.NeighborIndex(X, Y == 0).__reduce__()
    with pytest.raises(ValueError, match=f"stored NeighborIndex must have .*{message}"):
        load_neighbor_index(version, changed(state, place, value))


@pytest.mark.parametrize("holder", [(), ("coordinates",), ("parts", 0)])
def test_a_state_has_all_entries_and_no_others(holder):
    _, (version, state) = fastsmote.NeighborIndex(X, Y).__reduce__()
    for change in (lambda entries: entries.popitem(), lambda entries: entries.update(more=1)):
        damaged = copy.deepcopy(state)
        entries = damaged
        for key in holder:
            entries = entries[key]
        change(entries)
        with pytest.raises(ValueError, match="stored NeighborIndex must have"):
            load_neighbor_index(version, damaged)


@pytest.mark.parametrize("version", [0, 4, None, True])
def test_another_version_is_refused(version):
    _, (_, state) = fastsmote.NeighborIndex(X, Y).__reduce__()
    with pytest.raises(ValueError, match=r"of version 3 or earlier\. Got .*build the index again"):
        load_neighbor_index(version, state)


def test_the_version_is_that_of_the_entries():
    """Whoever changes the entries of a state gives it another version."""
    assert stored.VERSION == 3
    _, (_, state) = fastsmote.NeighborIndex(X, Y).__reduce__()
    assert sorted(state) == ["X", "classes", "codes", "coordinates", "head", "parts"]
    assert sorted(state["coordinates"]) == ["axes", "basis", "centre", "scale"]
    assert sorted(state["parts"][0]) == ["code", "ids", "size", "split_axis", "split_value"]


def test_rows_that_are_not_finite_are_refused():
    _, (version, state) = fastsmote.NeighborIndex(X, Y).__reduce__()
    with pytest.raises(ValueError, match="NaN"):
        load_neighbor_index(version, changed(state, ("X",), with_entry((3, 1), np.nan)))


def first_version(index):
    """The state that version 1 stored: with what follows from the rest."""
    state = copy.deepcopy(index.__reduce__()[1][1])
    leaves = [part.leaves for part in index._labelled.index.parts]
    state["scale"] = leaves[0].scale
    state["coordinates"]["rounding"] = leaves[0].frame.rounding
    for part, one in zip(state["parts"], leaves, strict=True):
        part.update({name: value.copy() for name, value in one.panels._asdict().items()})
    return state


def test_the_first_version_is_read_and_what_follows_from_the_rest_is_not_believed__D1():
    """Norms beyond the last row of a leaf led searches beyond the row numbers, boxes to other rows."""
    index = fastsmote.NeighborIndex(X, Y)
    expected = answers(index)
    assert_same(answers(load_neighbor_index(1, first_version(index))), expected)
    damaged = first_version(index)
    damaged["scale"], damaged["coordinates"]["rounding"] = 1e-300, -1.0
    for part in damaged["parts"]:
        for name in ("panels", "norms", "tails", "centres", "low", "high", "slack", "spread", "first"):
            part[name][...] = 0
    assert_same(answers(load_neighbor_index(1, damaged)), expected)
    del damaged["parts"][0]["norms"]
    with pytest.raises(ValueError, match="must have parts with"):
        load_neighbor_index(1, damaged)
