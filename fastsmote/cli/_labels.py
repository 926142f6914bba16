"""Labels of a CSV file are text: which of them are positive, and what they are in a file that has types."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fastsmote.streaming import StreamingSweep

NUMBER = r"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*"

_WHOLE = re.compile(r"[-+]?[0-9]{1,300}")  # Python refuses to read much longer ones
_TRUTH = {"true": 1, "false": 0}
_AS_WRITTEN = [  # types, and how they write: the text of each label must be that
    (pa.int64(), re.compile(r"0|-?[1-9][0-9]*")),
    (pa.float64(), re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")),
    (pa.bool_(), re.compile("true|false")),
    (pa.bool_(), re.compile("True|False")),
    (pa.bool_(), re.compile("TRUE|FALSE")),
]


def number_pattern(decimal: str) -> str:
    """How numbers are written with this mark before decimals."""
    return NUMBER.replace(r"\.", re.escape(decimal))


class PositiveText:
    """Which labels are positive: those of the same text, or of the same value (1, 1.0 and true)."""

    def __init__(self, positive: str | None, decimal: str) -> None:
        self._positive = positive
        self._decimal = decimal
        self._seen: dict[str, float | None] = {}

    def codes(self, labels: pa.Array) -> pa.Array:
        """1 for positive labels, 0 for others. ValueError: which are positive must be said."""
        encoded = labels.dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        if self._positive is None:
            self._check(texts)
        expected = 1 if self._positive is None else self._value(self._positive)
        positive = [
            text == self._positive or (expected is not None and self._value(text) == expected)
            for text in texts
        ]
        return pc.take(
            pa.array(positive, pa.int8() if not positive else None).cast(pa.int8()), encoded.indices
        )

    def _value(self, text: str) -> float | None:
        """The number that a label is; None for other text."""
        text = text.strip(" \t")
        if _WHOLE.fullmatch(text):
            return int(text)
        number = text.replace(self._decimal, ".")
        return float(number) if re.fullmatch(NUMBER, number) else _TRUTH.get(text.lower())

    def _check(self, texts: list[str]) -> None:
        """Refuse, in the words of the function, labels that do not say by themselves which is positive."""
        new = {text: self._value(text) for text in texts if text not in self._seen}
        if not new:
            return
        self._seen |= new
        values = list(self._seen.values())
        labels = list(self._seen) if None in values else values
        StreamingSweep().update(labels, np.zeros(len(labels)))


def as_written(table: pa.Table, place: int) -> tuple[pa.Field, pa.ChunkedArray]:
    """A column of text as numbers or truth values, where each is written as these are: 1, but not 007."""
    field, labels = table.field(place), table.column(place)
    texts = pc.unique(labels).to_pylist()
    for kind, pattern in _AS_WRITTEN:
        if all(map(pattern.fullmatch, texts)):
            try:
                typed = labels.cast(kind)
            except pa.ArrowException:  # beyond 64 bits
                continue
            if kind != pa.float64() or all(repr(float(text)) == text for text in texts):
                return field.with_type(kind), typed
    return field, labels
