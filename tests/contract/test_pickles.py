"""Pickles name public modules only, and those that earlier versions wrote are read and answer as they did."""

import copy
import json
import pickle
import pickletools
import re
from pathlib import Path

import numpy as np
import pytest
from contract.objects import ADAPTED, CORE, FOLDER, Example, X, make, y
from contract.public import public_objects
from contract.record import DIGITS, digest
from contract.store_pickles import store

import fastsmote

STORED = sorted(FOLDER.glob("*/*.pickle"))
STREAMS = sorted(FOLDER.glob("*/*.bin"))
EXAMPLES = {
    **CORE,
    **ADAPTED,
    "Warmup": Example(lambda: fastsmote.Warmup(3, 4, 0.5), tuple),
    "ResampledFile": Example(
        lambda: fastsmote.files.ResampledFile(Path("out.csv"), {0: 9, 1: 3}, {0: 9, 1: 9}),
        lambda made: [str(made.path), *made[1:]],
    ),
}


def modules_in(data):
    """Modules of the package that a pickle names."""
    words = {word for _, argument, _ in pickletools.genops(data) for word in str(argument).split()}
    return {word for word in words if re.fullmatch(r"fastsmote(\.\w+)*", word)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_public_modules_are_named(name):
    made = make(EXAMPLES[name])
    expected = digest(EXAMPLES[name].use(made))
    for protocol in (0, pickle.HIGHEST_PROTOCOL):
        data = pickle.dumps(made, protocol)
        named = modules_in(data)
        assert named
        assert not [module for module in named if "._" in module]
        assert digest(EXAMPLES[name].use(pickle.loads(data))) == expected


@pytest.mark.parametrize("name", CORE)
def test_copies(name):
    made = make(CORE[name])
    expected = digest(CORE[name].use(made))
    for other in (copy.copy(made), copy.deepcopy(made)):
        assert type(other) is type(made)
        assert digest(CORE[name].use(other)) == expected


def test_every_public_class_is_pickled():
    made = {type(make(example)) for example in EXAMPLES.values()}
    parts = {fastsmote.advice.Findings, fastsmote.advice.Recommendation, fastsmote.advice.Surroundings}
    left_out = {
        "fastsmote.dask.plan.LazyPlan",  # goes to workers that run the same version, and is not kept
        "fastsmote.plot.CurveDisplay",  # of which the others are made
    }
    classes = {item for name, item in public_objects() if isinstance(item, type) and name not in left_out}
    assert {cls for cls in classes - made - parts if not issubclass(cls, Warning)} == set()


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_stored_pickles_are_read(path):
    answers = json.loads((path.parent / "answers.json").read_text())
    restored = pickle.loads(path.read_bytes())
    assert digest(CORE[path.stem].use(restored), DIGITS) == answers[path.stem]


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_stored_streams_are_read(path):
    answers = json.loads((path.parent / "answers.json").read_text())
    restored = getattr(fastsmote, path.stem.split("-")[0]).from_bytes(path.read_bytes())
    assert digest(CORE[path.stem].use(restored), DIGITS) == answers[path.stem]


def test_all_of_this_version_are_stored(tmp_path):
    """A development version stores them when it comes out."""
    folder = FOLDER / fastsmote.__version__
    if ".dev" in fastsmote.__version__:
        folder = tmp_path / fastsmote.__version__
        store(folder)
    assert {path.stem for path in folder.glob("*.pickle")} == CORE.keys()


@pytest.mark.parametrize(
    "name", [name for name in CORE if "version" in (make(CORE[name]).__getstate__() or ())]
)
def test_pickles_of_later_versions_are_refused(name):
    made = make(CORE[name])
    empty = object.__new__(type(made))
    with pytest.raises(ValueError, match="update fastsmote"):
        empty.__setstate__({**made.__getstate__(), "version": 99})
    with pytest.raises(ValueError, match="must hold a version"):
        empty.__setstate__({"base": 1})


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("base", np.full(5, 7), "shape"),
        ("neighbor", "beyond", "neighbor from 0 to 299"),
        ("gap", None, "gap as float64 of shape"),
        ("donors", (1, 2), "lacks"),
        ("rules", (np.ones(2, bool),) * 2 + (np.ones(2),) * 2, "rules.immutable as bool of shape"),
    ],
)
def test_damaged_plans_are_refused(key, value, message):
    """Kernels would read beyond the end of X."""
    state = fastsmote.plan.smote(X, y, random_state=0).__getstate__()
    if key == "neighbor":
        value = state[key] + len(X)
    with pytest.raises(ValueError, match=message):
        object.__new__(fastsmote.SyntheticPlan).__setstate__({**state, key: value})
