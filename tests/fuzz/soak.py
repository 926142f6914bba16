"""A soak: all commands and many functions in turn on varied inputs, for an hour; does anything grow?

``python tests/fuzz/soak.py --seconds 3600`` prints memory (RSS, and what malloc has given out and not got
back), open files, threads, children and temporary files over time, and ends with a verdict and exit code 0
where all is flat. Commands run in this process, by their ``main``, and as processes; calls fail, are
cancelled, interrupted and killed as well. Linux only: it reads /proc.
"""

import argparse
import contextlib
import ctypes
import functools
import gc
import itertools
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from statistics import median
from typing import NamedTuple, TextIO

# Arrow's own allocator, mimalloc, keeps up to 100 MiB of what is freed, in jumps; malloc gives it back. Arrow
# reads this when it is imported.
os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from scipy import sparse

import fastsmote
from fastsmote import imblearn as dropin
from fastsmote import plan, select
from fastsmote.cli import main

WARM_UP = 1 / 3  # of the time: kernels are compiled and packages imported until then
MOST_ROWS = 12_000
MAY_RISE = 8 << 20, 0.02  # bytes, or share of the memory, from the warm-up to the end
COMMAND_SECONDS = 600
MAY_START = {"threads": pa.io_thread_count()}  # Arrow starts one more when more reads overlap than before
MALLINFO2 = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"

# ---- inputs


class Data(NamedTuple):
    X: np.ndarray
    y: np.ndarray
    score: np.ndarray
    p: np.ndarray
    weight: np.ndarray
    seed: int
    n_jobs: int | None


def new_data(rng: np.random.Generator) -> Data:
    n = int(np.exp(rng.uniform(np.log(60), np.log(MOST_ROWS))))
    X = rng.normal(size=(n, rng.integers(1, 20))).astype(rng.choice([np.float32, np.float64]))
    if rng.random() < 0.3:
        X = np.round(X, 1)  # ties and copies
    y = (np.arange(n) % int(rng.integers(4, 9)) == 0).astype(int)
    X[y == 1] += rng.random()
    score = np.round(rng.random(n) + 0.3 * y, int(rng.integers(1, 9)))
    p = np.clip(rng.random(n), 0.001, 0.999)
    seed, n_jobs = int(rng.integers(2**31)), [None, 1, 2, 3, 40][rng.integers(5)]
    return Data(X, y, score, p, rng.integers(1, 9, n) / 4, seed, n_jobs)


def contained(X: np.ndarray, seed: int) -> object:
    """The table in one of the containers that there are."""
    frame = {f"c{i}": column for i, column in enumerate(X.T)}
    return [
        lambda: X,
        lambda: np.asfortranarray(X),
        lambda: pd.DataFrame(frame),
        lambda: pl.DataFrame(frame),
        lambda: pa.table(frame),
        lambda: X[:300].tolist() + X[300:].tolist(),
        lambda: sparse.csr_matrix(np.where(np.abs(X) > 1, X, 0)),
    ][seed % 7]()


# ---- functions


def holes(X: np.ndarray) -> np.ndarray:
    return np.where(np.abs(X) > 2.2, np.nan, X)


def index_of(d: Data) -> object:
    index = pickle.loads(pickle.dumps(fastsmote.NeighborIndex(d.X)))
    return index.query(d.X[:50] + 1, 3), index.farthest(d.X[:5], 2)


def streamed(d: Data) -> object:
    stream = fastsmote.StreamingSweep()
    for part in np.array_split(np.arange(len(d.y)), 5):
        stream.update(d.y[part], d.score[part])
    return fastsmote.StreamingSweep.from_bytes(stream.to_bytes())


