"""Prints each requirement of pyproject.toml, extras too, at the lowest version that it allows."""

import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]


def lowest(words: str) -> Requirement:
    """A requirement whose only bound is a lower one, with the bound as the version."""
    need = Requirement(words)
    bounds = list(need.specifier)
    if len(bounds) != 1 or bounds[0].operator != ">=":
        raise ValueError(f"A requirement has one bound, a lower one (>=). Got {words!r} in pyproject.toml.")
    need.specifier = SpecifierSet(f"=={bounds[0].version}")
    return need


def main() -> None:
    """Print them, without the project itself, which brings extras together in others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for words in chain(project["dependencies"], *project["optional-dependencies"].values()):
        if Requirement(words).name != project["name"]:
            print(lowest(words))


if __name__ == "__main__":
    main()
