"""What results show of themselves: a few lines of text, a table in notebooks, a dict that is JSON, a frame.

A class says what is to be seen, once: a title, facts under it, what it holds, and its columns where it is a
table. All forms are made of that here, so that they look alike and nothing that a user named can be taken for
HTML.
"""

from __future__ import annotations

import dataclasses
import html
import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

import narwhals as nw
import numpy as np

from fastsmote._core.check import check_word

_FACTS, _WIDTH = 8, 100  # of a text; in notebooks facts stand in full
_ENDS = 5  # rows of a table that notebooks show, at each end


class Summary(NamedTuple):
    """What is to be seen of a result."""

    title: str
    facts: Mapping[str, str] = {}


class Shown:
    """A result that people look at: ``_summary`` says what they see, ``_contents`` what it holds."""

    __slots__ = ()

    def _summary(self) -> Summary:
        raise NotImplementedError

    def _contents(self) -> Any:
        return self

    def __repr__(self) -> str:
        try:
            title, facts = self._summary()
        except Exception as error:  # made by hand of anything, or in use by another thread
            return f"<{type(self).__name__} that can not be shown: {type(error).__name__}>"
        lines = [_cut(f"  {name}: {text}") for name, text in facts.items()]
        if len(lines) > _FACTS:
            lines[_FACTS - 1 :] = [f"  ... and {len(lines) - _FACTS + 1} more"]
        return "\n".join([_cut(f"{type(self).__name__}: {title}"), *lines])

    def _repr_html_(self) -> str:
        try:
            title, facts = self._summary()
        except Exception:  # as above
            return f"<pre>{html.escape(repr(self))}</pre>"
        return f"<p><b>{type(self).__name__}</b>: {html.escape(title)}</p>" + _html_table(facts.items())

    def to_dict(self) -> dict[str, Any]:
        """All that the result holds, as a dict that ``json.dumps`` takes.

        Returns
        -------
        dict
            Arrays are lists, records dicts, labels as keys texts. Infinity and NaN, which JSON lacks, are
            None.

        Notes
        -----
        O(size) time and memory, as Python objects.
        """
        held: dict[str, Any] = plain(self._contents())
        return held


class ShownTable(Shown):
    """A result that is a table as well: ``_columns`` are arrays of one length."""

    __slots__ = ()

    def _columns(self) -> Mapping[str, Any]:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        try:
            columns = {name: np.asarray(column) for name, column in self._columns().items()}
            n = min(map(len, columns.values()), default=0)
            places = range(n) if n <= 2 * _ENDS else [*range(_ENDS), None, *range(n - _ENDS, n)]
            rows = [["..." if i is None else brief(c[i]) for c in columns.values()] for i in places]
        except Exception:  # as above
            return super()._repr_html_()
        return super()._repr_html_() + _html_table(rows, columns)

    def to_frame(self, backend: Literal["pandas", "polars", "pyarrow"] = "pandas") -> Any:
        """The result as a frame, a row for each entry.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"}, default="pandas"
            Whose frame it is; this package has to be installed.

        Returns
        -------
        DataFrame or Table

        Raises
        ------
        ValueError
            Another backend.
        ModuleNotFoundError
            The package is not installed.

        Notes
        -----
        O(size) time and memory.
        """
        backend = check_word(backend, "backend", ("pandas", "polars", "pyarrow"))
        columns = {name: np.asarray(column) for name, column in self._columns().items()}
        return nw.from_dict(columns, backend=backend).to_native()


def brief(value: Any) -> str:
    """A number, label or text as people read it: numbers with four digits, texts in quotes."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float):
        return rounded(value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else repr(value)


def rounded(value: float, sign: str = "", digits: int = 4) -> str:
    """A number of so many digits, whole where these are fewer than it has."""
    return f"{value:{sign},.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:{sign}.{digits}g}"


def briefly(**numbers: Any) -> dict[str, str]:
    """Facts of numbers by name, with spaces for underscores."""
    return {name.replace("_", " "): brief(value) for name, value in numbers.items()}


def plain(value: Any) -> Any:
    """What ``json.dumps`` takes: dicts, lists, texts, finite numbers, bools and None."""
    if isinstance(value, np.ndarray | np.generic):
        finite = value.dtype.kind in "biu" or (value.dtype.kind == "f" and np.isfinite(value).all())
        value = value.tolist()
        if finite:
            return value
    if dataclasses.is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        value = dict(zip(value._fields, value, strict=True))
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int) else str(value)


def _cut(line: str) -> str:
    line = " ".join(line.splitlines())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 4]} ..."


def _html_table(rows: Iterable[Iterable[str]], names: Iterable[str] = ()) -> str:
    """Rows of texts, escaped, under names of columns."""
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"
