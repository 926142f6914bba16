"""The text of a CSV file in UTF-8, in blocks of whole records: where a record ends is decided here.

Arrow cuts a file into blocks at line breaks, those in quotes too. Its option for line breaks in values looks
at quotes, but drops a LF in quotes that follows a CR across two reads. What ``read`` returns is one block to
Arrow, however long, and a block that ends where a record ends is not cut again. So cells are those of
Python's ``csv.reader``.
"""

import codecs
from functools import partial
from io import BufferedIOBase

import numpy as np
import numpy.typing as npt

from fastsmote.cli._show import UserError

_BLOCK = 1 << 20
_QUOTE, _LF, _CR = b'"\n\r'
_BREAKS = b"\r\n"

Block = bytes | bytearray | memoryview
_MARKS = {  # UTF-32 first: its mark begins with that of UTF-16
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}

_OTHER_FILES = ((b"\x1f\x8b", "compressed text", ".csv.gz"), (b"PAR1", "a Parquet table", ".parquet"))


class Records:
    """A file for Arrow to read: each ``read`` returns whole records, whatever length it asks for.

    Lines that begin with ``comment`` are emptied, which leaves line numbers as they are.
    """

    closed = False

    def __init__(
        self,
        file: BufferedIOBase,
        name: str,
        delimiter: str,
        encoding: str,
        comment: str,
        block: int = _BLOCK,
    ) -> None:
        self._file = file
        self._name = name
        self._encoding = encoding
        self._decoder = None
        if codecs.lookup(encoding).name != "utf-8":
            self._decoder = codecs.getincrementaldecoder(encoding)()
        self._delimiter = delimiter.encode()
        self._comment = comment.encode()
        self._block = block
        self._again = partial(Records, file, name, delimiter, encoding, comment, block)
        self._rest = bytearray()
        self._n_passed = 0  # blocks before the rest
        self._at_start = True
        self._start = b""
        self._at_end = False

    def readable(self) -> bool:
        """Arrow asks for it."""
        return True

    def read(self, size: int = -1) -> Block:
        """The next records, nothing at the end. Empty lines come with a row behind them: Arrow wants one."""
        blocks: list[Block] = []
        while not self._at_end:
            block = self._next()
            blocks.append(block)
            if len(block) and (block[0] not in _BREAKS or bytes(block).strip(_BREAKS)):
                return block if len(blocks) == 1 else b"".join(blocks)
        return b""

    def _next(self) -> Block:
        """The next records; none if none ends in what was read. A long one is read in steps that double."""
        data = self._more(max(self._block, len(self._rest)))
        self._n_passed += 1
        if self._at_start:
            if len(data) < len(codecs.BOM_UTF8) and not self._at_end:
                self._rest = data
                return b""
            self._start = bytes(data[:4])
            data = data.removeprefix(codecs.BOM_UTF8)
            self._at_start = False
        toggles, comments = self._places(data)
        end = _end_of_records(data, toggles)
        if self._at_end:
            if len(toggles) % 2:
                raise self._open_quote(data[: int(toggles[-1])])
            if not data.endswith((b"\n", b"\r")):
                data += b"\n"  # Arrow takes no first row without it
            end = len(data)
        if self._decoder is None and not data.isascii():
            self._check_utf8(data[:end])
        self._rest = data[end:]
        return _emptied(data[:end], comments) if comments else memoryview(data)[:end]

    def _more(self, size: int) -> bytearray:
        """The rest and about ``size`` bytes more, in UTF-8.

        One allocation a block: memory that is new each time costs more than all that is asked of the text.
        """
        n = len(self._rest)
        if self._decoder is not None:
            text = self._decoded(size)
            self._at_end = not text
            return self._rest + text
        data = bytearray(n + size)
        data[:n] = self._rest
        with memoryview(data) as view:
            n_read = self._file.readinto(view[n:])
        self._at_end = n_read == 0
        del data[n + n_read :]
        return data

    def _decoded(self, size: int) -> bytes:
        """About ``size`` bytes more; nothing at the end."""
        assert self._decoder is not None
        while True:
            data = self._file.read(size)
            try:
                text = self._decoder.decode(data, final=not data).encode()
            except UnicodeError as error:
                raise UserError(
                    f"{self._name}: is not {self._encoding} text ({_reason(error)}); pass the encoding that "
                    "it has as --encoding."
                ) from None
            if text or not data:
                return text

    def _check_utf8(self, block: bytearray) -> None:
        try:
            block.decode()
        except UnicodeDecodeError as error:
            self._refuse_other_files()
            line = self._line(block[: error.start])
            likely = "cp1252"
            if self._n_passed == 1:
                likely = next((name for name, marks in _MARKS.items() if block.startswith(marks)), likely)
            raise UserError(
                f"{self._name}: is not UTF-8 text: line {line:,} has the byte 0x{block[error.start]:02x}. "
                f"Pass the encoding that it has, such as --encoding {likely}."
            ) from None

    def _refuse_other_files(self) -> None:
        """Name what a file holds instead of text."""
        for mark, holds, suffix in _OTHER_FILES:
            if self._start.startswith(mark):
                raise UserError(f"{self._name}: holds {holds}, no text; its name must end in {suffix}.")

    def _places(self, data: bytearray) -> tuple[npt.NDArray[np.int64], list[tuple[int, int]]]:
        """Where quotes begin and end in turns, and where comments are."""
        comment = self._comment
        if comment and (data.startswith(comment) or b"\n" + comment in data or b"\r" + comment in data):
            return self._search(data)
        places = _quotes(data, self._delimiter)
        return self._search(data) if places is None else (places, [])

    def _search(self, data: bytearray) -> tuple[npt.NDArray[np.int64], list[tuple[int, int]]]:
        """The same, quote by quote: others than those that may open a cell are looked at in cells only."""
        toggles: list[int] = []
        comments = []
        at = 0
        for place in _openings(data, self._delimiter, self._comment).tolist():
            if place < at:
                continue
            if data[place] == _QUOTE:
                toggles.append(place)
                at = _closing(data, place + 1)
                if at < 0:
                    break
                toggles.append(at)
                at += 1
            elif data.startswith(self._comment, place):
                ends = [end for end in (data.find(b"\n", place), data.find(b"\r", place)) if end >= 0]
                at = min(ends, default=len(data))
                comments.append((place, at))
        return np.array(toggles, np.int64), comments

    def _open_quote(self, before: bytearray) -> UserError:
        return UserError(
            f"{self._name}: can not be read: the quote that opens a cell in line {self._line(before):,} is "
            "never closed; close it, or double it and put the cell in quotes if it belongs to the text."
        )

    def _line(self, before: bytearray) -> int:
        """The line behind what passed and ``before``: counted anew, which each block would pay for."""
        self._file.seek(0)
        again = self._again()
        return (
            sum(_count_lines(bytes(again._next())) for _ in range(self._n_passed - 1))
            + _count_lines(before)
            + 1
        )


