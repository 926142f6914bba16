"""asv on commits, as the README runs it, in a clone; environments come from an index of packages."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import REPOSITORY

pytest.importorskip("asv")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="needs a repository"),
]

BENCHMARKS = (
    "priors.CorrectPrior.time_call",
    "priors.EstimatePrior.time_call",
    "weights.SampleWeights.time_call",
)
CHOICE = [word for name in BENCHMARKS for word in ("--bench", rf"{name}\('fastsmote', 100000\)")]
THREE_TIMES = """
_once = correct_prior


def correct_prior(*given, **options):
    return [_once(*given, **options) for _ in range(3)][0]
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The folder of asv in a clone with three commits: one, one that changes no code, and a slow one."""
    folder = tmp_path_factory.mktemp("asv")
    git(folder, "clone", "-q", REPOSITORY, "clone")
    git(folder / "clone", "checkout", "-q", "-B", "main")
    for file, text in (("README.md", "More words.\n"), ("fastsmote/priors.py", THREE_TIMES)):
        with open(folder / "clone" / file, "a") as opened:
            opened.write(text)
        git(folder / "clone", "-c", "user.name=a", "-c", "user.email=b", "commit", "-qam", f"More in {file}")
    run_asv(folder / "clone" / "asv_bench", "machine", "--yes", "--machine", "here")
    return folder / "clone" / "asv_bench"


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True)


def run_asv(bench, *words):
    """With machines and environments of its own; packages that were fetched before are taken again."""
    fetched = os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache" / "pip"))
    return subprocess.run(
        [sys.executable, "-m", "asv", *words],
        cwd=bench,
        env=os.environ | {"HOME": str(bench.parent.parent), "PIP_CACHE_DIR": fetched},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_run_keeps_results_of_each_commit(bench):
    done = run_asv(bench, "run", "main~2..main~1", "--machine", "here", *CHOICE)
    assert done.returncode == 0, done.stdout
    done = run_asv(bench, "run", "main~2^!", "--machine", "here", *CHOICE)
    assert done.returncode == 0, done.stdout
    measured = [
        json.loads(path.read_text()) for path in (bench / "results" / "here").glob("*virtualenv*.json")
    ]
    assert len(measured) == 2
    for results in measured:
        assert sorted(results["results"]) == sorted(BENCHMARKS)
        for row in results["results"].values():
            assert sum(0 < seconds < 1 for seconds in row[0]) == 1


def test_continuous_finds_no_change_where_there_is_none(bench):
    done = run_asv(bench, "continuous", "--factor", "2", "main~2", "main~1", "--machine", "here", *CHOICE)
    assert done.returncode == 0, done.stdout
    assert "BENCHMARKS NOT SIGNIFICANTLY CHANGED" in done.stdout


def test_continuous_finds_a_factor_of_three(bench):
    done = run_asv(bench, "continuous", "--factor", "2", "main~1", "main", "--machine", "here", *CHOICE)
    assert done.returncode == 1, done.stdout
    slower = [line for line in done.stdout.splitlines() if line.startswith("| +")]
    assert len(slower) == 1, done.stdout
    assert "priors.CorrectPrior.time_call('fastsmote', 100000)" in slower[0]


def test_pages_are_drawn_of_what_is_kept_where_there_is_no_branch(tmp_path):
    """As in .ci/documentation, for a request to merge: its commit is checked out and no branch is there."""
    git(tmp_path, "init", "-q", "clone")
    git(tmp_path / "clone", "fetch", "-q", REPOSITORY, "HEAD")
    git(tmp_path / "clone", "checkout", "-q", "FETCH_HEAD")
    bench = tmp_path / "clone" / "asv_bench"
    shutil.copy(REPOSITORY / "asv_bench" / "asv.conf.json", bench)
    shutil.copytree(bench / "kept", bench / "results")
    done = run_asv(bench, "publish", "--html-dir", str(tmp_path / "pages"))
    assert done.returncode == 0, done.stdout
    assert len(list(tmp_path.glob("pages/graphs/arch-*/**/over_sampling.Smote.time_resample.json"))) == 1
