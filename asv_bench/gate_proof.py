"""How often the gate finds a planted loss, and how often it finds one where there is none.

``python asv_bench/gate_proof.py FOLDER`` prints a table of two experiments on the commit that was
HEAD when FOLDER was made:

* **planted**: a version in which five kernels do a part of their range twice, as much as makes a benchmark of
  each about 10 % slower, with the same results, and in which one function holds 8 % more memory. How large a
  part that is differs from processor to processor: it is measured first. 10 trials.
* **equal**: the commit against a copy of itself, the whole fast part. 20 trials.

A trial is a whole gate with its own rounds, two at a time where there are two cores; builds and compiled
kernels are shared. Each is kept in FOLDER as it ends, so that the command can be stopped and started again.
"""

import json
import os
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import fast
import gate
from gating import evidence, rounds, table
from gating.builds import Side, build, chosen, commit_of
from gating.comparison import BAD

PLANTED_TRIALS, EQUAL_TRIALS = 10, 20
LOSS = 0.1  # of the time of a benchmark
FIRST_SHARE = 40  # percent, to see what a part costs
NAMES = ("base", "same", "loss")  # equally long: where the stack begins depends on paths in the environment


class Plant(NamedTuple):
    """A change of a file that keeps results, and the benchmark that has to show it.

    SHARE in it stands for the percentage that is done twice.
    """

    name: str
    file: str
    before: str
    after: str
    benchmark: str  # how its name begins
    what: str = "time"


PLANTS = (
    Plant(
        "leaf scan", "neighbors/search.py",
        "            masks = tile_leaf(",
        "            for _ in range(2 if (group // TILE_ROWS + 61 * leaf) % 100 < SHARE else 1):\n"
        "              masks = tile_leaf(",
        "neighbors.Query.",
    ),
    Plant(
        "coordinates of the index", "neighbors/tree.py",
        "    for start in range(lo, hi, room):",
        "    for again in range(lo - (hi - lo) * SHARE // 100 // room * room, hi, room):\n"
        "        start = again if again >= lo else again + (hi - lo) * SHARE // 100 // room * room",
        "neighbors.Build.",
    ),
    Plant(
        "fill of new rows", "sampling/interpolate.py",
        "    for i in range(lo, hi):\n        a, b, g",
        "    for j in range(lo - (hi - lo) * SHARE // 100, hi):\n"
        "        i = j if j >= lo else j + (hi - lo) * SHARE // 100\n        a, b, g",
        "over_sampling.Smote.",
    ),
    Plant(
        "sort of runs", "metrics/sort.py",
        "        done[r] = sort_run(",
        "        for _ in range(2 if 61 * r % 100 < SHARE else 1):\n          done[r] = sort_run(",
        "metrics.RocCurve.",
    ),
    Plant(
        "cells of a stream", "metrics/stream.py",
        "    for i in range(lo, hi):\n        cell = cell_of(bits[i], flip)\n",
        "    for i in range(lo, lo + (hi - lo) * SHARE // 100):\n"
        "        if directory[cell_of(bits[i], flip) >> np.uint64(PAGE_BITS)] < 0:\n"
        "            return i\n"
        "    for i in range(lo, hi):\n        cell = cell_of(bits[i], flip)\n",
        "streaming.Update.",
    ),
    Plant(
        "rows and categories",
        "../oversample/_nominal.py",
        "    return plan_smotenc(",
        "    import numpy\n\n    held = numpy.ones(61 * len(X) // 10)\n    return plan_smotenc(",
        "over_sampling.SmoteNC.",
        "memory",
    ),
)  # fmt: skip


def plant(package: Path, shares: Mapping[str, int]) -> None:
    """Put all changes into an installed package; ``shares`` by the names of plants, in percent."""
    for change in PLANTS:
        path = package / "fastsmote" / "_kernels" / change.file
        text = path.read_text(encoding="utf-8")
        if text.count(change.before) != 1:
            raise SystemExit(f"{change.file} has changed: the plant {change.name!r} does not find its place.")
        after = change.after.replace("SHARE", str(shares[change.name]))
        path.write_text(text.replace(change.before, after), encoding="utf-8")


def shares_of_losses(base: Side, loss: Side) -> dict[str, int]:
    """What part of each kernel has to be done twice, that its benchmark takes LOSS more time.

    Twice as much of it does not take twice as long, so each step starts where the one before ends.
    """
    shares = dict.fromkeys((change.name for change in PLANTS), FIRST_SHARE)
    measured = [change for change in PLANTS if change.what == "time"]
    for _ in range(3):
        _copy(base, loss)
        plant(loss.folder, shares)
        for comparison in gate.compare((base, loss), _names(measured), 20, rounds.run_round, lambda _: None):
            if comparison.what == "time":
                (change,) = (p for p in measured if comparison.name.startswith(p.benchmark))
                more = max(comparison.ratio - 1, LOSS / 4)
                shares[change.name] = min(99, round(LOSS / more * shares[change.name]))
    return shares


