"""The page of the history: a picture and a table for each group of benchmarks, from kept results."""

import itertools
import json
import math
import sys
from datetime import UTC, datetime
from pathlib import Path

import fast

GROUPS = {  # by modules of the benchmarks
    "Neighbours": ("neighbors",),
    "Over-sampling": ("over_sampling", "plans", "options"),
    "Cleaning and under-sampling": ("cleaning", "under_sampling"),
    "Metrics": ("metrics", "streaming", "bootstrap"),
    "Probabilities, weights and leaks": ("calibration", "priors", "weights", "leakage"),
    "Drop-in classes": ("drop_ins",),
}
HEAD = """# What each step did

The fast part of the benchmarks over commits from the first engine on, as
`python asv_bench/history.py run {machine}` measured it, with one thread ({cpu}, {num_cpu} cores, {ram};
Python {python}).
Times are medians in milliseconds. Pictures show them in parts of the first one that there is: lower is
faster. A benchmark starts at the first commit that has what it measures.

| step | commit | day | what it was |
| --- | --- | --- | --- |
"""


def write(steps, kept, docs):
    """Writes the page and its pictures; of several machines, that of the first name."""
    machine = min((path.parent for path in kept.glob("*/machine.json")), default=None)
    if machine is None:
        sys.exit(f"{kept} holds no results yet: python history.py run NAME")
    facts = json.loads((machine / "machine.json").read_text())
    measured = {}
    for commit, note in steps:
        for path in machine.glob(f"{commit}*.json"):
            measured[commit] = (note, json.loads(path.read_text()))
    python = next(iter(measured.values()))[1]["python"]
    page = HEAD.format(**facts, python=python) + "".join(step_lines(measured))
    times = [times_of(results) for _, results in measured.values()]
    for title, modules in GROUPS.items():
        names = [name for name in fast.FAST if name.partition(".")[0] in modules]
        if not any(name in step for name in names for step in times):
            continue
        picture = Path("history", title.lower().replace(" ", "-").replace(",", "") + ".svg")
        (docs / picture.parent).mkdir(exist_ok=True)
        draw(names, times, docs / picture)
        page += f"\n## {title}\n\n![Time of each benchmark over the steps]({picture.as_posix()})\n\n"
        page += table(names, times)
    (docs / "history.md").write_text(page)


def step_lines(measured):
    for number, (commit, (note, results)) in enumerate(measured.items(), 1):
        day = datetime.fromtimestamp(results["date"] / 1000, UTC).date()
        yield f"| {number} | {commit} | {day} | {note} |\n"


def times_of(results):
    """Seconds by the names of the fast part."""
    times = {}
    for name, row in results["results"].items():
        columns = dict(zip(results["result_columns"], row, strict=False))
        for combination, seconds in zip(
            itertools.product(*columns["params"]), columns["result"] or itertools.repeat(None), strict=False
        ):
            if seconds is not None and not math.isnan(seconds):
                times[f"{name}({', '.join(combination)})"] = seconds
    return times


def table(names, times):
    """A row for each benchmark, a column for each step."""
    lines = ["| benchmark |" + "".join(f" {number} |" for number in range(1, len(times) + 1))]
    lines.append("| --- |" + " ---: |" * len(times))
    for name in names:
        cells = (f" {1e3 * step[name]:.3g} |" if name in step else "  |" for step in times)
        lines.append(f"| {title_of(name)} |" + "".join(cells))
    return "\n".join(lines) + "\n"


def title_of(name):
    """Without what all of the fast part share."""
    benchmark, _, arguments = name.removesuffix(")").partition("(")
    words = [word.strip("'") for word in arguments.split(", ") if word != "'fastsmote'"]
    return f"{benchmark.split('.')[1]} ({', '.join(words)})"


def draw(names, times, path):
    """Lines of each benchmark in parts of its first time, in colours for light and dark paper."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    grey = "#808080"
    colours = {f"{kind}.{part}color": grey for kind in ("xtick", "ytick") for part in ("", "label")}
    fonts = {"font.sans-serif": ["DejaVu Sans", "sans-serif"], "svg.fonttype": "none"}
    with rc_context({"svg.hashsalt": "history", "text.color": grey} | fonts | colours):
        figure = Figure(figsize=(9, 4), layout="constrained")
        axes = figure.subplots()
        for name, dashes in zip(names, itertools.cycle(("-", "--", "-.", ":"))):
            there = [(i, step[name]) for i, step in enumerate(times, 1) if name in step]
            if there:
                places, seconds = zip(*there, strict=True)
                ratios = [value / seconds[0] for value in seconds]
                axes.plot(places, ratios, dashes, marker="o", markersize=3, label=title_of(name))
        axes.set_ylim(bottom=0)
        axes.set_xticks(range(1, len(times) + 1))
        axes.set_xlabel("step", color=grey)
        axes.set_ylabel("time / first time", color=grey)
        axes.grid(color=grey, alpha=0.25)
        axes.spines[:].set_color(grey)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize="small")
        figure.savefig(path, transparent=True, metadata={"Date": None})
