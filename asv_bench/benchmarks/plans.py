"""Decisions alone, and plans applied: in pieces, into arrays of the caller, from and to memory maps."""

import shutil
import tempfile
from collections import deque
from functools import cache, lru_cache, partial
from pathlib import Path

import numpy as np

from .common import found, fraud, sizes
from .samplers import SAMPLERS, arguments, options, registered

_ROWS = sizes(2_000, 20_000, 200_000)
_SEED = {"random_state": 0}


def _formula(plan, X, part):
    """The new rows of a slice or of some numbers."""
    base, neighbor, gap = X[plan.base[part]], X[plan.neighbor[part]], plan.gap[part, np.newaxis]
    return base + gap * (neighbor - base)


def _numpy_out(plan, X, out):
    out[:] = _formula(plan, X, slice(None))
    return out


@lru_cache(maxsize=2)
def _data_and_plan(rows):
    X, y = fraud(rows, 30, 0.05)
    return X, found("fastsmote.plan", "smote")(X, y, **_SEED)


def _calls(way, rows, folder):
    """Our call and NumPy's that make all new rows of a plan."""
    X, plan = _data_and_plan(rows)
    if way == "numbers":
        order = np.random.default_rng(0).permutation(len(plan))
        try:
            plan.rows(X, order[:1])
        except TypeError as error:
            raise NotImplementedError("this version makes rows of a range alone") from error
        return partial(plan.rows, X, order), partial(_formula, plan, X, order)
    if way == "rows":
        return partial(plan.rows, X), partial(_formula, plan, X, slice(None))
    out = np.empty((len(plan), 30))
    if way == "memory maps":
        X.tofile(Path(folder, f"X {rows}"))
        X = np.memmap(Path(folder, f"X {rows}"), X.dtype, "r", shape=X.shape)
        out = np.memmap(Path(folder, f"out {rows}"), X.dtype, "w+", shape=out.shape)
    return partial(plan.rows, X, out=out), partial(_numpy_out, plan, X, out)


class Apply:
    """All new rows of a plan of smote, 30 columns."""

    params = (["fastsmote", "numpy"], ["rows", "out", "memory maps", "numbers"], _ROWS)
    param_names = ("library", "way", "rows")
    timeout = 900
    covers = ("SyntheticPlan", "SyntheticPlan.rows")
    reference = "NumPy"

    def setup(self, library, way, rows):
        self.folder = tempfile.mkdtemp()
        actual, expected = (call() for call in _calls(way, 2_000, self.folder))
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-12)
        ours, theirs = _calls(way, rows, self.folder)
        self.apply = ours if library == "fastsmote" else theirs

    def time_apply(self, library, way, rows):
        self.apply()

    def peakmem_apply(self, library, way, rows):
        self.apply()

    def teardown(self, library, way, rows):
        shutil.rmtree(self.folder)


class Into:
    """X and the new rows of a plan of smote, or three rows of four, into a memory map; 30 columns."""

    params = (["fastsmote", "numpy"], ["plan", "row numbers"], _ROWS)
    param_names = ("library", "decision", "rows")
    timeout = 900
    covers = ("apply",)
    reference = "NumPy"

    def setup(self, library, decision, rows):
        self.folder = tempfile.mkdtemp()
        ours, theirs = (np.array(self._call(peer, decision, 2_000)()) for peer in ("fastsmote", "numpy"))
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
        self.write = self._call(library, decision, rows)

    def _call(self, library, decision, rows):
        """A call that writes the rows, and gives those of X."""
        X, plan = _data_and_plan(rows)
        y = np.zeros(rows, np.int8)
        y[plan.base] = 1
        chosen = plan if decision == "plan" else np.flatnonzero(np.arange(rows) % 4)
        n_rows = len(chosen) + (rows if decision == "plan" else 0)
        X_out = np.memmap(Path(self.folder, f"{library} {rows}"), X.dtype, "w+", shape=(n_rows, 30))
        y_out = np.empty(n_rows, y.dtype)
        if library == "fastsmote":
            apply = found("fastsmote", "apply")
            return lambda: apply(chosen, X, y, out=(X_out, y_out))[0]

        def with_numpy():
            if decision == "plan":
                X_out[:rows], X_out[rows:] = X, _formula(plan, X, slice(None))
                y_out[:rows], y_out[rows:] = y, plan.label
            else:
                X_out[:], y_out[:] = X[chosen], y[chosen]
            return X_out

        return with_numpy

    def time_into(self, library, decision, rows):
        self.write()

    def peakmem_into(self, library, decision, rows):
        self.write()

    def teardown(self, library, decision, rows):
        shutil.rmtree(self.folder)


