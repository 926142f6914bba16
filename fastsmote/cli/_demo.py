"""``fastsmote demo``: train as it is and resampled, mend both on rows held back, judge on rows untouched.

What ends well: probabilities that are right, a threshold that costs less. And was resampling worth it?
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

import fastsmote
from fastsmote._kernels.jit import LISTENERS
from fastsmote.cli._methods import check_installed, function_of, takes
from fastsmote.cli._print import Grid, show
from fastsmote.cli._show import COMPILING, PeakMemory, StepBar, megabytes, mistakes, seconds

_REST = 0.25  # half of it held back, half for the test
_ALERT, _MISSED = 5, 100  # what a false alert and a missed fraud cost
_Rows = tuple[np.ndarray, np.ndarray]
_RIDGE = 1e-6  # of the mean variance: enough to make the system regular


class _CompileClock:
    """``with _CompileClock() as compiling: ...``; ``compiling.seconds`` is how long calls waited for code."""

    def __enter__(self) -> "_CompileClock":
        self.seconds, self._waiting, self._start = 0.0, 0, 0.0
        self._lock = threading.Lock()
        LISTENERS.append(self._hear)
        return self

    def __exit__(self, *exc: object) -> None:
        LISTENERS.remove(self._hear)

    def _hear(self, begins: bool) -> None:
        """From any thread; while one compiles, the others that want to wait for it."""
        with self._lock:
            if begins and not self._waiting:
                self._start = time.perf_counter()
            self._waiting += 1 if begins else -1
            if not self._waiting:
                self.seconds += time.perf_counter() - self._start


class _Report:
    """The table of steps: seconds, rows per second and peak memory of each."""

    def __init__(self) -> None:
        self.table = Grid("step", "rows", "seconds", "rows/s", "peak memory", title="Steps")

    @contextmanager
    def step(self, name: str, n_rows: int) -> Iterator[None]:
        with PeakMemory() as memory, _CompileClock() as compiling:
            start = time.perf_counter()
            yield
            spent = time.perf_counter() - start - compiling.seconds
        if compiling.seconds:
            self.table.add(COMPILING, "-", seconds(compiling.seconds), "-", "-")
        self.table.add(
            name, f"{n_rows:,}", seconds(spent), f"{n_rows / spent:,.0f}", "+" + megabytes(memory.grown)
        )


class _Outcome(NamedTuple):
    """What a model of some training rows came to on the test part."""

    trained_on: str
    precision: float  # average precision
    believed: float  # frauds in the test part, as the model was trained
    calibrated: float  # the same, by probabilities mended on the rows held back
    at_half: float  # cost of mistakes at the threshold 0.5
    chosen: float  # and at the one chosen on the rows held back


def run_demo(n_rows: int, method: str, seed: int) -> None:
    check_installed(method)
    report = _Report()
    options: dict[str, Any] = {"random_state": seed} if takes(method, "random_state") else {}
    with StepBar() as steps:
        steps.start("making transactions")
        with report.step("make_fraud", n_rows), mistakes():
            X, y = fastsmote.make_fraud(n_rows, random_state=seed)
        steps.start("splitting")
        with report.step("stratified split", n_rows):
            parts = _stratified_split(y, seed)
            (X_train, y_train), held, test = ((X[rows], y[rows]) for rows in parts)
        del X
        progress = steps.start(method)
        if takes(method, "progress"):
            options["progress"] = progress
        with report.step(f"{method} (training part)", len(y_train)), mistakes():
            X_resampled, y_resampled = function_of(method)(X_train, y_train, **options)
        steps.start("fitting and sweeping")
        outcomes = []
        for name, rows in (("rows as they are", (X_train, y_train)), (method, (X_resampled, y_resampled))):
            with report.step(f"fit, calibrate, sweep: {name}", len(rows[1])):
                outcomes.append(_outcome(name, rows, held, test))
    _print(report.table, outcomes, (y_train, y_resampled, held[1], test[1]))


def _stratified_split(y: np.ndarray, seed: int) -> list[np.ndarray]:
    """Rows to train with, to hold back, and to test with; of each class the same share in each part."""
    rng = np.random.default_rng(seed)
    part = np.zeros(len(y), np.int8)
    for label in (0, 1):
        rows = np.flatnonzero(y == label)
        rest = rng.choice(rows, round(_REST * len(rows)), replace=False)
        part[rest[::2]], part[rest[1::2]] = 2, 1
    return [np.flatnonzero(part == number) for number in range(3)]


def _outcome(name: str, rows: _Rows, held: _Rows, test: _Rows) -> _Outcome:
    weights = _linear_score(*rows)
    (score_held, y_held), (score, y) = ((X @ weights, y) for X, y in (held, test))
    believes = fastsmote.fit_platt(rows[1], rows[0] @ weights)
    calibrator = fastsmote.fit_platt(y_held, score_held)
    choice = fastsmote.cost_threshold(
        fastsmote.confusion_sweep(y_held, calibrator(score_held)), cost_fp=_ALERT, cost_fn=_MISSED
    )
    p = calibrator(score)
    half, chosen = (
        _ALERT * ((p >= t) & (y == 0)).sum() + _MISSED * ((p < t) & (y == 1)).sum()
        for t in (0.5, choice.threshold)
    )
    precision = float(fastsmote.average_precision_score(y, score))
    return _Outcome(name, precision, believes(score).sum(), p.sum(), half, chosen)


def _linear_score(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights of the ridge regression of the label on the features, in closed form."""
    mean = X.mean(axis=0)
    covariance = X.T @ X / len(X) - np.outer(mean, mean)
    covariance[np.diag_indices_from(covariance)] += _RIDGE * np.trace(covariance) / len(covariance)
    return np.linalg.solve(covariance, y @ X / len(X) - y.mean() * mean)


