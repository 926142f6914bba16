"""A gate: does HEAD take more time or memory than BASE?

``python asv_bench/gate.py BASE [HEAD]`` builds both commits (HEAD left out: the working tree as it is), runs
the fast part (``fast.py``) with each, in turns, and prints for each benchmark the ratio head / base, its
interval and a verdict:

* ``loss`` or ``gain``: more or less than the tolerance, 3 % of time or 5 % of the peak of memory;
* ``same``: the interval lies within the tolerance;
* ``undecided``: none of these after ``--rounds`` rounds, for noise or because it lies at the tolerance;
* ``new``: raises in BASE, which has not got it yet; ``fails``: raises in HEAD; ``left out``: says in both
  that something lacks, a library, say; ``broken``: raises any other error, the same in both.

Exit code: 1 after a loss or a failure; 2 where a benchmark is broken or nothing was compared, and after bad
use (no such commit, a build that fails); else 0.

How often it is wrong is said in ``gating/evidence.py``: among all benchmarks and after any number of rounds,
a false loss comes at most once in 100 gates. Benchmarks are taken from the tree that this file lies in,
for both sides; dependencies from the environment that runs it. Kernels are compiled before anything is timed.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import fast
from gating import evidence, rounds, table
from gating.builds import BadUse, build, chosen, commit_of
from gating.comparison import BAD, TOLERANCE, Comparison

Runner = Callable[..., Iterator[tuple[str, rounds.Measured | rounds.Failed]]]


def _record(comparisons: dict[str, Comparison], found: rounds.Measured | rounds.Failed) -> None:
    """Add what one benchmark gave in one round to its time and its memory."""
    if isinstance(found, rounds.Failed):
        for comparison in comparisons.values():
            comparison.fail(*found)
        return
    comparisons["time"].add(*found.seconds)
    if found.peaks is None:
        comparisons["memory"].verdict = "left out"
    else:
        comparisons["memory"].add(*found.peaks)


def compare(
    sides: rounds.Sides, names: Sequence[str], limit: int, run_round: Runner, tell: Callable[[str], object]
) -> list[Comparison]:
    """Rounds until each benchmark is decided, or ``limit`` of them."""
    n_comparisons = len(TOLERANCE) * len(fast.FAST)  # whatever was chosen: its verdicts are those of all
    found = {
        name: {what: Comparison(name, what, n_comparisons, limit) for what in TOLERANCE} for name in names
    }

    def left() -> list[str]:
        return [name for name, pair in found.items() if any(c.verdict is None for c in pair.values())]

    tell(f"compiling for {len(names)} benchmarks")
    for name, result in run_round(sides, names, 0, timed=False):
        if isinstance(result, rounds.Failed):
            _record(found[name], result)
    for n in range(limit):
        if not left():
            break
        tell(f"round {n + 1}: {len(left())} of {len(names)} benchmarks")
        for name, result in run_round(sides, left(), n % 2):
            _record(found[name], result)
    return [comparison for pair in found.values() for comparison in pair.values()]


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", metavar="BASE", help="a commit")
    parser.add_argument("head", metavar="HEAD", nargs="?", help="a commit; left out: the working tree")
    parser.add_argument(
        "--only", metavar="REGEX", default="", help="only benchmarks in whose name this is found"
    )
    parser.add_argument("--rounds", metavar="N", type=int, default=evidence.LIMIT, help="at most so many")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write what was measured")
    return parser.parse_args(arguments)


def _gate(asked: argparse.Namespace) -> int:
    names = chosen(asked.only, fast.FAST)
    fewest = evidence.fewest_rounds(len(TOLERANCE) * len(fast.FAST))
    if asked.rounds < fewest:
        raise BadUse(f"--rounds must be at least {fewest}, of which a loss can be told. Got {asked.rounds}.")
    if asked.json:
        _require_writable(asked.json)
    base = commit_of(asked.base)
    head = None if asked.head is None else commit_of(asked.head)

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="gate-") as made:
        tell(f"building {asked.base} and {'the working tree' if head is None else asked.head}")
        sides = build(base, Path(made) / "base"), build(head, Path(made) / "head")
        comparisons = compare(sides, names, asked.rounds, rounds.run_round, tell)
    print(table.as_text(comparisons))
    if asked.json:
        try:
            table.write_json(asked.json, comparisons, base=base, head=head or "working tree")
        except OSError as error:
            raise BadUse(f"--json is not written: {error}.") from None
    if any(comparison.verdict in BAD for comparison in comparisons):
        return 1
    is_broken = any(comparison.verdict == "broken" for comparison in comparisons)
    return 2 if is_broken or not any(comparison.pairs for comparison in comparisons) else 0


def _require_writable(path: Path) -> None:
    """BadUse for a file that can not be written, before anything is measured."""
    was_there = path.exists()
    try:
        path.open("a").close()
    except OSError:
        raise BadUse(
            f"--json must be a file that can be written, in a folder that there is. Got {str(path)!r}."
        ) from None
    if not was_there:
        path.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    try:
        return _gate(_arguments(arguments))
    except BadUse as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; nothing is left behind.", file=sys.stderr)
        return 130


def _end(number: int, _: object) -> None:
    """What was made is taken away, and no second signal breaks that off."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


if __name__ == "__main__":
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _end)
    sys.exit(main())