def _blocks(library, rows, size):
    X, plan = _data_and_plan(rows)
    if library == "fastsmote":
        return plan.blocks(X, size)
    return (_formula(plan, X, slice(start, start + size)) for start in range(0, len(plan), size))


class Blocks:
    """The same rows, of which one block is in memory."""

    params = (["fastsmote", "numpy"], [1_024, 65_536], _ROWS)
    param_names = ("library", "size", "rows")
    timeout = 900
    covers = ("SyntheticPlan.blocks",)
    reference = "NumPy"

    def setup(self, library, size, rows):
        actual, expected = (list(_blocks(peer, 2_000, size)) for peer in ("fastsmote", "numpy"))
        assert list(map(len, actual)) == list(map(len, expected))
        np.testing.assert_allclose(np.vstack(actual), np.vstack(expected), rtol=1e-12, atol=1e-12)
        _data_and_plan(rows)

    def time_blocks(self, library, size, rows):
        deque(_blocks(library, rows, size), maxlen=1)

    def peakmem_blocks(self, library, size, rows):
        deque(_blocks(library, rows, size), maxlen=1)


_NAMES = [f"{sampler.decision}.{name}" for name, sampler in SAMPLERS.items()] + ["select.tomek_link_pairs"]


def _call(name, rows):
    """The function, its arguments and options."""
    kind, name = name.split(".")
    function = found(f"fastsmote.{kind}", name)
    sampler = registered("tomek_links" if name == "tomek_link_pairs" else name)
    X, y, needed = arguments(sampler, rows)
    return partial(function, X, y, *needed, **options(function, sampler))


@cache
def _check_decision(name):
    """The rows that were decided for are those that the sampler returns."""
    decide = _call(name, 2_000)
    X, y, *_ = decide.args
    decided = decide()
    kind, name = name.split(".")
    if name == "tomek_link_pairs":
        kept = np.setdiff1d(np.arange(len(X)), decided[y[decided] == 0])
        np.testing.assert_array_equal(kept, found("fastsmote.select", "tomek_links")(X, y))
        return
    voting = {"voting": "hard"} if name == "cluster_centroids" else {}
    expected = found("fastsmote", name)(*decide.args, **decide.keywords, **voting)[0]
    if kind == "plan":
        actual = np.concatenate([X, decided.rows(X)])
    elif name in ("smote_enn", "smote_tomek"):
        actual = np.concatenate([X, found("fastsmote.plan", "smote")(X, y, **_SEED).rows(X)])[decided]
    else:
        actual = X[decided]
    np.testing.assert_array_equal(actual, expected)


class Decide:
    """What ``fastsmote.plan`` and ``fastsmote.select`` return, without the rows."""

    params = (_NAMES, _ROWS)
    param_names = ("name", "rows")
    timeout = 900
    covers = tuple(_NAMES)
    reference = None

    def setup(self, name, rows):
        _check_decision(name)
        self.decide = _call(name, rows)

    def time_decide(self, name, rows):
        self.decide()

    def peakmem_decide(self, name, rows):
        self.decide()


class Concatenate:
    params = _ROWS
    param_names = ("rows",)
    covers = ("plan.concatenate",)
    reference = None

    def setup(self, rows):
        X, y = fraud(rows, 8, 0.05)
        samplers = (found("fastsmote.plan", name) for name in ("smote", "random_over_sample"))
        self.plans = [sampler(X, y, **_SEED) for sampler in samplers]
        self.concatenate = found("fastsmote.plan", "concatenate")
        made = np.concatenate([plan.rows(X) for plan in self.plans])
        np.testing.assert_array_equal(self.concatenate(self.plans).rows(X), made)

    def time_concatenate(self, rows):
        self.concatenate(self.plans)

    def peakmem_concatenate(self, rows):
        self.concatenate(self.plans)
