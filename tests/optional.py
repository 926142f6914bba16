"""The optional packages, and a pytest plugin for an environment that has none of them.

``PYTHONPATH=tests python -m pytest -p optional``: a test that imports one, or an adapter, is skipped, and at
least ``LEAST`` tests have to pass. What a room of fastsmote imports, or an adapter that it loads, is an error
as ever, but for the two that ask for a classifier.
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
_LOADED = ("fastsmote/_core/extras.py", *(f"fastsmote/{name}" for name in ADAPTERS))
_MAY = (  # import what is optional, or load an adapter
    "tests", "asv_bench", "fastsmote/__init__.py", "fastsmote/_sampling/over/borderline.py",
    "fastsmote/_sampling/under/hardness.py",
)  # fmt: skip


def _missing(error: BaseException | None) -> str | None:
    """The optional package that is not there, where a test imports it, or an adapter that it may load."""
    if not isinstance(error, ModuleNotFoundError) or str(error.name).partition(".")[0] not in OPTIONAL:
        return None
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    asking = [file for file in files if file.is_relative_to(_ROOT) and not _is_in(file, _LOADED)][-1]
    return error.name if _is_in(asking, _MAY) else None


def _is_in(file: Path, places: tuple[str, ...]) -> bool:
    return any(file.is_relative_to(_ROOT / place) for place in places)


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
