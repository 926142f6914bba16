"""What each step did: the fast part over commits from the first engine on.

``python history.py run NAME`` measures the steps that have no results yet, on a machine that the results
are to call NAME, and writes the page; broken off, it goes on where it was. ``python history.py write``
writes the page alone. ``kept/`` holds what is kept of asv's results; asv publishes it once it lies in
``results/``.
"""

import argparse
import itertools
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import fast
import history_page
from asv.machine import Machine, MachineCollection

FOLDER = Path(__file__).parent
KEPT, RESULTS = FOLDER / "kept", FOLDER / "results"

# Commit, what the step was.
STEPS = (
    ("2b762d7", "the first engine; its data are another draw of the same kind"),
    (
        "ca6b7a9",
        "tiles centred on leaves, boxes left early, many queries slower until step 3; curves and areas",
    ),
    ("f047c6d", "kernels without reference counts, a tile in two stages"),
    ("b798c4c", "the tile bounds what further dimensions add by their norms"),
    (
        "b703b21",
        "queries that are rows of X go by the leaves that hold them; links have a search of their own",
    ),
    (
        "df9c82f",
        "a scale for each size of query, robust axes, votes for many classes; all cleaners are there",
    ),
    ("eb77c46", "all over-samplers on one record of a request"),
    ("8b8eb2e", "counts of other classes by bounds of their own, the own class searched once"),
    ("7f901e7", "thresholds, streams, metrics of labels, the bootstrap"),
    ("3238df2", "the drop-in classes; before them calibration, priors, weights, losses, leakage"),
    ("11d5870", "curves: runs of whole cells, pairs exchanged before insertion"),
    ("b2db87a", "priors, losses and scans go over slices"),
    ("b88da9a", "rooms by topic, tables are looked at once"),
    ("9894637", "what is given is checked, whatever it is"),
    ("8ba0563", "small calls cost less, half the code to compile"),
)


def main():
    parser = argparse.ArgumentParser(description="The fast part over the history.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="measure the steps that have no results, and write the page")
    run.add_argument("machine", help="what the results are to call this machine")
    commands.add_parser("write", help="write the page from the results that are there")
    arguments = parser.parse_args()
    if arguments.command == "run":
        measure_steps(arguments.machine)
    history_page.write(STEPS, KEPT, FOLDER.parent / "docs")


def measure_steps(machine):
    describe_machine(machine)
    for commit, _ in STEPS:
        if not list((KEPT / machine).glob(f"{commit}*.json")):
            bench = ["run", f"{commit}^!", "--bench", fast.pattern(), "--machine", machine]
            run_asv(*bench, "--quick", "--dry-run")  # compiles the kernels
            run_asv(*bench)
            keep(machine, commit)


def describe_machine(machine):
    """Has asv know this machine by another name than its host's."""
    facts = Machine.get_defaults()
    memory = f"{int(facts['ram']) / 2**30:.0f} GB"
    MachineCollection.save(machine, facts | {"machine": machine, "os": platform.system(), "ram": memory})


def run_asv(*words):
    """asv, in this folder, with one thread; what an earlier version lacks or fails is no reason to stop."""
    command = [sys.executable, "-m", "asv", *words]
    done = subprocess.run(command, cwd=FOLDER, env=os.environ | fast.ONE_THREAD, check=False)
    if done.returncode not in (0, 2):
        sys.exit(f"asv ended with {done.returncode}")


def keep(machine, commit):
    """Copies what the fast part needs of asv's results: arguments that were not measured are left out."""
    (KEPT / machine).mkdir(parents=True, exist_ok=True)
    (found,) = (RESULTS / machine).glob(f"{commit}*.json")
    measured = json.loads(found.read_text())
    measured["results"] = {
        name: narrow_row(name, row, measured["result_columns"])
        for name, row in sorted(measured["results"].items())
        if name in arguments_of()
    }
    write_json(KEPT / machine / found.name, measured)
    write_json(KEPT / machine / "machine.json", json.loads((RESULTS / machine / "machine.json").read_text()))
    benchmarks = json.loads((RESULTS / "benchmarks.json").read_text())
    kept = {"version": benchmarks["version"]}
    for name in sorted(arguments_of()):
        benchmark = benchmarks[name]
        kept[name] = benchmark | {"code": "", "params": chosen_params(name, benchmark["params"])}
    write_json(KEPT / "benchmarks.json", kept)


def arguments_of():
    """Of each benchmark of the fast part: its arguments, written as asv writes them."""
    arguments = {}
    for entry in fast.FAST:
        name, _, _ = entry.partition("(")
        arguments.setdefault(name, []).append(tuple(map(repr, fast.resolve(entry)[2])))
    return arguments


def chosen_params(name, params):
    chosen = list(zip(*arguments_of()[name], strict=True))
    return [[value for value in axis if value in chosen[i]] for i, axis in enumerate(params)]


def narrow_row(name, row, columns):
    """A row of asv's results with the arguments of the fast part alone."""
    params = row[columns.index("params")]
    narrow = chosen_params(name, params)
    places = {combination: i for i, combination in enumerate(itertools.product(*params))}
    chosen = [places[combination] for combination in itertools.product(*narrow)]
    kept = []
    for column, value in zip(columns, row, strict=False):  # asv leaves empty columns at the end out
        if column == "params":
            kept.append(narrow)
        elif isinstance(value, list):
            kept.append([value[i] for i in chosen])
        else:
            kept.append(value)
    return kept


def write_json(path, content):
    path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
