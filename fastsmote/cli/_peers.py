"""What a benchmark compares: subjects, and the implementations of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

FASTSMOTE = "fastsmote"  # in the column of implementations

Arrays = dict[str, np.ndarray]
Call = Callable[[np.ndarray, np.ndarray], Any]
Keep = Callable[[Any, np.ndarray, np.ndarray], Arrays]  # what of a result is compared
Build = Callable[[], tuple[Call, Keep]]


@dataclass(frozen=True)
class Peer:
    """An implementation: its name in the table, the distribution that it needs, how its call is built."""

    name: str
    requires: tuple[str, ...]
    build: Build
    max_rows: int | None = None  # with more it would take more memory than a machine like this one has


@dataclass(frozen=True)
class Subject:
    """``table`` names the data, which ``_bench`` makes; ``compare`` words the largest difference.

    With ``calls``, each implementation is called so often at full size; without, as often as time allows, a
    slow one with fewer rows.
    """

    table: str
    peers: tuple[Peer, ...]
    compare: Callable[[Arrays, Arrays], str]
    max_rows: int | None = None
    calls: int | None = None

    @property
    def data(self) -> str:
        """Arguments of a call: "rows" are (X, y), "scores" (y_true, y_score)."""
        return "scores" if self.table == "scores" else "rows"

    def most_rows(self, name: str) -> int | None:
        """What an implementation can do at most."""
        return next(peer.max_rows for peer in self.peers if peer.name == name)
