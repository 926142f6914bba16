"""Every object that pickles, with one thing in its state edited: it ends in an error or an answer.

D1: what of it reaches a kernel is looked at before. Most of these objects are records of NumPy arrays, whose
errors are NumPy's; what must not be is a crash, a hang, or an index of a kernel beyond an array, which
NUMBA_BOUNDSCHECK=1 tells.
"""

import copy
import os
import subprocess
import sys
import warnings
from functools import cache

import numpy as np
import pytest
from contract.objects import ADAPTED, CORE, X, make, y
from fuzz import edits
from places import REPOSITORY

import fastsmote

LAST_SUBSET = CORE["BalancedSubsets"]._replace(use=lambda subsets: subsets[-1])  # a list of 2**62 is no fault
OBJECTS = {
    **CORE,
    "BalancedSubsets": LAST_SUBSET,
    **{name: one for name, one in ADAPTED.items() if name.startswith("sklearn.")},
}


@cache
def made(name):
    return make(OBJECTS[name])


def edited(value, rng):
    """A nest of what pickles hold, with one thing in it edited."""
    if isinstance(value, dict) and value and rng.random() < 0.95:
        key = list(value)[rng.integers(len(value))]
        return {**value, key: edited(value[key], rng)}
    if isinstance(value, tuple | list) and value and rng.random() < 0.95:
        place = int(rng.integers(len(value)))
        items = [*value[:place], edited(value[place], rng), *value[place + 1 :]]
        return type(value)._make(items) if hasattr(value, "_make") else type(value)(items)
    if isinstance(value, np.ndarray):
        if rng.random() < 0.3:
            return edits.another(value, rng)
        value = value.copy()
        edits.element(value, rng)
        return value
    if isinstance(value, bytes) and value:
        return edits.damaged(value, rng)
    if isinstance(value, type) or callable(value):
        return value
    return edits.number(value, rng)


def rebuilt(one, rng):
    """The object from its pickled parts, one of them edited."""
    function, arguments, state, *_ = (*one.__reduce_ex__(2), None)
    if state is not None and (rng.random() < 0.8 or not arguments[1:]):
        state = edited(copy.deepcopy(state), rng)
    elif arguments:
        kept = 1 if isinstance(arguments[0], type) else 0
        arguments = (*arguments[:kept], *edited(copy.deepcopy(arguments[kept:]), rng))
    other = function(*arguments)
    if state is not None:
        other.__setstate__(state) if hasattr(other, "__setstate__") else other.__dict__.update(state)
    return other


def edited_object(seed):
    rng = np.random.default_rng(seed)
    name = list(OBJECTS)[rng.integers(len(OBJECTS))]
    example = OBJECTS[name]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            example.use(rebuilt(made(name), rng))
        except MemoryError as error:
            raise AssertionError(f"{name} asks for memory that what it holds does not need") from error
        except Exception as error:
            if str(error) == "index is out of bounds":  # NUMBA_BOUNDSCHECK
                raise


def test_edited_objects__D1(fuzz):
    fuzz(edited_object, 200)


def test_subsets_whose_parts_were_edited__D1():
    subsets = fastsmote.balanced_subsets(y, 3, random_state=0)
    state = subsets.__getstate__()
    rows, *rest = state["dealt"][0]
    for dealt in ((rows[::-1], *rest), (rows - 10**6, *rest), (rows, 10**9, *rest[1:]), (rows, 0, *rest[1:])):
        with pytest.raises(ValueError, match="must"):
            object.__new__(type(subsets)).__setstate__({**state, "dealt": [dealt]})


def test_fitted_neighbors_whose_attributes_were_edited__D1():
    pytest.importorskip("sklearn")
    import fastsmote.sklearn

    model = fastsmote.sklearn.NearestNeighbors(n_neighbors=3).fit(X)
    model.n_samples_fit_ = 10**6
    with pytest.raises(ValueError, match="n_neighbors must be at most"):
        model.kneighbors(X[:5], n_neighbors=10**5)
    with pytest.raises(ValueError, match="n_neighbors must be at most"):
        model.kneighbors(n_neighbors=len(X))


@pytest.mark.slow
def test_no_kernel_is_led_beyond_its_arrays__D1(tmp_path):
    """The fuzzers once more, with kernels that look at every index."""
    checked = {"NUMBA_BOUNDSCHECK": "1", "FASTSMOTE_CACHE": str(tmp_path)}
    fuzzers = ["plans", "streams", "indexes", "pickles", "sparse"]
    files = [str(REPOSITORY / "tests" / "fuzz" / f"test_{name}.py") for name in fuzzers]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "test_edited", *files],
        cwd=REPOSITORY,
        env=os.environ | checked,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=3600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
