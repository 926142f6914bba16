"""pytest plugin: runs a suite with fastsmote's classes in imbalanced-learn's place and records what happened.

Loaded with ``-p conformance_plugin``, before any test module binds a name. ``--record`` names a JSON file:
node id -> outcome, kernels entered, our classes that returned resampled rows, and where they ran. With
``--unpatched`` nothing is replaced.
"""

import functools
import json
from collections import Counter
from pathlib import Path

import pytest
from numba.core.registry import CPUDispatcher

import fastsmote.imblearn
from fastsmote import patch_imblearn
from fastsmote.imblearn import _tally

records = {}
kernels = Counter()
returned = Counter()
_enter = CPUDispatcher.__call__


def _counted_kernel(self, *args, **kwargs):
    kernels[self.py_func.__name__] += 1
    return _enter(self, *args, **kwargs)


def _counted_call(method, name):
    @functools.wraps(method)
    def fit_resample(self, *args, **kwargs):
        result = method(self, *args, **kwargs)
        targets = self.sampling_strategy_  # combinations leave it to their parts
        if not isinstance(targets, dict) or any(targets.values()):  # else nothing was asked for
            returned[name] += 1
        return result

    return fit_resample


def _counted_fit(method, name):
    @functools.wraps(method)
    def fit(self, *args, **kwargs):
        result = method(self, *args, **kwargs)
        returned[name] += 1
        return result

    return fit


def pytest_addoption(parser):
    parser.addoption("--record", required=True)
    parser.addoption("--unpatched", action="store_true")


def pytest_configure(config):
    CPUDispatcher.__call__ = _counted_kernel
    if not config.getoption("--unpatched"):
        for name in fastsmote.imblearn.__all__:
            ours = getattr(fastsmote.imblearn, name)
            if hasattr(ours, "fit_resample"):
                ours.fit_resample = _counted_call(ours.fit_resample, name)
            else:
                ours.fit = _counted_fit(ours.fit, name)
        patch_imblearn()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:  # those too that -k leaves out
        records[item.nodeid] = {"outcome": "not run"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    kernels.clear()
    returned.clear()
    _tally._tallies.clear()
    try:
        return (yield)
    finally:
        record = records[item.nodeid]
        record["kernels"] = sum(kernels.values())
        record["returned"] = sorted(returned)
        for tally in _tally.report():
            record.setdefault(tally.where, {})[tally.name] = tally.reason


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        outcome = report.outcome
        if hasattr(report, "wasxfail"):
            outcome = "xfailed" if report.skipped else "xpassed"
        records[report.nodeid]["outcome"] = outcome
        if report.failed:
            records[report.nodeid]["error"] = str(report.longrepr)[-3000:]


def pytest_sessionfinish(session):
    Path(session.config.getoption("--record")).write_text(json.dumps(records))