ALL = {
    name: lambda d, name=name: getattr(fastsmote, name)(contained(d.X, d.seed), d.y, random_state=d.seed)
    for name in ("smote", "adasyn", "borderline_smote", "random_over_sample", "random_under_sample")
}
ALL |= {
    name: lambda d, name=name: getattr(select, name)(d.X, d.y, n_jobs=d.n_jobs)
    for name in ("tomek_links", "edited_nearest_neighbours", "all_knn", "neighbourhood_cleaning_rule")
}
ALL |= {
    "smote_tomek": lambda d: fastsmote.smote_tomek(d.X, d.y, random_state=d.seed),
    "near_miss": lambda d: fastsmote.near_miss(d.X, d.y, n_jobs=d.n_jobs),
    "cluster_centroids": lambda d: fastsmote.cluster_centroids(d.X[:900], d.y[:900], random_state=d.seed),
    "condensed": lambda d: select.condensed_nearest_neighbour(d.X[:900], d.y[:900], random_state=d.seed),
    "plan": lambda d: pickle.loads(pickle.dumps(plan.smote(d.X, d.y, random_state=d.seed))).rows(d.X),
    "missing": lambda d: fastsmote.smote(holes(d.X[:1500]), d.y[:1500], missing="nan-euclidean"),
    "nearest_neighbors": lambda d: fastsmote.nearest_neighbors(d.X, 5, n_jobs=d.n_jobs),
    "NeighborIndex": index_of,
    "roc_auc_score": lambda d: fastsmote.roc_auc_score(d.y, d.score, sample_weight=d.weight),
    "average_precision_score": lambda d: fastsmote.average_precision_score(d.y, d.score),
    "roc_curve": lambda d: fastsmote.roc_curve(d.y, d.score),
    "confusion_sweep": lambda d: fastsmote.best_threshold(fastsmote.confusion_sweep(d.y, d.score), "f1"),
    "StreamingSweep": streamed,
    "bootstrap_interval": lambda d: fastsmote.bootstrap_interval(
        d.y, d.score, n_resamples=50, n_jobs=d.n_jobs
    ),
    "calibration_curve": lambda d: fastsmote.calibration_curve(d.y, d.p),
    "fit_isotonic": lambda d: fastsmote.fit_isotonic(d.y, d.p),
    "fit_platt": lambda d: fastsmote.fit_platt(d.y, d.score),
    "log_loss": lambda d: fastsmote.log_loss(d.y, d.p, sample_weight=d.weight),
    "focal_loss": lambda d: fastsmote.focal_loss(d.y, d.p),
    "estimate_prior": lambda d: fastsmote.estimate_prior(d.p, 0.3),
    "make_fraud": lambda d: fastsmote.make_fraud(3000, 5, random_state=d.seed),
    "class_weights": lambda d: fastsmote.class_weights(d.y),
    "balanced_subsets": lambda d: list(fastsmote.balanced_subsets(d.y, n_subsets=3, random_state=d.seed)),
    "confusion_matrix": lambda d: fastsmote.confusion_matrix(d.y, d.score > 0.5),
    "advise": lambda d: str(fastsmote.advise(d.X[:2000], d.y[:2000])),
    "leakage_report": lambda d: str(fastsmote.leakage_report(d.X[::2], d.X[1::2])),
    "imblearn.SMOTE": lambda d: dropin.SMOTE(random_state=d.seed).fit_resample(d.X, d.y),
    "imblearn.TomekLinks": lambda d: dropin.TomekLinks().fit_resample(d.X, d.y),
}

# ---- calls that do not end well


class CancelledError(Exception):
    pass


def cancel(done: int, total: int) -> None:
    raise CancelledError(f"{done} of {total}")


def interrupted(d: Data) -> None:
    """Ctrl-C somewhere in a call, or after it."""
    after = 0.0005 * (1 + d.seed % 80)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, after)
        fastsmote.smote_enn(d.X, d.y, random_state=d.seed)
        time.sleep(2 * after)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


FAIL = {
    "a number that is none": lambda d: fastsmote.smote(np.where(d.X == d.X[3, 0], np.nan, d.X), d.y),
    "one class": lambda d: fastsmote.smote(d.X, d.y * 0),
    "too many neighbours": lambda d: fastsmote.smote(d.X, d.y, k_neighbors=len(d.y)),
    "lengths": lambda d: fastsmote.roc_auc_score(d.y, d.score[1:]),
    "bytes": lambda d: fastsmote.StreamingSweep.from_bytes(d.X.tobytes()[:500]),
    "cancelled": lambda d: fastsmote.smote(d.X, d.y, progress=cancel, n_jobs=d.n_jobs),
    "interrupted": interrupted,
}
EXPECTED = (ValueError, TypeError, CancelledError, KeyboardInterrupt)

# ---- commands


def write_files(d: Data, folder: Path) -> None:
    """Inputs of the commands, written over those before."""
    table = pa.table({f"c{i}": column for i, column in enumerate(d.X.T)} | {"label": d.y})
    scores = pa.table({"label": d.y, "score": d.score, "p": d.p})
    for name, content in (("data", table), ("scores", scores)):
        content.to_pandas().to_csv(folder / f"{name}.csv", index=False)
        pl.from_arrow(content).write_parquet(folder / f"{name}.parquet")
    (folder / "broken.csv").write_text('c0,label\n1,0\n"2,1\n')
    (folder / "script.py").write_text("from imblearn.over_sampling import SMOTE\nprint(SMOTE.__module__)\n")