def _names(changes: Sequence[Plant]) -> list[str]:
    """The benchmarks that have to show them."""
    return chosen("|".join(f"^{change.benchmark}" for change in changes).replace(".", r"\."), fast.FAST)


def _copy(side: Side, other: Side) -> None:
    """Another version without kernels, the same as the first."""
    shutil.rmtree(other.folder.parent, ignore_errors=True)
    shutil.copytree(side.folder, other.folder)


def sides(folder: Path) -> dict[str, rounds.Sides]:
    """The commit and its planted version, the commit and itself; made once."""
    base, same, loss = (Side(folder / name / "package", folder / name / "cache") for name in NAMES)
    if not (folder / "built").exists():
        shutil.rmtree(base.folder.parent, ignore_errors=True)
        commit = commit_of("HEAD")
        build(commit, base.folder.parent)
        shares = shares_of_losses(base, loss)
        _copy(base, same)
        _copy(base, loss)
        plant(loss.folder, shares)
        (folder / "built").write_text(json.dumps({"commit": commit, "shares": shares}))
    return {"planted": (base, loss), "equal": (base, same)}


def trial(path: Path, pair: rounds.Sides, names: Sequence[str]) -> None:
    """One gate, kept in a file."""
    if path.exists():
        return
    comparisons = gate.compare(pair, names, evidence.LIMIT, rounds.run_round, lambda _: None)
    table.write_json(path, comparisons)
    print(f"{path.stem}: {table.summary(comparisons)}", flush=True)


def _kept(folder: Path, experiment: str) -> list[list[dict[str, Any]]]:
    paths = sorted(folder.glob(f"{experiment}-*.json"))
    return [json.loads(path.read_text(encoding="utf-8"))["comparisons"] for path in paths]


def _done_twice(change: Plant, shares: Mapping[str, int]) -> str:
    return f"{shares[change.name]} %" if "SHARE" in change.after else ""


def report(folder: Path) -> str:
    """What is there, as a table."""
    built = json.loads((folder / "built").read_text())
    lines = [
        f"Commit {built['commit'][:7]}.",
        "",
        "| planted | done twice | benchmark | ratio (least .. most) | rounds | found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    trials = _kept(folder, "planted")
    for change in PLANTS if trials else ():
        seen = [
            c
            for t in trials
            for c in t
            if c["benchmark"].startswith(change.benchmark) and c["what"] == change.what
        ]
        ratios = sorted(c["ratio"] for c in seen)
        n_rounds = statistics.median(len(c["rounds"]) for c in seen)
        found = sum(c["verdict"] == "loss" for c in seen)
        middle = f"{statistics.median(ratios):.3f} ({ratios[0]:.3f} .. {ratios[-1]:.3f})"
        lines.append(
            f"| {change.name}, {change.what} | {_done_twice(change, built['shares'])} "
            f"| {seen[0]['benchmark']} | {middle} | {n_rounds:g} | {found} of {len(seen)} |"
        )
    equal = _kept(folder, "equal")
    alarms = [[c for c in t if c["verdict"] in BAD] for t in equal]
    said = [c["verdict"] for t in equal for c in t]
    lines.append("")
    lines.append(f"Equal commits: {sum(map(bool, alarms))} alarms in {len(equal)} gates.")
    lines.append(f"Their verdicts: {', '.join(f'{said.count(v)} {v}' for v in sorted(set(said)))}.")
    lines += [f"Alarm: {c['benchmark']}, {c['what']}, {c['ratio']:.3f}" for t in alarms for c in t]
    return "\n".join(lines)


def main() -> None:
    """All trials that are not there yet, and the table."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    made = sides(folder)
    planted = [folder / f"planted-{n:02}.json" for n in range(PLANTED_TRIALS)]
    equal = [folder / f"equal-{n:02}.json" for n in range(EQUAL_TRIALS)]
    with ProcessPoolExecutor(min(2, len(os.sched_getaffinity(0)))) as pool:
        ends = [pool.map(trial, planted, repeat(made["planted"]), repeat(_names(PLANTS)))]
        ends += [pool.map(trial, equal, repeat(made["equal"]), repeat(fast.FAST))]
        for end in ends:
            list(end)
    print(report(folder))


if __name__ == "__main__":
    main()
