"""Edited plans: an error that says what is wrong, or the rows of the plan as it is then.

D1: kernels read the arrays of a plan without looking at bounds, a plan is public, travels, and is edited.
"""

import copy
import dataclasses
import pickle
import warnings
from functools import cache

import numpy as np
import pytest
from fuzz import edits
from reference.sampling.over import rows_of_plan
from scipy import sparse

import fastsmote
from fastsmote.plan import SyntheticPlan

N, RNG = 60, np.random.default_rng(0)
X = RNG.normal(size=(N, 5))
y = np.repeat([0, 1], [44, 16])
WEIGHT = RNG.random(N)
CODED = np.column_stack([X[:, :4], RNG.integers(0, 3, N)])
MISSING = np.where(RNG.random(X.shape) < 0.1, np.nan, X)
RULES = {0: "integer", 1: "immutable", 2: (None, 0.5)}
FIELDS = [one.name for one in dataclasses.fields(SyntheticPlan)]
RECORDS = ("smoothing", "donors", "rules")


@cache
def plans():
    """Name -> a plan, and the X that it was made for."""
    pd = pytest.importorskip("pandas")
    words = np.array([["a", "b", "c"][code] for code in CODED[:, 4].astype(int)])
    frame = pd.DataFrame(X[:, :3]).assign(shop=pd.Categorical(words))
    single = X.astype(np.float32)
    near_words = np.column_stack([words, words[::-1]])
    make = fastsmote.plan
    support = np.flatnonzero(y)[:6]
    smoothed = make.random_over_sample(X, y, shrinkage=0.3, random_state=0)
    return {
        "smote": (make.smote(X, y, random_state=0), X),
        "float32": (make.smote(single, y, random_state=0), single),
        "fortran": (make.smote(X, y, random_state=0), np.asfortranarray(X)),
        "beyond": (make.svm_smote(X, y, support, m_neighbors=5, random_state=0), X),
        "repeats": (make.random_over_sample(X, y, random_state=0), X),
        "smoothed": (smoothed, X),
        "joined": (make.concatenate([smoothed, make.smote(X, y, random_state=1)]), X),
        "rules": (make.smote(X, y, columns=RULES, random_state=0), X),
        "missing": (make.smote(MISSING, y, missing="nan-euclidean", random_state=0), MISSING),
        "coded": (make.smotenc(CODED, y, categorical_features=[4], random_state=0), CODED),
        "sparse": (make.smote(sparse.csr_array(X), y, random_state=0), sparse.csr_array(X)),
        "frame": (make.smotenc(frame, y, random_state=0), frame),
        "words": (make.smoten(near_words, y, random_state=0), near_words),
        "repeated words": (make.random_over_sample(near_words, y, random_state=0), near_words),
    }


def fields_of(plan):
    """The fields of a plan, all arrays copied, so that an edit is of this plan alone."""
    return copy.deepcopy({name: getattr(plan, name) for name in FIELDS})


def arrays_of(fields):
    """(record or None, field) of all that may be edited."""
    places = [(None, name) for name in FIELDS if name not in RECORDS]
    held = [record for record in RECORDS if hasattr(fields[record], "_fields")]
    parts = [(record, name) for record in held for name in fields[record]._fields]
    return [*places, *parts, *((None, record) for record in held)]


def edit(fields, rng):
    """One field edited; arrays in place or replaced."""
    places = arrays_of(fields)
    record, name = places[rng.integers(len(places))]
    value = fields[name] if record is None else getattr(fields[record], name)
    if isinstance(value, np.ndarray):
        if rng.random() < 0.6:
            value = np.array(value)
            for _ in range(int(rng.integers(1, 4))):
                edits.element(value, rng)
        else:
            value = edits.another(value, rng)
    elif name in ("n_rows", "n_features"):
        value = edits.number(value, rng)
    else:
        value = [None, {}, {0: 44}, {0: -1, 1: 2}, {0: 1.5}, (), "text", np.ones(3)][rng.integers(8)]
    fields[name if record is None else record] = (
        value if record is None else fields[record]._replace(**{name: value})
    )


class Child(SyntheticPlan):
    pass


def of_pickle(plan, fields, rng):
    """What a pickle makes that was written by hand."""
    records = {name: fields[name] and tuple(fields[name]) for name in RECORDS}
    empty = object.__new__(SyntheticPlan)
    empty.__setstate__({"version": 1, **fields, **records})
    return empty


