"""The time or the memory of one benchmark, round by round."""

import math
import statistics
from dataclasses import dataclass, field
from typing import Any

from gating import evidence

TOLERANCE = {"time": 0.03, "memory": 0.05}
FLOOR = {"time": 0.0, "memory": 1 << 24}  # smaller peaks count as this: pages of 2 MiB come and go by chance
BAD = ("loss", "fails")  # verdicts with which a gate ends in 1


@dataclass
class Comparison:
    """What the rounds gave for one benchmark, and what follows."""

    name: str
    what: str  # "time" or "memory"
    n_comparisons: int  # of the whole gate
    limit: int  # rounds
    pairs: list[tuple[float, float]] = field(default_factory=list)  # base and head
    verdict: str | None = None
    error: str = ""

    @property
    def logs(self) -> list[float]:
        floor = FLOOR[self.what]
        return [math.log(max(head, floor) / max(base, floor)) for base, head in self.pairs]

    @property
    def ratio(self) -> float:
        return math.exp(statistics.median(self.logs))

    @property
    def interval(self) -> tuple[float, float]:
        return evidence.interval(self.logs, self.limit)

    @property
    def said(self) -> str:
        return self.verdict or "undecided"

    def add(self, base: float, head: float) -> None:
        """One more round, and a verdict if it suffices; a verdict stays."""
        if self.verdict is None:
            self.pairs.append((base, head))
            self.verdict = evidence.verdict(self.logs, TOLERANCE[self.what], self.n_comparisons, self.limit)

    def fail(self, base: str | None, head: str | None) -> None:
        """The benchmark raised: in head it fails, in base alone it is new, the same in both is no answer.

        With NotImplementedError benchmarks say what is not there to be measured.
        """
        if head is None:
            self.verdict, self.error = "new", f"base raises {base}"
        elif base == head:
            self.verdict = "left out" if head.startswith(NotImplementedError.__name__) else "broken"
            self.error = f"both raise {head}"
        else:
            self.verdict, self.error = "fails", f"head raises {head}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON; a bound that is not there yet is null."""
        measured: dict[str, Any] = {}
        if self.pairs:
            between = [None if math.isinf(bound) else bound for bound in self.interval]
            measured = {"ratio": self.ratio, "interval": between, "rounds": self.pairs}
        told = {"error": self.error} if self.error else {}
        return {"benchmark": self.name, "what": self.what, "verdict": self.said} | measured | told
