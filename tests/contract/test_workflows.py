"""Workflows of hosted CI: in their schemas, calling what exists, with no more rights than they need."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
from places import REPOSITORY

yaml = pytest.importorskip("ruamel.yaml")
HOSTED = REPOSITORY / ".github"
FILES = {path.stem: path for path in sorted((HOSTED / "workflows").iterdir())}
WORKFLOWS = {name: yaml.YAML(typ="safe").load(path) for name, path in FILES.items()}
JOBS = {f"{file}: {name}": job for file, flow in WORKFLOWS.items() for name, job in flow["jobs"].items()}
STEPS = [step for job in JOBS.values() for step in job["steps"]]
WRITES = {  # all rights beyond reading: to publish pages, and to be known to the package index
    "documentation: publish": {"pages": "write", "id-token": "write"},
    "release: publish": {"id-token": "write"},
}
SCHEMAS = {
    "github-workflows": list(FILES.values()),
    "github-issue-forms": sorted(
        set((HOSTED / "ISSUE_TEMPLATE").iterdir()) - {HOSTED / "ISSUE_TEMPLATE/config.yml"}
    ),
    "github-issue-config": [HOSTED / "ISSUE_TEMPLATE" / "config.yml"],
    "dependabot": [HOSTED / "dependabot.yml"],
}


def validated(schema, *files):
    checker = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}")
    return subprocess.run((*checker, *map(str, files)), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_schemas(schema):
    pytest.importorskip("check_jsonschema")
    done = validated(schema, *SCHEMAS[schema])
    assert done.returncode == 0, done.stdout


def test_the_schema_sees_what_is_wrong(tmp_path):
    pytest.importorskip("check_jsonschema")
    (tmp_path / "wrong.yml").write_text(FILES["documentation"].read_text().replace("runs-on", "run-on"))
    done = validated("github-workflows", tmp_path / "wrong.yml")
    assert done.returncode == 1
    assert "run-on" in done.stdout


def test_scripts_exist():
    """A script is called as a user of this repository calls it."""
    words = [word for step in STEPS for word in step.get("run", "").split()]
    named = {word for word in words if word.startswith((".ci/", "asv_bench/", "docs/", "tests/"))}
    assert {".ci/run", ".ci/floors", ".ci/bare", ".ci/release", ".ci/documentation"} <= named
    for name in named:
        mode = os.X_OK if name.startswith(".ci/") else os.R_OK
        assert os.access(REPOSITORY / name, mode), name


def test_extras_exist():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    named = {
        extra
        for step in STEPS
        for group in re.findall(r"\.\[([\w,]+)\]", step.get("run", ""))
        for extra in group.split(",")
    }
    assert named
    assert named <= project["optional-dependencies"].keys()


def test_pythons_are_those_of_the_classifiers():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    told = re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    assert f">={told[0]}" == project["requires-python"]
    matrices = [job["strategy"]["matrix"] for job in JOBS.values() if "strategy" in job]
    assert [matrix["python"] for matrix in matrices if "python" in matrix] == [told, told]
    named = {
        str(step["with"]["python-version"]) for step in STEPS if "python-version" in step.get("with", {})
    }
    assert named - {"${{ matrix.python }}"} <= set(told)


@pytest.mark.parametrize("name", FILES)
def test_rights_and_concurrency(name):
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}
    assert {"group", "cancel-in-progress"} == WORKFLOWS[name]["concurrency"].keys()


@pytest.mark.parametrize("name", JOBS)
def test_jobs(name):
    job = JOBS[name]
    assert job.get("permissions", {}) == WRITES.get(name, {})
    assert 0 < job["timeout-minutes"] <= 90
    for step in job["steps"]:
        if "uses" in step:
            assert re.search(r"@(v\d+|release/v\d+)$", step["uses"])
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", "")  # a name of a branch is no part of a script


def test_there_are_no_secrets():
    assert not [name for name, path in FILES.items() if "secrets." in path.read_text()]
