"""Who imports whom, read from the sources: all imports, those inside functions and under TYPE_CHECKING too.

A *file* is named by its module without ``fastsmote.``, the package's own ``__init__`` by "". A *room* is a
file or folder directly below the package; that ``__init__`` is none, as its names come from elsewhere.
"""

import ast
from pathlib import Path
from typing import NamedTuple

import fastsmote

PACKAGE = Path(fastsmote.__file__).parent


class Import(NamedTuple):
    file: str  # imported file of the package, or "" where it is the package itself
    name: str | None  # what is taken from it, None for the file as such
    bound: str  # the name that it gets


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in SOURCES.items()}
FILES = [name for name in SOURCES if name]


def room_of(file: str) -> str:
    return file.partition(".")[0]


def dotted(tree: ast.AST) -> list[tuple[str, str | None, str]]:
    """(module, name taken from it, name bound) of all imports; those of whole modules without a name."""
    found: list[tuple[str, str | None, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(a.name, None, a.asname or a.name) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found += [(str(node.module), a.name, a.asname or a.name) for a in node.names]
    return found


def packages_of(tree: ast.AST) -> set[str]:
    return {module.partition(".")[0] for module, _, _ in dotted(tree)}


def imports_of(tree: ast.AST) -> list[Import]:
    """Imports from the package."""
    found = []
    for module, name, bound in dotted(tree):
        package, _, file = module.partition(".")
        if package == "fastsmote":
            inner = f"{file}.{name}".lstrip(".")
            found.append(
                Import(inner, None, bound) if name and inner in SOURCES else Import(file, name, bound)
            )
    return found


IMPORTS = {file: imports_of(TREES[file]) for file in FILES}


def private_names(tree: ast.AST) -> list[str]:
    """Underscored names taken from another file: imported, or as attributes of an imported module."""
    found = imports_of(tree)
    taken = [f"{i.file}.{i.name}" for i in found if i.name and is_private(i.name)]
    modules = {i.bound: i.file for i in found if i.name is None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = ast.unparse(node.value)
            if owner in modules:
                taken.append(f"{modules[owner]}.{node.attr}")
    return taken


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def arrows() -> set[tuple[str, str]]:
    """Pairs of rooms of which the first imports from the second."""
    pairs = {(room_of(file), room_of(i.file)) for file, found in IMPORTS.items() for i in found}
    return {(a, b) for a, b in pairs if a != b and b}


def circle(above: dict[str, set[str]]) -> list[str]:
    """Names that import each other, or are above such: empty where there is no circle."""
    left = {name: set(needs) - {name} for name, needs in above.items()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)