def commands(folder: Path, suffix: str) -> dict[str, tuple[list[str], set[int]]]:
    """Arguments, and the exit codes that they may end with."""
    data, scores, out = (str(folder / name) for name in (f"data{suffix}", f"scores{suffix}", f"out{suffix}"))
    read = ["--label", "label", "--score", "score"]
    priors = ["--train-prior", "0.3", "--true-prior", "0.1"]
    return {
        "resample": (["resample", data, "--target", "label", "-o", out, "--force"], {0}),
        "clean": (
            ["resample", data, "--target", "label", "-o", out, "--force", "--method", "tomek_links"],
            {0},
        ),
        "sweep": (["sweep", scores, *read], {0}),
        "sweep exact": (["sweep", scores, *read, "--exact", "--json"], {0}),
        "sweep plot": (["sweep", scores, *read, "--plot", str(folder / "picture.png")], {0}),
        "calibrate": (["calibrate", scores, *read, "-o", out, "--force"], {0}),
        "calibrate prior": (
            ["calibrate", scores, "--label", "label", "--score", "p", *priors, "--method", "isotonic"],
            {0},
        ),
        "advise": (["advise", data, "--target", "label", "--json"], {0}),
        "demo": (["demo", "--rows", "5000"], {0}),
        "info": (["info"], {0}),
        "help": (["--help"], {0}),
        "no such column": (["resample", data, "--target", "none", "-o", out, "--force"], {2}),
        "no such file": (["sweep", str(folder / "none.csv"), *read], {2}),
        "a broken file": (
            ["resample", str(folder / "broken.csv"), "--target", "label", "-o", out, "--force"],
            {2},
        ),
        "no such option": (["resample", "--no-such-option"], {2}),
    }


PROCESSES = {  # what ends a process, or makes others
    "run": (["run", "{folder}/script.py"], {0}),
    "bench": (["bench", "--rows", "1000", "--scores", "1000", "--only", "smote"], {0}),
}


@functools.cache
def nowhere() -> TextIO:
    """One for all commands: click keeps every stream that once stood for stdout (``click._compat``)."""
    return open(os.devnull, "w")


def in_process(arguments: list[str], codes: set[int]) -> None:
    before = sys.argv
    sys.argv = ["fastsmote", *arguments]
    try:
        with contextlib.redirect_stdout(nowhere()), contextlib.redirect_stderr(nowhere()):
            main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.argv = before
    if code not in codes:
        raise AssertionError(f"fastsmote {' '.join(arguments)} ended with {code}, not with one of {codes}.")


def as_process(arguments: list[str], codes: set[int], kill: int | None, after: float) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "fastsmote", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    try:
        if kill is not None:
            time.sleep(after)
            child.send_signal(kill)
            codes = codes | {128 + kill, -kill, 1}  # before the command is there, Python ends as it does
        _, err = child.communicate(timeout=COMMAND_SECONDS)
    finally:
        child.kill()
        child.wait()
    if child.returncode not in codes:
        raise AssertionError(
            f"fastsmote {' '.join(arguments)} ended with {child.returncode}, not with one of {codes}: "
            f"{err.decode(errors='replace')[-500:]}"
        )


# ---- what is measured


class Sample(NamedTuple):
    seconds: float
    memory: int
    in_use: int  # blocks of malloc that nobody freed: a leak is in both, what an allocator keeps in one
    files: int
    threads: int
    children: int
    temporary: int


