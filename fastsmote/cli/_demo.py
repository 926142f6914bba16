"""``fastsmote demo``: split first, resample the training part only, sweep a score on the untouched rest."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import fastsmote
from fastsmote._kernels.jit import LISTENERS
from fastsmote.cli._methods import check_installed, function_of, takes
from fastsmote.cli._print import Grid, show
from fastsmote.cli._show import COMPILING, PeakMemory, StepBar, megabytes, mistakes, seconds

_TEST_SHARE = 0.25
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
            train, test = _stratified_split(y, seed)
            X_train, y_train, X_test, y_test = X[train], y[train], X[test], y[test]
        del X
        progress = steps.start(method)
        if takes(method, "progress"):
            options["progress"] = progress
        with report.step(f"{method} (training part)", len(y_train)), mistakes():
            X_resampled, y_resampled = function_of(method)(X_train, y_train, **options)
        steps.start("fitting and sweeping")
        rows = []
        for name, features, labels in (
            ("training part as it is", X_train, y_train),
            (f"after {method}", X_resampled, y_resampled),
        ):
            with report.step(f"fit: {name}", len(labels)):
                score = X_test @ _linear_score(features, labels)
            with report.step("exact sweep of the test part", len(y_test)):
                sweep = fastsmote.confusion_sweep(y_test, score)
            average_precision = fastsmote.average_precision_score(y_test, score)
            rows.append((name, len(sweep.thresholds), float(average_precision)))
    _print(report.table, rows, y_train, y_resampled, y_test)


def _stratified_split(y: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the training and of the test part; each class gives the same share to the test part."""
    rng = np.random.default_rng(seed)
    in_test = np.zeros(len(y), bool)
    for label in (0, 1):
        rows = np.flatnonzero(y == label)
        in_test[rng.choice(rows, round(_TEST_SHARE * len(rows)), replace=False)] = True
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _linear_score(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights of the ridge regression of the label on the features, in closed form."""
    mean = X.mean(axis=0)
    covariance = X.T @ X / len(X) - np.outer(mean, mean)
    covariance[np.diag_indices_from(covariance)] += _RIDGE * np.trace(covariance) / len(covariance)
    return np.linalg.solve(covariance, y @ X / len(X) - y.mean() * mean)


def _print(
    steps: Grid,
    rows: list[tuple[str, int, float]],
    y_train: np.ndarray,
    y_resampled: np.ndarray,
    y_test: np.ndarray,
) -> None:
    counts = Grid("class", "training before", "training after", "test (untouched)", title="Rows per class")
    for label, name in enumerate(("0 (legitimate)", "1 (fraud)")):
        counts.add(name, *(f"{np.count_nonzero(part == label):,}" for part in (y_train, y_resampled, y_test)))
    prevalence = y_test.mean()
    scores = Grid(
        "fitted on",
        "thresholds",
        "average precision",
        "x prevalence",
        title="A linear score on the test part",
    )
    for name, n_thresholds, value in rows:
        scores.add(name, f"{n_thresholds:,}", f"{value:.4f}", f"{value / prevalence:,.0f}")
    scores.add("nothing (prevalence)", "-", f"{prevalence:.4f}", "1")
    show(
        counts,
        steps,
        scores,
        "Resampling shifts probabilities: a model trained on resampled rows overstates the rare class, so "
        "choose its threshold on untouched data and correct its probabilities before reading them as such.",
    )
