"""Checks that the version, the changelog and the tag of this commit, if it has one, say the same."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATED = r"\d{4}-\d{2}-\d{2}"


def disagreements(version: str, changelog: str, tags: list[str]) -> list[str]:
    """What does not fit, in words."""
    sections = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    newest = sections[0] if sections else "nothing"
    found = []
    if ".dev" in version:
        if newest != "Unreleased":
            found.append(
                f"A development version ({version}) has the section Unreleased on top of docs/changelog.md. "
                f"Got {newest!r}; raise __version__ in fastsmote/__init__.py or rename the section."
            )
    elif not re.fullmatch(rf"{re.escape(version)} - {DATED}", newest):
        found.append(
            f"Version {version} has a section '{version} - its date' on top of docs/changelog.md. Got "
            f"{newest!r}; rename the section."
        )
    found += [
        f"The tag of version {version} is v{version}. Got {tag}; tag the commit that sets the version."
        for tag in tags
        if re.match(r"v\d", tag) and tag != f"v{version}"
    ]
    return found


def main() -> None:
    """Read the three, and end with 1 where they differ."""
    sys.path.insert(0, str(ROOT))
    from fastsmote import __version__

    changelog = (ROOT / "docs" / "changelog.md").read_text("utf-8")
    git = ("git", "-C", str(ROOT), "tag", "--points-at", "HEAD")  # says nothing in an unpacked sdist
    tags = subprocess.run(git, capture_output=True, text=True, check=False).stdout.split()
    if found := disagreements(__version__, changelog, tags):
        sys.exit("\n".join(found))
    print(f"fastsmote {__version__}, as the changelog says; tags of this commit: {', '.join(tags) or 'none'}")


if __name__ == "__main__":
    main()
