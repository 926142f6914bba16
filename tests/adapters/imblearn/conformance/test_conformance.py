"""imbalanced-learn's own test suite with our classes in place, against lists of what is known.

A test that passes is vacuous, which counts as a failure, if one of our classes resampled in it and neither
was a kernel entered nor is there a reason why its parent class ran.
"""

import importlib.util
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from adapters.imblearn.conformance import expected

import fastsmote.imblearn

HERE = Path(__file__).parent
SITE = Path(importlib.util.find_spec("imblearn").origin).parents[1]  # node ids are relative to it
FULL = os.environ.get("FASTSMOTE_CONFORMANCE") == "full"


def run_suite(folder, name, tests, *options):
    """Records of the plugin by node id, from a process that runs tests of imbalanced-learn."""
    ini, record = folder / "suite.ini", folder / f"{name}.json"
    ini.write_text("[pytest]\n")  # not ours: its warnings are not errors
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "conformance_plugin", "-p", "no:cacheprovider"),
        *("-c", ini, "--rootdir", SITE, "--record", record, *options, "--pyargs", *tests),
    ]
    environment = {**os.environ, "PYTHONPATH": str(HERE), "FASTSMOTE_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert record.exists(), done.stdout + done.stderr
    return json.loads(record.read_text())


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """What happened in every test with our classes in place."""
    folder = tmp_path_factory.mktemp("patched")
    left_out = () if FULL else ("-k", " and ".join(f"not {name}" for name in expected.LEFT_OUT))

    def part(i):
        return run_suite(folder, f"part{i}", expected.PARTS[i], *left_out)

    with ThreadPoolExecutor(len(expected.PARTS)) as processes:
        parts = list(processes.map(part, range(len(expected.PARTS))))
    found = {}
    for records_of_part in parts:
        assert not found.keys() & records_of_part.keys()
        found |= records_of_part
    return found


def ids(records, *outcomes):
    return {test for test, record in records.items() if record["outcome"] in outcomes}


def baseline():
    return expected.BASELINE_OF_LOWEST if expected.installed() == expected.LOWEST else expected.BASELINE


def known():
    return expected.FAILURES | baseline()


def vacuous(record):
    """Classes of ours that resampled in a test without a trace of compiled work."""
    compiled, parent, resampled = (record.get(key, ()) for key in ("compiled", "parent", "returned"))
    unexplained = [name for name in resampled if name not in parent]
    if record.get("kernels"):
        return [name for name in unexplained if name not in compiled]
    return [name for name in unexplained if name not in compiled or name not in expected.WITHOUT_KERNELS]


def test_the_lists_are_those_of_the_installed_versions():
    lists = (expected.VERSIONS, expected.LOWEST)
    assert expected.installed() in lists, "run the suite and look at the lists anew"


def test_the_lists_are_short_and_explained():
    assert len(expected.FAILURES) <= 8
    assert not expected.FAILURES.keys() & baseline().keys()
    for reason in (known() | expected.LEFT_OUT | expected.WITHOUT_KERNELS).values():
        assert len(reason.split()) >= 4


@pytest.mark.slow
def test_no_test_is_lost(records, tmp_path):
    modules = {name.split("::")[0] for part in expected.PARTS for name in part}
    whole = run_suite(tmp_path, "whole", sorted(modules), "--unpatched", "--collect-only")
    assert whole.keys() == records.keys()  # so PARTS name every function of a module that they divide
    left_out = {test for test in records if any(f"[{name}" in test for name in expected.LEFT_OUT)}
    assert ids(records, "not run") == (set() if FULL else left_out)


@pytest.mark.slow
def test_failures_are_those_that_are_known(records):
    failed = ids(records, "failed", "error")
    unknown = {test: records[test].get("error") for test in failed - known().keys()}
    assert not unknown, "\n\n".join(f"{test}\n{error}" for test, error in unknown.items())
    assert known().keys() <= failed, "these pass or are gone: take them off the list"


@pytest.mark.slow
def test_known_failures_are_told_apart(tmp_path):
    listed = [str(SITE / test) for test in known()]
    if listed:
        alone = run_suite(tmp_path, "listed", listed, "--unpatched")
        assert ids(alone, "failed", "error") == baseline().keys()


@pytest.mark.slow
def test_no_test_passes_vacuously(records):
    passed = {test: records[test] for test in ids(records, "passed", "xpassed")}
    assert not {test: vacuous(record) for test, record in passed.items() if vacuous(record)}


@pytest.mark.slow
@pytest.mark.parametrize("name", fastsmote.imblearn.__all__)
def test_every_class_ran(records, name):
    passed = [records[test] for test in ids(records, "passed")]
    ran = [r for r in passed if name in r.get("returned", ()) and name in r.get("compiled", {})]
    if name in expected.WITHOUT_KERNELS:
        assert any(name in r.get("returned", ()) for r in passed)
    else:
        assert any(r["kernels"] for r in ran)


def test_vacuous_tests_are_seen():
    ran = {"returned": ["SMOTE"], "compiled": {"SMOTE": ""}, "kernels": 3}
    assert vacuous(ran) == []
    assert vacuous(ran | {"kernels": 0}) == ["SMOTE"]
    assert vacuous({"returned": ["SMOTE"], "kernels": 9}) == ["SMOTE"]
    assert vacuous({"returned": ["SMOTE"], "parent": {"SMOTE": "X is sparse"}, "kernels": 0}) == []
    assert vacuous({"returned": [], "compiled": {"SMOTE": ""}, "kernels": 0}) == []
