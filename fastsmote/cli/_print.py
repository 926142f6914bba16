"""Results on standard output: tables that fit the terminal without a number cut, lines, or JSON.

Text of files (labels, names of columns, paths) is shown as it is: brackets are no markup.
"""

import json
import math
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastsmote.cli._plain import plain

_ANY_WIDTH = 10_000  # tables that go to a file are as wide as they need


class OutputLostError(Exception):
    """Standard output takes no more: closed, full, or a pipe that nobody reads."""


class Grid:
    """A table of text: words, which are wrapped, in the first column and those of ``text``, else numbers."""

    def __init__(
        self, *columns: str, text: Sequence[str] = (), header: bool = True, title: str = "", caption: str = ""
    ):
        self.columns = [plain(name) for name in columns]
        self.is_text = [i == 0 or name in text for i, name in enumerate(columns)]
        self.header = header
        self.title = title
        self.caption = caption
        self.rows: list[list[str]] = []

    def add(self, *cells: str) -> None:
        """A row of as many cells as there are columns."""
        self.rows.append([plain(cell) for cell in cells])

    def parts(self, width: int) -> Iterator[Table]:
        """One table, or where its columns do not fit several, each with the first column again."""
        lengths = [self._lengths(i, width) for i in range(len(self.columns))]
        chosen = [0]
        for i in range(1, len(lengths)):
            if len(chosen) > 1 and _width([lengths[j][0] for j in (*chosen, i)]) > width:
                yield self._table(chosen, lengths, width, last=False)
                chosen = [0]
            chosen.append(i)
        yield self._table(chosen, lengths, width, last=True)

    def _lengths(self, i: int, width: int) -> tuple[int, int]:
        """Least and natural width of a column; only words longer than a third of the line are broken."""
        cells = [row[i] for row in self.rows]
        words = [word for text in (self.columns[i], *cells) for word in text.split()]
        natural = max(map(cell_len, (self.columns[i], *cells)))
        if self.is_text[i]:
            return min(max(map(cell_len, words), default=0), max(12, width // 3)), natural
        return max(map(cell_len, (*self.columns[i].split(), *cells)), default=0), natural

    def _table(self, chosen: list[int], lengths: list[tuple[int, int]], width: int, last: bool) -> Table:
        widths = [lengths[i][0] for i in chosen]
        spare = width - _width(widths)
        for place, i in enumerate(chosen):
            more = min(max(spare, 0), lengths[i][1] - widths[place])
            widths[place] += more
            spare -= more
        table = Table(show_header=self.header, title=self.title or None, title_justify="left")
        table.caption = self.caption if last and self.caption else None
        for i, column_width in zip(chosen, widths, strict=True):
            justify: Any = "left" if self.is_text[i] else "right"
            table.add_column(Text(self.columns[i]), justify=justify, width=column_width, overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(row[i]) for i in chosen))
        return table


def _width(widths: Sequence[int]) -> int:
    return sum(widths) + 3 * len(widths) + 1


class _Output(Console):
    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704  # called where BrokenPipeError is handled


def terminal_width(aside: bool = False) -> int:
    """Columns to print in."""
    return Console().width if (sys.stderr if aside else sys.stdout).isatty() else _ANY_WIDTH


def show(*parts: str | Grid, aside: bool = False, wrap: bool = True) -> None:
    """Print lines, on terminals broken at words, and tables; ``aside``: on stderr."""
    width = terminal_width(aside)
    stream = sys.stderr if aside else sys.stdout
    try:
        for part in parts:
            if isinstance(part, str):
                line = plain(part)
                print(_wrapped(line, width) if wrap and stream.isatty() else line, file=stream)
                continue
            for table in part.parts(width):
                needed = _width([column.width or 0 for column in table.columns])
                _Output(width=max(width, needed), highlight=False, file=stream).print(table)
        stream.flush()
    except OSError as error:
        raise OutputLostError(reason(error)) from error


def _wrapped(line: str, width: int) -> str:
    """A line in lines of a terminal, broken between words."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def reason(error: OSError) -> str:
    """What the system says, without number and path."""
    return error.strerror or (os.strerror(error.errno) if error.errno else str(error))


class Report:
    """What a command has to say, in the form that was asked for: text, ``--json``, or nothing."""

    def __init__(self, as_json: bool = False, quiet: bool = False):
        self.as_json = as_json
        self.quiet = quiet
        self.aside = False  # standard output has data

    def say(self, facts: dict[str, Any], *parts: str | Grid) -> None:
        """``facts`` as one JSON object, or ``parts`` for people."""
        if self.as_json:
            show(json.dumps(_jsonable(facts), allow_nan=False), aside=self.aside, wrap=False)
        elif not self.quiet:
            show(*parts, aside=self.aside)


def _jsonable(value: Any) -> Any:
    """Numbers of NumPy as Python's; null for what is not finite, which JSON can not hold."""
    if isinstance(value, dict):
        return {str(key): _jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