def _openings(data: bytearray, delimiter: bytes, comment: bytes) -> npt.NDArray[np.intp]:
    """Where a quote or a comment would begin, were nothing in quotes."""
    text = np.frombuffer(data, np.uint8)
    before = np.concatenate([np.frombuffer(b"\n", np.uint8), text[:-1]])
    first = (before == _LF) | (before == _CR)
    opens = (text == _QUOTE) & (first | (before == delimiter[0]))
    if comment:
        opens |= (text == comment[0]) & first
    return np.flatnonzero(opens)


def _closing(data: bytearray, start: int) -> int:
    """The quote that closes a cell, below 0 if none does; two in a row are one that is text."""
    end = data.find(b'"', start)
    while end >= 0 and data[end + 1 : end + 2] == b'"':
        end = data.find(b'"', end + 2)
    return end


def _quotes(data: bytearray, delimiter: bytes) -> npt.NDArray[np.int64] | None:
    """Where each quote is, if all come in pairs that open a cell and close it or double a quote; else None.

    A quote that opens has no cell before it, or the quote that would have closed it. Others are text.
    """
    if b'"' not in data:
        return np.empty(0, np.int64)
    text = np.frombuffer(data, np.uint8)
    places = np.flatnonzero(text == _QUOTE)
    opening = places[::2]
    before = text[opening - 1]
    wrong = (before != delimiter[0]) & (before != _LF) & (before != _CR) & (before != _QUOTE) & (opening > 0)
    return None if wrong.any() else places


def _end_of_records(data: bytearray, toggles: npt.NDArray[np.int64]) -> int:
    """Where the last record ends that is known to be whole."""
    end = len(data)
    while True:
        last = data.rfind(b"\n", 0, end)
        last = max(last, data.rfind(b"\r", last + 1, min(end, len(data) - 1)))  # LF may follow the last byte
        n_before = int(toggles.searchsorted(last))
        if last < 0 or n_before % 2 == 0:
            return last + 1
        end = int(toggles[n_before - 1])


def _count_lines(data: bytes | bytearray) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _emptied(block: bytearray, comments: list[tuple[int, int]]) -> bytes:
    """Without its comments; those behind the block come again."""
    parts: list[bytes | bytearray] = []
    start = 0
    for first, last in comments:
        if first >= len(block):
            break
        parts.append(block[start:first])
        start = last
    return b"".join([*parts, block[start:]])


def _reason(error: UnicodeError) -> str:
    return error.reason if isinstance(error, UnicodeDecodeError) else str(error)
