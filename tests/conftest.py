"""Profiles of hypothesis: the default searches alike each time, HYPOTHESIS_PROFILE=thorough long and anew."""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

slow_first_call = [HealthCheck.too_slow]  # kernels compile in the first example
settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=25, suppress_health_check=slow_first_call
)
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=slow_first_call)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


_left_out = pytest.StashKey[int]()


def pytest_deselected(items):
    """Count the slow ones, which ``-m "not slow"`` in pyproject.toml leaves out."""
    if items and items[0].config.option.markexpr == "not slow":
        stash = items[0].config.stash
        n_slow = sum(item.get_closest_marker("slow") is not None for item in items)
        stash[_left_out] = stash.get(_left_out, 0) + n_slow


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):  # pytest-xdist: each process collects all tests
        session.config.workeroutput["slow tests"] = session.config.stash.get(_left_out, 0)


class _OfWorkers:
    """What processes of pytest-xdist report, where there are any."""

    def __init__(self, stash):
        self.stash = stash

    def pytest_testnodedown(self, node):
        self.stash[_left_out] = getattr(node, "workeroutput", {}).get("slow tests", 0)


def pytest_configure(config):
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(_OfWorkers(config.stash))


def pytest_terminal_summary(terminalreporter, config):
    if n_slow := config.stash.get(_left_out, 0):
        terminalreporter.write_line(f"{n_slow} slow tests were left out: run python -m pytest -m slow")


@pytest.fixture
def ctrl_c():
    """SIGINT raises KeyboardInterrupt, also where pytest was started with it ignored (in the background)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
