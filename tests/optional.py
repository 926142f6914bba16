"""The optional packages, and a pytest plugin for an environment that has none of them.

``PYTHONPATH=tests python -m pytest -p optional``: a test that imports one, or an adapter, is skipped, and at
least ``LEAST`` tests have to pass. What a room of fastsmote imports is an error as ever.
"""

import importlib.util
import traceback
from pathlib import Path

import pytest

OPTIONAL = {
    "dask", "faiss", "imblearn", "lightgbm", "matplotlib", "pandas", "polars", "psutil", "pyarrow", "rich",
    "sklearn", "typer", "xgboost",
}  # fmt: skip
ADAPTERS = {"cli", "dask", "files", "imblearn", "plot", "sklearn"}
LEAST = 3000
_ROOT = Path(__file__).parents[1]
_MAY = ("tests", "asv_bench", "fastsmote/_core/extras.py", *(f"fastsmote/{name}" for name in ADAPTERS))


def _missing(error: BaseException | None) -> str | None:
    """The optional package that a test or an adapter imports and that is not there."""
    if not isinstance(error, ModuleNotFoundError) or str(error.name).partition(".")[0] not in OPTIONAL:
        return None
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    importing = [file for file in files if file.is_relative_to(_ROOT)][-1]
    return error.name if any(importing.is_relative_to(_ROOT / place) for place in _MAY) else None


def pytest_configure():
    if found := sorted(name for name in OPTIONAL if importlib.util.find_spec(name)):
        raise pytest.UsageError(f"This is for an environment without optional packages. Got {found}.")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if report.failed and (name := _missing(report.call.excinfo.value.__cause__)):
        report.outcome, report.longrepr = "skipped", (str(collector.path), 1, f"Skipped: needs {name}")
    return report


def _or_skip():
    try:
        return (yield)
    except ModuleNotFoundError as error:
        if name := _missing(error):
            pytest.skip(f"needs {name}")
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup():
    return (yield from _or_skip())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    return (yield from _or_skip())


def pytest_sessionfinish(session):
    """Too few is a failure; workers of pytest-xdist do not count."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and (n_passed := len(reporter.getreports("passed"))) < LEAST:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\n{n_passed} passed, where {LEAST} or more need no optional package", red=True)
