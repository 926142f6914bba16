"""Rounds: two fresh workers, one of each side, that run the same benchmark in turns.

Both live at the same time and only one computes: slices of some milliseconds alternate between the sides, in
the order A B B A and on the same core, so that a machine or a core that becomes slower does so for both. (Two
cores of a Zen 4: on a core each, equal sides of the drop-in of edited nearest neighbours differed by 4 to
12 %, on one core by 1 %.) What differs from process to process (where arrays, pages and machine code lie)
differs between rounds, whose number the decision counts.

Workers have one thread: see ``worker``. So the peak of memory does not depend either on which blocks happen
to run side by side.
"""

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import fast

from gating.builds import Side

SLICE = 0.02  # seconds of calls before it is the other's turn
BUDGET = 0.2  # seconds of calls for a side, a benchmark and a round
FEWEST, MOST = 2, 10  # slices
_FOLDER = Path(__file__).parent


class Measured(NamedTuple):
    """One benchmark in one round: seconds of a call, and bytes at its peak, of base and head."""

    seconds: tuple[float, float]
    peaks: tuple[float, float] | None


class Failed(NamedTuple):
    """What the benchmark raised in base and in head, None where it ran."""

    base: str | None
    head: str | None


class Raised(Exception):
    """A benchmark raised in a worker, or ended its process."""


class Worker:
    """A process that runs benchmarks with the fastsmote of one side."""

    def __init__(self, side: Side) -> None:
        paths = [str(side.folder), str(_FOLDER.parent), os.environ.get("PYTHONPATH", "")]
        own = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "FASTSMOTE_CACHE": str(side.cache)}
        self._messages = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, str(_FOLDER / "worker.py")],
            env=os.environ | fast.ONE_THREAD | own, cwd=side.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._messages,
        )  # fmt: skip
        self.is_alive = True

    def tell(self, **command: Any) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # a process that has ended has no answer either
            print(json.dumps(command), file=self._process.stdin, flush=True)

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.is_alive = False
            self._messages.seek(0)
            last = self._messages.read().strip().splitlines()[-1:]
            raise Raised("".join(last) or f"exit code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Raised(answer["error"])
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._messages.close()


Pair = tuple[Worker, Worker]
Sides = tuple[Side, Side]


@contextlib.contextmanager
def workers(sides: Sides) -> Iterator[Pair]:
    """A fresh pair; they are gone afterwards, whatever happens."""
    with contextlib.ExitStack() as stack:
        pair = []
        for side in sides:
            pair.append(Worker(side))
            stack.callback(pair[-1].end)
        yield pair[0], pair[1]


def _ask(asked: Sequence[Worker | None], **command: Any) -> tuple[list[dict[str, Any]], list[str | None]]:
    """Answers and errors of those asked, who work side by side."""
    answers: list[dict[str, Any]] = [{}, {}]
    errors: list[str | None] = [None, None]
    for worker in filter(None, asked):
        worker.tell(**command)
    for place, worker in enumerate(asked):
        try:
            answers[place] = worker.answer() if worker else {}
        except Raised as error:
            errors[place] = str(error)
    return answers, errors


def measure(pair: Pair, name: str, first: int, *, timed: bool = True) -> Measured | Failed:
    """Set up on both sides at once; then time in turns, from side ``first`` on."""
    opened, errors = _ask(pair, open=name)
    if any(errors):
        return Failed(*errors)
    longest = max(answer["seconds"] for answer in opened)
    n_calls = max(1, round(SLICE / longest))
    n_slices = min(MOST, max(FEWEST, round(BUDGET / (longest * n_calls)))) if timed else 0
    _ask(pair, stay=random.random())
    least = [answer["seconds"] for answer in opened]
    for turn in range(2 * n_slices):
        side = (first + (turn + 1) // 2) % 2
        answers, errors = _ask(
            [worker if place == side else None for place, worker in enumerate(pair)], time=n_calls
        )
        if any(errors):
            return Failed(*errors)
        least[side] = min(least[side], *answers[side]["seconds"])
    _, errors = _ask(pair, close=True)
    if any(errors):
        return Failed(*errors)
    peaks = opened[0]["peak"], opened[1]["peak"]
    return Measured((least[0], least[1]), None if None in peaks else peaks)


def run_round(
    sides: Sides, names: Sequence[str], first: int, *, timed: bool = True
) -> Iterator[tuple[str, Measured | Failed]]:
    """Every benchmark once, in one fresh pair; in another, behind one that ended its process."""
    left = list(names)
    while left:
        with workers(sides) as pair:
            while left and all(worker.is_alive for worker in pair):
                name = left.pop(0)
                yield name, measure(pair, name, first, timed=timed)
