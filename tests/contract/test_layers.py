"""The rooms of the package and who may import whom; ``docs/architecture.md`` tells it in words."""

import ast
import subprocess
import sys

from contract.imports import (
    FILES,
    IMPORTS,
    SOURCES,
    TREES,
    arrows,
    circle,
    dotted,
    imports_of,
    packages_of,
    private_names,
    room_of,
)
from optional import ADAPTERS, OPTIONAL
from places import REPOSITORY

COMPILER = {"numba", "llvmlite"}
FACES = {
    **dict.fromkeys(("compiled",), "_core"),
    **dict.fromkeys(("neighbors",), "_neighbors"),
    **dict.fromkeys(("bootstrap", "classification", "metrics", "streaming", "thresholds"), "_metrics"),
    **dict.fromkeys(
        ("borderline", "cleaning", "oversample", "plan", "resample", "select", "undersample", "weights"),
        "_sampling",
    ),
    **dict.fromkeys(("calibration", "losses", "priors"), "_probability"),
    **dict.fromkeys(("advice", "leakage"), "_diagnosis"),
}
# each floor imports from those before it, and a room from no other on its floor
FLOORS = [
    {"_kernels"},
    {"_core"},
    {"_neighbors", "_metrics"},
    {"_sampling", "_probability"},
    {"_blocks", "_diagnosis", "datasets"},
    set(FACES),
    ADAPTERS,
    {"__main__"},
]
STRANGERS = {("_sampling", "_metrics")}  # though the floor would allow it
# reads a column of labels as 0 and 1: no public function gives that back
READS_LABELS = "_metrics.ranked"
OF_THE_COMMAND = {
    "_blocks.samplers", "_core.allowance", "_core.threads", "_core.typing", "_core.warming", "_kernels.disk",
    "_kernels.jit", "_kernels.shipped", "_kernels.signatures", "_metrics.measures", READS_LABELS,
    "_sampling.registry",
}  # fmt: skip
OF_FACES = {"_core.typing", "_core.public"}  # types, and the name of a face for what stands in a part of it


def floor_of(room):
    (number,) = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    return number


def within(file, room):
    return file == room or file.startswith(f"{room}.")


def may_import(file, other):
    """Whether a file may import from another of the package ("" is the package itself)."""
    room, target = room_of(file), room_of(other)
    if target == room:
        return room not in FACES or file == room  # parts of a face do not know each other
    if room in FACES:
        return within(other, FACES[room]) or other in OF_FACES
    if other == "":
        return room in ADAPTERS or room == "__main__"
    if target in ADAPTERS:
        return (room, target) in {("__main__", "cli"), ("cli", "files")}
    if room == "cli":
        return target in {*FACES, "datasets"} or other in OF_THE_COMMAND
    return floor_of(target) < floor_of(room) and (room, target) not in STRANGERS


def test_imports_go_down():
    assert [(file, i.file) for file in FILES for i in IMPORTS[file] if not may_import(file, i.file)] == []


def test_the_rules():
    allowed = [
        ("_core.labels", "_kernels.jit"),
        ("_probability.bins", "_metrics.bins"),
        ("_metrics.areas", "_metrics.bins"),
        ("oversample", "_sampling.apply"),
        ("oversample", "_core.typing"),
        ("select", "select._clean"),
        ("imblearn._over", "_sampling.over.plan"),
        ("sklearn._prior", "priors"),
        ("cli._info", "_kernels.jit"),
        ("cli._resample_files", "files._run"),
        ("files._run", "_blocks.samplers"),
        ("_blocks.over", "_sampling.over.smote"),
        ("cli._run", ""),
        ("__main__", "cli._run"),
    ]
    refused = [
        ("_kernels.jit", "_core.threads"),
        ("_neighbors.index", "_metrics.bins"),
        ("_metrics.areas", "_sampling.apply"),
        ("_sampling.apply", "_metrics.bins"),
        ("_probability.bins", "_sampling.apply"),
        ("_sampling.apply", "plan"),
        ("_sampling.apply", "imblearn"),
        ("_sampling.apply", ""),
        ("oversample", "plan"),
        ("select._clean", "select._under"),
        ("oversample", "_core.labels"),
        ("oversample", "_metrics.bins"),
        ("imblearn._over", "sklearn._prior"),
        ("plot", "sklearn"),
        ("files._run", "cli._show"),
        ("_blocks.over", "_diagnosis.rules"),
        ("cli._info", "_core.labels"),
        ("cli._run", "imblearn._patch"),
    ]
    assert [pair for pair in allowed if not may_import(*pair)] == []
    assert [pair for pair in refused if may_import(*pair)] == []


