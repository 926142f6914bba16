"""Files larger than memory against a plain copy: ``python asv_bench/big_files.py FOLDER`` where all is quiet.

Makes Parquet files of 30 columns of float32 with 0.173 % rare rows in the folder (40,000,000 rows: 5 GB), and
prints two tables: for each method the time beside that of a plain copy by pyarrow of what is read and
written, medians of interleaved rounds, and the most memory that the process had; and how time grows with the
rows. Each measurement is a process of its own, which has run the method on few rows before, and ends when the
disk has the file. A method whose first round was long is not run again. What is written is deleted; the files
that were made stay.
"""

import argparse
import inspect
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

METHODS = (
    "smote",
    "random_under_sample",
    "tomek_links",
    "adasyn",
    "near_miss",
    "edited_nearest_neighbours",
)
OTHERS = (
    "random_over_sample",
    "borderline_smote",
    "smotenc",
    "neighbourhood_cleaning_rule",
    "smote_tomek",
    "smote_enn",
)
FEATURES, RATE, GROUP = 30, 0.00173, 262_144
LONG = 90.0  # seconds of a round after which there is no other
OPTIONS = {"smotenc": {"categorical_features": ["x29"]}}
COMBINED = {"sampling_strategy": 0.01}  # new rows that are cleaned must fit into memory
_COPY = "copy of "


def make(path, n_rows):
    """The file, if it is not there, made in parts of a million rows."""
    import fastsmote

    if path.exists():
        return
    temporary = path.with_suffix(".part")
    schema = pa.schema([*((f"x{j}", pa.float32()) for j in range(FEATURES)), ("y", pa.int64())])
    part = 4 * GROUP
    with pq.ParquetWriter(temporary, schema) as writer:
        for i, start in enumerate(range(0, n_rows, part)):
            X, y = fastsmote.make_fraud(min(part, n_rows - start), FEATURES, fraud_rate=RATE, random_state=i)
            X = np.asfortranarray(X, np.float32)
            X[:, -1] = np.floor(X[:, -1])
            writer.write_table(pa.table([*X.T, y], schema=schema), row_group_size=GROUP)
    temporary.rename(path)


def options_of(method):
    """Without the seed, for a method that draws nothing."""
    import fastsmote

    options = dict(OPTIONS.get(method, {}), **(COMBINED if method in ("smote_tomek", "smote_enn") else {}))
    if "random_state" in inspect.signature(getattr(fastsmote, method)).parameters:
        options["random_state"] = 0
    return options


def copy(source, out, n_written):
    """Read all rows and write so many: the first ones, or all and the last ones again."""
    with pq.ParquetFile(source) as file, pq.ParquetWriter(out, file.schema_arrow) as writer:
        for batch in file.iter_batches(GROUP):
            writer.write_batch(batch.slice(0, n_written))
            n_written -= min(n_written, batch.num_rows)
        while n_written:
            writer.write_batch(batch.slice(0, n_written))
            n_written -= min(n_written, batch.num_rows)
    with open(out, "rb") as written:
        os.fsync(written.fileno())


def one(name, source, out, memory_limit, n_written):
    """Run in a process of its own: seconds, the most memory, and rows written."""
    import fastsmote.files

    if name.startswith(_COPY):
        start = time.perf_counter()
        copy(source, out, n_written)
    else:
        warm, options = out.with_name("warm.parquet"), options_of(name)
        few = pq.ParquetFile(source).read_row_group(0).slice(0, 30_000)
        pq.write_table(few, warm)
        fastsmote.files.resample(warm, out, target="y", method=name, **options)
        warm.unlink()
        start = time.perf_counter()
        fastsmote.files.resample(source, out, target="y", method=name, memory_limit=memory_limit, **options)
    seconds = time.perf_counter() - start
    status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    rows = pq.ParquetFile(out).metadata.num_rows
    print(json.dumps([seconds, int(status["VmHWM"].split()[0]) * 1024, rows]))


def measured(name, source, memory_limit, n_written=0):
    out = source.with_name("out.parquet")
    words = [name, str(source), str(out), memory_limit, str(n_written)]
    done = subprocess.run(
        [sys.executable, __file__, "--one", *words], stdout=subprocess.PIPE, text=True, check=False
    )
    out.unlink(missing_ok=True)
    if done.returncode:
        raise SystemExit(f"{name} on {source} failed")
    return json.loads(done.stdout)


def compare(methods, source, memory_limit, n_rounds):
    """Times and memory of each method and of its copy, in turn."""
    found = {}
    for method in methods:
        runs, copies = [], []
        while len(runs) < n_rounds and (not runs or runs[0][0] < LONG):
            runs.append(measured(method, source, memory_limit))
            copies.append(measured(_COPY + method, source, memory_limit, runs[0][2]))
        found[method] = runs, copies
        spent, copied = (median(run[0] for run in of) for of in (runs, copies))
        peak = max(run[1] for run in runs) / 1e6
        row(method, f"{spent:.1f}", f"{copied:.1f}", f"{spent / copied:.2f}", len(runs), f"{peak:,.0f}")
    return {method: median(run[0] for run in runs) for method, (runs, _) in found.items()}


def row(*cells):
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def head(*cells):
    print()
    row(*cells)
    row(*["---"] * len(cells))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=40_000_000)
    parser.add_argument("--methods", default=",".join(METHODS), help="or all")
    parser.add_argument("--memory-limit", default="2GB")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--growth", default="smote,tomek_links,near_miss", help="methods whose growth is measured"
    )
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        name, source, out, memory_limit, n_written = given.one
        one(name, Path(source), Path(out), memory_limit, int(n_written))
        return
    methods = [*METHODS, *OTHERS] if given.methods == "all" else given.methods.split(",")
    growing = [name for name in given.growth.split(",") if name]
    n_rows = [given.rows >> shift for shift in (3, 2, 1, 0)]
    sources = {n: given.folder / f"{n}.parquet" for n in (n_rows if growing else n_rows[-1:])}
    for n, source in sources.items():
        make(source, n)
    head("method", "s", "copy, s", "ratio", "rounds", "peak, MB")
    whole = compare(methods, sources[given.rows], given.memory_limit, given.rounds)
    if not growing:
        return
    head("method", *(f"{n:,} rows, s" for n in n_rows), "p")
    for name in growing:
        times = [measured(name, sources[n], given.memory_limit)[0] for n in n_rows[:-1]]
        times.append(
            whole[name] if name in whole else measured(name, sources[n_rows[-1]], given.memory_limit)[0]
        )
        p = np.polyfit(np.log(n_rows), np.log(times), 1)[0]
        row(name, *(f"{spent:.1f}" for spent in times), f"{p:.2f}")


if __name__ == "__main__":
    main()
