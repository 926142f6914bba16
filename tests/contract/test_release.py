"""What a release says of itself: version, changelog, classifiers, the page on the package index."""

import re
import runpy
import tomllib
from itertools import pairwise

import pytest
from places import REPOSITORY

import fastsmote

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
CHANGELOG = (REPOSITORY / "docs" / "changelog.md").read_text("utf-8")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}  # those of Keep a Changelog
disagreements = runpy.run_path(str(REPOSITORY / ".ci" / "versions.py"))["disagreements"]


def test_version_and_changelog_agree():
    assert disagreements(fastsmote.__version__, CHANGELOG, []) == []


@pytest.mark.parametrize(
    ("version", "newest", "tags"),
    [
        ("0.2.0.dev0", "Unreleased", []),
        ("0.2.0", "0.2.0 - 2026-12-24", []),
        ("0.2.0", "0.2.0 - 2026-12-24", ["v0.2.0", "vote"]),
    ],
)
def test_versions_that_agree(version, newest, tags):
    assert disagreements(version, f"# Changelog\n\n## {newest}\n\n## 0.1.0 - 2026-11-22\n", tags) == []


@pytest.mark.parametrize(
    ("version", "newest", "tags", "message"),
    [
        ("0.2.0.dev0", "0.2.0 - 2026-12-24", [], "has the section Unreleased"),
        ("0.2.0", "Unreleased", [], "Got 'Unreleased'"),
        ("0.2.0", "0.2.0", [], "its date"),
        ("0.2.0", "0.2.1 - 2026-12-24", [], "Version 0.2.0 has a section"),
        ("0.2.0", "0.2.0 - 2026-12-24", ["v0.2.1"], "Got v0.2.1"),
        ("0.2.0.dev0", "Unreleased", ["v0.2.0"], "Got v0.2.0"),
    ],
)
def test_versions_that_do_not_agree(version, newest, tags, message):
    (found,) = disagreements(version, f"# Changelog\n\n## {newest}\n\n## 0.1.0 - 2026-11-22\n", tags)
    assert message in found


def test_changelog_is_in_its_form():
    sections = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
    dated = [section for section in sections if section != "Unreleased"]
    assert sections.index(dated[0]) == len(sections) - len(dated) <= 1
    releases = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d{2}-\d{2})", section) for section in dated]
    assert all(releases)
    numbers = [(tuple(map(int, release.groups()[:3])), release[4]) for release in releases]
    assert all(later > earlier for later, earlier in pairwise(numbers))
    assert set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)) <= KINDS


def test_the_page_on_the_index_has_no_dead_links():
    (substitution,) = PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    page, n_links = re.subn(substitution["pattern"], substitution["replacement"], readme)
    assert n_links
    assert [link for link in re.findall(r"\]\(([^)]*)\)", page) if not link.startswith("https:")] == []
