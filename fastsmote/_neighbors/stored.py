"""A labelled index as plain arrays, numbers and dicts, which pickles hold, and back without a search.

The arrays are checked on the way back, since kernels read them without looking at bounds: types, shapes, and
that every row number, axis and code is within bounds, each row in one part. That the values are those of a
tree is taken on trust, as pickles are: load only those that come from where you trust.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fastsmote._core.threads import split
from fastsmote._core.typing import Matrix, RowIds
from fastsmote._kernels.neighbors import tree
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._kernels.neighbors.tile import BOX_DIMS, TILE_ROWS
from fastsmote._neighbors.build import assemble_leaves
from fastsmote._neighbors.index import Index, Part
from fastsmote._neighbors.labelled_index import LabelledIndex

VERSION = 1
_STATE = {"X", "classes", "codes", "head", "scale", "coordinates", "parts"}
_PART = {"code", "size", "ids", "split_axis", "split_value", *tree.Panels._fields}

_columns = tree.columns.py_func  # run as Python, so that nothing is compiled


def state_of(labelled: LabelledIndex) -> dict[str, Any]:
    """What is needed to have the index again; all parts share rows, coordinates and scale."""
    first = labelled.index.parts[0].leaves
    return {
        "X": first.X,
        "classes": labelled.classes,
        "codes": labelled.codes,
        "head": first.head,
        "scale": first.scale,
        "coordinates": first.frame._asdict(),
        "parts": [_state_of_part(code, leaves) for code, leaves in labelled.index.parts],
    }


def _state_of_part(code: int, leaves: Leaves) -> dict[str, Any]:
    arrays = {"ids": leaves.ids, "split_axis": leaves.split_axis, "split_value": leaves.split_value}
    return {"code": code, "size": leaves.size, **arrays, **leaves.panels._asdict()}


def from_state(version: int, state: dict[str, Any]) -> LabelledIndex:
    """The labelled index that was stored; ValueError says what is wrong with a state that is not one."""
    if version != VERSION:
        raise ValueError(
            f"A stored NeighborIndex must be of version {VERSION}. Got {version!r}; build the index again, "
            "or load it with the fastsmote that stored it."
        )
    _require(isinstance(state, dict) and state.keys() == _STATE, f"a dict with {sorted(_STATE)}", state)
    X = state["X"]
    _require(isinstance(X, np.ndarray) and X.ndim == 2 and X.size > 0, "a matrix X with rows and columns", X)
    X = _array(X, "X", np.float32 if X.dtype.itemsize == 4 else np.float64, X.shape)
    classes, codes = _labels(state["classes"], state["codes"], len(X))
    head, scale = _number(state, "head", int), _number(state, "scale", float)
    d = X.shape[1]
    _require(head == d or (0 < head < d and head % BOX_DIMS == 0), f"a head of at most {d}", head)
    frame = _coordinates(state["coordinates"], d)
    _require(isinstance(state["parts"], list | tuple), "a list of parts", state["parts"])
    parts = tuple(_part(part, X, head, scale, frame) for part in state["parts"])
    _check_cover(parts, codes, len(X))
    return LabelledIndex(Index(parts), classes, codes)


def _labels(classes: Any, codes: Any, n: int) -> tuple[list[Any], RowIds | None]:
    _require(isinstance(classes, list), "a list of classes", classes)
    if codes is None:
        _require(not classes, "no classes where there are no codes", classes)
        return classes, None
    return classes, _numbers_below(len(classes), _array(codes, "codes", np.int64, (n,)), "codes")


def _coordinates(state: Any, d: int) -> tree.Frame:
    names = set(tree.Frame._fields)
    _require(isinstance(state, dict) and state.keys() == names, f"coordinates with {sorted(names)}", state)
    basis = state["basis"]
    has_basis = isinstance(basis, np.ndarray) and basis.size > 0
    return tree.Frame(
        scale=_number(state, "scale", float),
        centre=_array(state["centre"], "centre", np.float64, (d,)),
        basis=_array(basis, "basis", np.float64, (d, _columns(d)) if has_basis else (0, 0)),
        axes=_numbers_below(d, _array(state["axes"], "axes", np.int64, (d,)), "axes"),
        rounding=_number(state, "rounding", float),
    )


def _part(state: Any, X: Matrix, head: int, scale: float, frame: tree.Frame) -> Part:
    _require(isinstance(state, dict) and state.keys() == _PART, f"parts with {sorted(_PART)}", state)
    n, d = X.shape
    size, ids = _number(state, "size", int), state["ids"]
    _require(size > 0 and size % TILE_ROWS == 0, f"leaves of a multiple of {TILE_ROWS} rows", size)
    _require(isinstance(ids, np.ndarray) and ids.ndim == 1 and ids.size > 0, "row numbers in a part", ids)
    ids = _numbers_below(n, _array(ids, "ids", np.int64, ids.shape), "ids")
    n_leaves = split(len(ids), size)
    boxes = n_leaves, BOX_DIMS * split(d, BOX_DIMS)

    def stored(name: str, dtype: DTypeLike, *shape: int) -> NDArray[Any]:
        return _array(state[name], name, dtype, shape)

    panels = tree.Panels(
        panels=stored("panels", np.float32, n_leaves * d * size),
        norms=stored("norms", np.float32, n_leaves * size),
        tails=stored("tails", np.float32, n_leaves * size),
        centres=stored("centres", np.float64, n_leaves, _columns(d)),
        low=stored("low", np.float32, *boxes),
        high=stored("high", np.float32, *boxes),
        slack=stored("slack", np.float64, n_leaves),
        spread=stored("spread", np.float64, n_leaves),
        first=stored("first", np.int64, n_leaves),
    )
    split_axis = _numbers_below(d, stored("split_axis", np.int64, n_leaves + 1), "split_axis")
    split_value = stored("split_value", np.float32, n_leaves + 1)
    code = _number(state, "code", int)
    return Part(code, assemble_leaves(X, ids, size, head, scale, frame, panels, split_axis, split_value))


def _check_cover(parts: tuple[Part, ...], codes: RowIds | None, n: int) -> None:
    """Every row is in one part, and that of its class."""
    found = np.zeros(n, bool)
    for code, leaves in parts:
        found[leaves.ids] = True
        of_class = code == -1 if codes is None else bool((codes[leaves.ids] == code).all())
        _require(of_class, "rows of one class in each part", code)
    n_ids = sum(len(leaves.ids) for _, leaves in parts)
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
