"""A labelled index as plain arrays, numbers and dicts, which pickles hold, and back without a search.

A pickle holds rows, labels, and the order of the rows in leaves where there are some: what takes time to
find. What follows from these is computed again, since kernels read it without looking, and a search would
believe a box or a norm that was damaged: packing is 40 % of the time of building, and pickles are smaller by
the float32 copy of X.
What is held is checked: types, shapes, that rows are finite, that every row number, axis and code is within
bounds, each row in one part, and that the axes are a rotation. Then every order of rows gives exact answers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fastsmote._core.check import check_matrix
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import check_labels
from fastsmote._core.threads import split
from fastsmote._core.typing import Matrix, RowIds
from fastsmote._kernels.neighbors import tree
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._kernels.neighbors.tile import BOX_DIMS, TILE_ROWS
from fastsmote._neighbors.build import LEAF_ROWS, pack_leaves
from fastsmote._neighbors.coordinates import are_usable, rounding_of
from fastsmote._neighbors.distance import largest_magnitude, scale_for
from fastsmote._neighbors.index import Index, Part, leaves_of, loose_of
from fastsmote._neighbors.labelled_index import LabelledIndex, labelled_rows

VERSION = 3
_LOOSE = {"X", "classes", "codes"}
_STATE = _LOOSE | {"head", "coordinates", "parts"}
_COORDINATES = {"scale", "centre", "basis", "axes"}
_PART = {"code", "size", "ids", "split_axis", "split_value"}
_DERIVED = {"scale"}, {"rounding"}, set(tree.Panels._fields)  # in version 1; read, and computed again

_columns = tree.columns.py_func  # run as Python, so that nothing is compiled


def state_of(labelled: LabelledIndex) -> dict[str, Any]:
    """What is needed to have the index again; all parts share rows, coordinates and scale."""
    index = labelled.index
    state = {"X": index.X, "classes": labelled.classes, "codes": labelled.codes}
    if loose_of(index):
        return state
    first = leaves_of(index)[0]
    return state | {
        "head": first.head,
        "coordinates": {name: value for name, value in first.frame._asdict().items() if name in _COORDINATES},
        "parts": [
            _state_of_part(part.code, leaves)
            for part, leaves in zip(index.parts, leaves_of(index), strict=True)
        ],
    }


def _state_of_part(code: int, leaves: Leaves) -> dict[str, Any]:
    arrays = {"ids": leaves.ids, "split_axis": leaves.split_axis, "split_value": leaves.split_value}
    return {"code": code, "size": leaves.size, **arrays}


def from_state(version: int, state: dict[str, Any]) -> LabelledIndex:
    """The labelled index that was stored; ValueError says what is wrong with a state that is not one."""
    if version not in range(1, VERSION + 1) or isinstance(version, bool):
        raise ValueError(
            f"A stored NeighborIndex must be of version {VERSION} or earlier. Got {version!r}; build the "
            "index again, or load it with the fastsmote that stored it."
        )
    derived = _DERIVED if version == 1 else (set(), set(), set())
    if version == VERSION and isinstance(state, dict) and state.keys() == _LOOSE:
        X = _rows(state["X"])
        return labelled_rows(X, *_labels(state["classes"], state["codes"], len(X)), None)
    _require_entries(state, _STATE | derived[0], "a dict")
    _require_entries(state["coordinates"], _COORDINATES | derived[1], "coordinates")
    _require(isinstance(state["parts"], list | tuple), "a list of parts", state["parts"])
    for part in state["parts"]:
        _require_entries(part, _PART | derived[2], "parts")
    X = _rows(state["X"])
    classes, codes = _labels(state["classes"], state["codes"], len(X))
    head, d = _number(state, "head", int), X.shape[1]
    _require(head == d or (0 < head < d and head % BOX_DIMS == 0), f"a head of at most {d}", head)
    largest = largest_magnitude(X, np.arange(len(X)), None)
    frame = _coordinates(state["coordinates"], d)
    _require(are_usable(frame, largest), "coordinates that are a rotation of the rows", "others")
    ordered = [(_number(part, "code", int), _order(part, len(X), d)) for part in state["parts"]]
    _check_cover([(code, ids) for code, (ids, *_) in ordered], codes, len(X))
    scale = scale_for(largest)
    parts = [
        Part(code, pack_leaves(X, ids, size, head, scale, frame, axis, value))
        for code, (ids, size, axis, value) in ordered
    ]
    return LabelledIndex(Index(tuple(parts)), classes, codes)


def _rows(X: Any) -> Matrix:
    is_matrix = isinstance(X, np.ndarray) and X.ndim == 2 and X.size > 0
    _require(is_matrix, "a matrix X with rows and columns", X)
    X = _array(X, "X", np.float32 if X.dtype.itemsize == 4 else np.float64, X.shape)
    return check_matrix(X)


def _require_entries(state: Any, names: set[str], what: str) -> None:
    _require(isinstance(state, dict) and state.keys() == names, f"{what} with {sorted(names)}", state)


def _labels(classes: Any, codes: Any, n: int) -> tuple[list[Any], RowIds | None]:
    _require(isinstance(classes, list), "a list of classes", classes)
    if codes is None:
        _require(not classes, "no classes where there are no codes", classes)
        return classes, None
    _require(len(classes) > 0, "classes where there are codes", "none")
    n_classes = len(check_labels(classes, name="classes", min_classes=1).classes)
    _require(n_classes == len(classes), "classes that differ", classes)
    return classes, _numbers_below(len(classes), _array(codes, "codes", np.int64, (n,)), "codes")


def _coordinates(state: dict[str, Any], d: int) -> tree.Frame:
    basis = state["basis"]
    has_basis = isinstance(basis, np.ndarray) and basis.size > 0
    return tree.Frame(
        scale=_number(state, "scale", float),
        centre=freeze(_array(state["centre"], "centre", np.float64, (d,))),
        basis=freeze(_array(basis, "basis", np.float64, (d, _columns(d)) if has_basis else (0, 0))),
        axes=freeze(_numbers_below(d, _array(state["axes"], "axes", np.int64, (d,)), "axes")),
        rounding=rounding_of(d),
    )


def _order(state: dict[str, Any], n: int, d: int) -> tuple[RowIds, int, RowIds, NDArray[np.float32]]:
    """Rows of a part in the order of its leaves, the size of these, and where they are split."""
    size, ids = _number(state, "size", int), state["ids"]
    is_size = 0 < size <= LEAF_ROWS and size % TILE_ROWS == 0
    _require(is_size, f"leaves of a multiple of {TILE_ROWS} rows, at most {LEAF_ROWS}", size)
    _require(isinstance(ids, np.ndarray) and ids.ndim == 1 and ids.size > 0, "row numbers in a part", ids)
    ids = _numbers_below(n, _array(ids, "ids", np.int64, ids.shape), "ids")
    shape = (split(len(ids), size) + 1,)
    axis = _numbers_below(d, _array(state["split_axis"], "split_axis", np.int64, shape), "split_axis")
    return ids, size, axis, _array(state["split_value"], "split_value", np.float32, shape)


def _check_cover(parts: list[tuple[int, RowIds]], codes: RowIds | None, n: int) -> None:
    """Every row is in one part, and that of its class."""
    found = np.zeros(n, bool)
    for code, ids in parts:
        found[ids] = True
        of_class = code == -1 if codes is None else bool((codes[ids] == code).all())
        _require(of_class, "rows of one class in each part", code)
    n_ids = sum(len(ids) for _, ids in parts)
    _require(n_ids == n and bool(found.all()), f"each of {n} rows in one part", n_ids)


def _array(array: Any, name: str, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """The array as kernels read it: plain, native, aligned and in C order."""
    wanted = f"{name} of type {np.dtype(dtype)} and shape {shape}"
    _require(isinstance(array, np.ndarray), wanted, array)
    is_right = array.dtype.newbyteorder("=") == dtype and array.shape == shape
    _require(is_right, wanted, f"{array.dtype} and {array.shape}")
    return np.require(array, dtype, ["C", "A"])


def _numbers_below(limit: int, numbers: RowIds, name: str) -> RowIds:
    within = not len(numbers) or (int(numbers.min()) >= 0 and int(numbers.max()) < limit)
    _require(within, f"{name} within [0, {limit - 1}]", numbers)
    return numbers


def _number(state: dict[str, Any], name: str, kind: Callable[[Any], Any]) -> Any:
    value = state[name]
    is_right = isinstance(value, int if kind is int else int | float) and not isinstance(value, bool)
    _require(is_right and np.isfinite(value), f"a finite number as {name}", value)
    return kind(value)


def _require(is_right: bool, wanted: str, found: Any) -> None:
    if not is_right:
        shown = found if isinstance(found, str | int | float) else f"{type(found).__name__}"
        raise ValueError(f"A stored NeighborIndex must have {wanted}. Got {shown}; build the index again.")
