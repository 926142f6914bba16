"""Profiles of hypothesis: the default searches alike each time, HYPOTHESIS_PROFILE=thorough long and anew."""

import csv
import math
import operator
import os
import secrets
import signal
import time

import pytest
from hypothesis import HealthCheck, settings

slow_first_call = [HealthCheck.too_slow]  # kernels compile in the first example
settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=25, suppress_health_check=slow_first_call
)
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=slow_first_call)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.hookimpl(tryfirst=True)  # before -m leaves out the slow ones
def pytest_collection_modifyitems(items):
    """A case of ``one_in(n)`` is fast where the sum of the numbers of its parameters is a multiple of n.

    With n values of one parameter, all pairs of values of the others are met, and each of its own.
    """
    for item in items:
        if (few := item.get_closest_marker("one_in")) and _place(item) % few.args[0]:
            item.add_marker(pytest.mark.slow)


def _place(item):
    """The sum of the places of its values, each among those of its parameter."""
    total = 0
    for mark in item.iter_markers("parametrize"):
        names, cases = mark.args
        names = [names] if isinstance(names, str) else list(names)
        values = [item.callspec.params[name] for name in names]
        cases = [[case] if len(names) == 1 else case for case in cases]
        total += next(place for place, case in enumerate(cases) if all(map(operator.is_, case, values)))
    return total


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


def pytest_addoption(parser):
    group = parser.getgroup("fuzz", "fuzzers, tests/fuzz")
    group.addoption(
        "--fuzz-seconds", type=float, metavar="N", help="let each run N seconds, with fresh seeds"
    )
    group.addoption("--fuzz-seed", type=int, metavar="SEED", help="run the case of this seed alone")


@pytest.fixture
def fuzz(request):
    """``fuzz(case, few)`` calls ``case(seed)`` for ``few`` fixed seeds, or as the options of fuzzers say."""
    seconds, seed = request.config.option.fuzz_seconds, request.config.option.fuzz_seed

    def seeds(few):
        if seed is not None:
            return iter([seed])
        if seconds is None:
            return iter(range(few))
        end = time.monotonic() + seconds
        return iter(lambda: secrets.randbits(32) if time.monotonic() < end else None, None)

    def run(case, few):
        for n_cases, number in enumerate(seeds(few)):
            try:
                case(number)
            except BaseException as error:
                test = request.node.nodeid
                error.add_note(f"Case {n_cases}. Again: python -m pytest {test!r} --fuzz-seed {number}")
                raise

    return run


@pytest.fixture
def ctrl_c():
    """SIGINT raises KeyboardInterrupt, also where pytest was started with it ignored (in the background)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True, scope="session")
def _as_if_compiled():
    """Small inputs take the way of large ones, whatever was compiled before; tests ask for the other way."""
    from fastsmote._core import allowance
    from fastsmote._neighbors import few

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allowance, "is_at_hand", lambda *kernel_and_arguments: True)
        patch.setattr(few, "STEPS", -math.inf)
        yield


@pytest.fixture
def wide_cells():
    """Let csv.reader take cells of any width."""
    before = csv.field_size_limit(1 << 30)
    yield
    csv.field_size_limit(before)