def _print(steps: Grid, outcomes: list[_Outcome], labels: tuple[np.ndarray, ...]) -> None:
    counts = Grid("class", "training before", "training after", "held back", "test", title="Rows per class")
    for label, name in enumerate(("0 (legitimate)", "1 (fraud)")):
        counts.add(name, *(f"{np.count_nonzero(part == label):,}" for part in labels))
    n_frauds = np.count_nonzero(labels[-1])
    scores = Grid(
        "trained on",
        "average precision",
        "frauds expected",
        "calibrated",
        "cost from 0.5 on",
        "cost from chosen on",
        title=f"A linear score on the test part, which has {n_frauds:,} frauds",
    )
    for name, precision, *others in outcomes:
        scores.add(name, f"{precision:.4f}", *(f"{value:,.0f}" for value in others))
    plain, resampled = outcomes
    show(
        counts,
        steps,
        scores,
        f"What ends well: calibrated on the rows held back, {plain.calibrated:,.0f} frauds are expected "
        f"where {n_frauds:,} are. A missed fraud costs {_MISSED}, a false alert {_ALERT}: the threshold "
        f"chosen there costs {plain.chosen:,.0f}, and 0.5 {plain.at_half:,.0f}.",
        _verdict(plain, resampled),
    )


def _verdict(plain: _Outcome, resampled: _Outcome) -> str:
    """Was it worth it? By cost, and else by rank: both on rows that chose nothing."""
    method, change = resampled.trained_on, f"{plain.precision:.2f} to {resampled.precision:.2f}"
    told = (
        f"Average precision went from {change}, the cost from {plain.chosen:,.0f} to {resampled.chosen:,.0f}"
    )
    if resampled.precision > plain.precision and resampled.chosen < plain.chosen:
        return f"{method}: worth a try, here. {told}; repeat it with other seeds before you believe it."
    return f"{method}: don't, here. {told}, and uncalibrated it expects {resampled.believed:,.0f} frauds."