def unmade(plan, fields, rng):
    empty = object.__new__(SyntheticPlan)
    for name in FIELDS[: len(FIELDS) if rng.random() < 0.8 else rng.integers(len(FIELDS))]:
        object.__setattr__(empty, name, fields[name])
    return empty


def with_other_attributes(plan, fields, rng):
    made = copy.copy(plan)
    made.__dict__.update(fields)
    return made


def written_to(plan, fields, rng):
    """A plan whose arrays were written to after it was made."""
    made = SyntheticPlan(**fields_of(plan))
    for record, name in arrays_of(fields):
        if record and not hasattr(vars(made)[record], "_fields"):
            continue
        old, new = (getattr(of[record], name) if record else of[name] for of in (vars(made), fields))
        if isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and old.shape == new.shape:
            old.setflags(write=old.base is None)
            if old.flags.writeable and np.can_cast(new.dtype, old.dtype, "same_kind"):
                old[...] = new
    return made


WAYS = [
    lambda plan, fields, rng: SyntheticPlan(**fields),
    lambda plan, fields, rng: Child(**fields),
    lambda plan, fields, rng: dataclasses.replace(plan, **fields),
    of_pickle,
    unmade,
    with_other_attributes,
    written_to,
]


def use(plan, X, rng):
    """Numbers of new rows, and these rows, in one of the ways in which a plan is used."""
    way, n = rng.integers(8), len(plan)
    if way == 0:
        return np.arange(n), plan.rows(X)
    if way == 1:
        start, stop = np.sort(rng.integers(0, n + 1, 2)).tolist()
        return np.arange(start, stop), plan.rows(X, start, stop, n_jobs=2)
    if way == 2:
        numbers = rng.integers(0, max(n, 1), rng.integers(0, 9))
        return numbers, plan.rows(X, numbers)
    if way == 3:
        size = int(rng.integers(1, 20))
        parts = list(plan.blocks(X, size))
        at = int(rng.integers(max(1, len(parts))))
        return np.arange(n)[at * size : (at + 1) * size], parts[at] if parts else plan.rows(X)
    if way == 4:
        return np.arange(n), pickle.loads(pickle.dumps(plan)).rows(X)
    if way == 5:
        return np.arange(n), fastsmote.plan.concatenate([plan]).rows(X)
    if way == 6:
        weight = plan.weights(y, WEIGHT)
        assert len(weight) == N + n
        assert np.isfinite(weight).all()
        return np.arange(n), plan.rows(X)
    repr(plan)
    assert plan.counts_after.keys() == plan.counts_before.keys()
    return np.arange(n), plan.rows(X, 0, n)


def dense(rows):
    """Rows of any kind as one array."""
    if sparse.issparse(rows):
        return rows.toarray()
    if hasattr(rows, "columns"):
        rows = rows.astype(dict.fromkeys(rows.columns, object))
    return np.asarray(rows)


def check(case, plan, X, numbers, made):
    """The rows are those of the plan as it is now, at these numbers."""
    matrix = dense(X)
    if matrix.dtype.kind not in "biuf":  # categories are copied, numbers before them interpolated
        matrix = matrix.astype(object)
    fields = {name: getattr(plan, name, None) for name in FIELDS}
    expected = rows_of_plan.rows(fields, matrix, numbers)
    made = dense(made)
    assert made.shape == (len(numbers), matrix.shape[1]), case
    for actual, right in zip(made.tolist(), expected, strict=True):
        for value, wanted in zip(actual, right, strict=True):
            if isinstance(wanted, str):
                assert value == wanted, case
            else:
                single = matrix.dtype == np.float32
                np.testing.assert_allclose(value, wanted, 1e-6 if single else 1e-11, 1e-11, err_msg=case)


def edited_plan(seed):
    rng = np.random.default_rng(seed)
    name = list(plans())[rng.integers(len(plans()))]
    plan, X = plans()[name]
    fields = fields_of(plan)
    for _ in range(int(rng.integers(0, 3))):
        edit(fields, rng)
    errors = ValueError, TypeError
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        made = edits.attempt(WAYS[rng.integers(len(WAYS))], plan, fields, rng)
        if made is None:
            return
        if not set(FIELDS) <= vars(made).keys():  # it was never made: len() needs base
            errors = ValueError, TypeError, AttributeError
        done = edits.attempt(use, made, X, rng, errors=errors)
        if done is not None:
            check(name, made, X, *done)


def test_edited_plans__D1(fuzz):
    fuzz(edited_plan, 200)