def give_back() -> None:
    """Memory that is free to the operating system: what allocators keep for later is no leak, and jumps."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(AttributeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)


class Mallinfo2(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in MALLINFO2.split()]


def in_use() -> int:
    """Bytes of malloc that are given out; 0 where the C library does not tell."""
    tell = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if tell is None:
        return 0
    tell.restype = Mallinfo2
    told = tell()
    return told.uordblks + told.hblkhd


def sample(start: float, *folders: Path) -> Sample:
    give_back()
    own = Path("/proc/self")
    memory = int((own / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    tasks = list((own / "task").iterdir())
    children = sum(len((task / "children").read_text().split()) for task in tasks)
    known = {f"{name}.{kind}" for name in ("data", "scores", "out") for kind in ("csv", "parquet")}
    known |= {"broken.csv", "script.py", "picture.png", "temporary"}
    left = [path for folder in folders for path in folder.iterdir() if path.name not in known]
    return Sample(
        time.monotonic() - start,
        memory,
        in_use(),
        len(os.listdir("/proc/self/fd")) - 1,
        len(tasks),
        children,
        len(left),
    )


def slope(points: list[tuple[float, float]]) -> float:
    """Of the line through most points: the median of the slopes of all pairs (Theil and Sen)."""
    thinned = points[:: max(1, len(points) // 400)]
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.combinations(thinned, 2) if b[0] > a[0])


def verdict(samples: list[Sample]) -> list[str]:
    """What grew after the warm-up, in words; nothing where all is flat."""
    after = [one for one in samples if one.seconds >= WARM_UP * samples[-1].seconds]
    if len(after) < 6:
        return ["too few samples for a verdict: let it run longer"]
    grown = []
    lasted = after[-1].seconds - after[0].seconds
    for what in ("memory", "in_use"):
        level = median(getattr(one, what) for one in after)
        rise = slope([(one.seconds, getattr(one, what)) for one in after]) * lasted
        most = max(MAY_RISE[0], MAY_RISE[1] * level)
        print(
            f"{what} after the warm-up: {level / 2**20:.1f} MiB, {rise / 2**20:+.2f} MiB in {lasted:.0f} s "
            f"({rise / lasted * 3600 / 2**20:+.1f} MiB an hour; flat up to {most / 2**20:.1f} in this time)"
        )
        if rise > most:
            grown.append(f"{what} grows: {rise / 2**20:.1f} MiB in {lasted:.0f} s")
    third = len(after) // 3
    for what in ("files", "threads", "children", "temporary"):
        values = [getattr(one, what) for one in after]
        first, last = median(values[:third]), median(values[-third:])
        print(f"{what}: {first:g} after the warm-up, {last:g} at the end")
        if last > first + MAY_START.get(what, 0):
            grown.append(f"{what} grow: {first:g} to {last:g}")
    return grown


# ---- the loop


class Soak:
    """What is called in turn, and how it went."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = np.random.default_rng(seed)
        self.folder = folder
        self.calls: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.faults: list[str] = []

    def attempt(self, name: str, work, may_fail: bool = False) -> None:
        self.calls[name] += 1
        try:
            work()
        except EXPECTED as error:
            self.ended[type(error).__name__] += 1
            if not may_fail and not isinstance(error, ValueError | TypeError):
                self.fault(name)  # data may be too few or of one class, or sparse where they must not be
        except BaseException:
            self.fault(name)

    def fault(self, name: str) -> None:
        self.faults.append(name)
        print(f"FAULT in {name}:\n{traceback.format_exc()}", flush=True)

    def steps(self):
        """One call after the other, for ever: all functions, failures, commands; one process in between."""
        processes = self.processes()
        while True:
            data = new_data(self.rng)
            for name, work in ALL.items():
                yield name, lambda work=work, data=data: work(data), False
                if self.rng.random() < 0.3:
                    data = new_data(self.rng)
            for name, work in FAIL.items():
                yield name, lambda work=work, data=data: work(data), True
            write_files(data, self.folder)
            suffix = [".csv", ".parquet"][self.rng.integers(2)]
            for name, command in commands(self.folder, suffix).items():
                yield f"command: {name}", lambda command=command: in_process(*command), False
            yield next(processes)

    def processes(self):
        signals = itertools.cycle([None, signal.SIGINT, None, signal.SIGTERM, None, signal.SIGHUP])
        while True:
            for name, (arguments, codes) in (commands(self.folder, ".csv") | PROCESSES).items():
                filled = [argument.format(folder=self.folder) for argument in arguments]
                kill, after = next(signals), self.rng.uniform(0.1, 3.0)
                if name in PROCESSES:
                    kill = None
                yield (
                    f"process: {name}",
                    lambda a=filled, c=codes, k=kill, s=after: as_process(a, c, k, s),
                    False,
                )


def soak(seconds: float, every: float, seed: int) -> int:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        folder = Path(place)
        temporary = folder / "temporary"  # of this process and of its children
        temporary.mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        run = Soak(seed, folder)
        start, samples = time.monotonic(), []
        print(f"seed {seed}\n     s      MiB   in use files threads children temporary calls", flush=True)
        steps = run.steps()
        while time.monotonic() - start < seconds:
            run.attempt(*next(steps))
            if not samples or time.monotonic() - start >= samples[-1].seconds + every:
                samples.append(sample(start, folder, temporary))
                s, memory, used, *counts = samples[-1]
                sizes = f"{memory / 2**20:8.1f} {used / 2**20:8.1f}"
                print(f"{s:6.0f} {sizes}", *counts, run.calls.total(), flush=True)
        samples.append(sample(start, folder, temporary))
        print(f"{run.calls.total()} calls of {len(run.calls)} kinds; errors that were due: {dict(run.ended)}")
        left_out = sorted({*ALL, *FAIL} - set(run.calls))
        if left_out:
            print("never reached:", ", ".join(left_out))
        wrong = verdict(samples) + [f"{n} faults in {name}" for name, n in Counter(run.faults).items()]
        print("\n".join(wrong) if wrong else "flat: nothing grows")
        return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two samples")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.exit(soak(options.seconds, options.every, options.seed))