def test_no_private_name_of_another_file():
    assert {file: names for file in FILES if (names := private_names(TREES[file]))} == {}


def test_private_names_are_seen():
    tree = ast.parse(
        "import fastsmote.plan\n"
        "from fastsmote._core import labels as l\n"
        "from fastsmote._core.rows import _x, y\n"
        "def f():\n"
        "    fastsmote.plan._a, l._b, l.c, y._d, l.__doc__\n"
    )
    assert private_names(tree) == ["_core.rows._x", "plan._a", "_core.labels._b"]


def test_packages_stay_in_their_rooms():
    for file in FILES:
        used, room = packages_of(TREES[file]), room_of(file)
        assert not used & COMPILER or room == "_kernels", file
        assert not used & OPTIONAL or room in ADAPTERS, file
        assert "narwhals" not in used or room in {"_core", *ADAPTERS}, file


def test_faces_decide_nothing():
    """Signature, docstring, one call: what is decided, and the loops over it, stand in the room."""
    statements = (ast.If, ast.For, ast.While, ast.Try, ast.With, ast.Match, ast.ClassDef)
    for file in FACES:
        found = [ast.unparse(node)[:60] for node in ast.walk(TREES[file]) if isinstance(node, statements)]
        assert found == [], file


def test_no_circle_between_files():
    assert circle({file: {i.file for i in IMPORTS[file]} for file in FILES}) == []


def test_no_circle_between_rooms():
    rooms = {room_of(file) for file in FILES}
    assert circle({room: {b for a, b in arrows() if a == room} for room in rooms}) == []


def test_circles_are_seen():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert circle({"a": {"a", "b"}, "b": set()}) == []


def test_the_house_stays_small():
    rooms = {room_of(file) for file in FILES}
    assert rooms <= set().union(*FLOORS)
    assert len(rooms) <= 36
    assert len(FLOORS) <= 8
    assert len(arrows()) <= 104


def test_size():
    lengths = {file: len(SOURCES[file].read_text("utf-8").splitlines()) for file in FILES}
    assert {file: length for file, length in lengths.items() if length > 500} == {}


def test_kernels_have_names_of_their_own():
    """Kernels of two files of one name would share the beginning of the names of their cached files."""
    names = [SOURCES[file].stem for file in FILES if room_of(file) == "_kernels"]
    names = [name for name in names if name != "__init__"]
    assert len(names) == len(set(names))


def test_kernels_are_never_parallel_and_assume_no_finite_numbers():
    for file in FILES:
        if room_of(file) == "_kernels":
            tree = TREES[file]
            used = {k.arg: k.value for node in ast.walk(tree) for k in getattr(node, "keywords", [])}
            assert "parallel" not in used
            flags = ast.literal_eval(used.get("fastmath", ast.Constant(())))
            assert set(flags) <= {"reassoc", "contract", "nsz", "arcp"}
            assert not {"prange", "guvectorize"} & {name for _, name, _ in dotted(tree)}


def test_oracles_import_nothing_of_the_package():
    oracles = sorted((REPOSITORY / "tests" / "reference").rglob("*.py"))
    assert oracles
    for path in oracles:
        assert not imports_of(ast.parse(path.read_text("utf-8")))


def test_import_is_light():
    heavy = sorted(COMPILER | OPTIONAL | {"narwhals", "numpy", "scipy"})
    script = f"import fastsmote, sys; dir(fastsmote); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_resampling_imports_no_optional_package():
    script = (
        "import fastsmote, sys\n"
        "fastsmote.smote([[0.0], [1.0], [2.0], [3.0]] * 4, [0] * 10 + [1] * 6)\n"
        f"print([m for m in {sorted(OPTIONAL)} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
