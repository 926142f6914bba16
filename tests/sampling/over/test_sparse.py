"""Sparse X: the rows of the dense matrix, in the format that came in, and nothing made dense."""

import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from sampling.over.plans import same_plan
from scipy import sparse
from strategies import fraud, hostile, lattice

import fastsmote
from fastsmote import plan

_, Y = fraud(400, 1, (0.7, 0.2, 0.1), 2)


def thinned(data, share=0.7, seed=1):
    """Zeros at random, and some rows of zeros only."""
    rng = np.random.default_rng(seed)
    data = np.where(rng.random(data.shape) < share, 0, data).astype(data.dtype)
    data[rng.choice(len(data), 30, replace=False)] = 0
    return data


NORMAL = fraud(400, 30, (0.7, 0.2, 0.1), 2)[0]


def permuted():
    """Rows that are equally far from rows of zeros, but for rounding, which depends on their order."""
    values = np.concatenate([np.random.default_rng(3).normal(size=9), np.zeros(6)])
    data = np.random.default_rng(4).permuted(np.tile(values, (400, 1)), axis=1)
    data[::25] = 0
    return data


DATA = {
    "permuted": permuted(),
    "normal": thinned(NORMAL),
    "31 columns": thinned(np.hstack([NORMAL, NORMAL[:, :1]])),
    "one column": thinned(NORMAL[:, :1]),
    "very thin": thinned(NORMAL, 0.98),
    "full": NORMAL,
    "ties": thinned(lattice(400, 6, 3), 0.5),
    "negative ties": thinned(lattice(400, 5, 5), 0.5) - 2,
    "offset": np.where(thinned(NORMAL) != 0, np.round(NORMAL * 2**20) / 2**20 + 1e8, 0.0),
    "float32": thinned(NORMAL).astype(np.float32),
    "float32 ties": thinned(lattice(400, 6, 3), 0.5).astype(np.float32),
}
SAMPLERS = ["smote", "adasyn"]
samplers = pytest.mark.parametrize("sampler", SAMPLERS)
each_data = pytest.mark.parametrize("name", DATA)
MAKE = [sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array, sparse.csc_array]
containers = pytest.mark.parametrize("make", MAKE, ids=lambda make: make.__name__)


def parts(matrix):
    return [matrix.data.copy(), matrix.indices.copy(), matrix.indptr.copy()]


def disordered(matrix, seed=0):
    """The same matrix with entries in disorder, some of them split in two, and explicit zeros."""
    rng = np.random.default_rng(seed)
    major = matrix.tocoo()
    rows, columns, data = (np.asarray(v) for v in (major.coords[0], major.coords[1], major.data))
    if matrix.format == "csc":
        rows, columns = columns, rows
    half = rng.random(len(data)) < 0.3
    empty = rng.integers(0, matrix.shape[0 if matrix.format == "csr" else 1], 50)
    other = rng.integers(0, matrix.shape[1 if matrix.format == "csr" else 0], 50)
    rows = np.concatenate([rows, rows[half], empty])
    columns = np.concatenate([columns, columns[half], other])
    data = np.concatenate([np.where(half, data / 2, data), data[half] / 2, np.zeros(50)]).astype(data.dtype)
    order = rng.permutation(len(data))
    order = order[np.argsort(rows[order], kind="stable")]
    indptr = np.searchsorted(rows[order], np.arange(len(matrix.indptr)))
    made = type(matrix)((data[order], columns[order], indptr), shape=matrix.shape)
    assert not made.has_sorted_indices
    assert not made.has_canonical_format
    return made


@samplers
@each_data
@containers
@pytest.mark.one_in(4)
def test_rows_are_those_of_the_dense_matrix_to_the_bit(sampler, name, make):
    data = DATA[name]
    expected, expected_y = getattr(fastsmote, sampler)(data, Y, random_state=5)
    matrix = make(data)
    before = parts(matrix)
    actual, actual_y = getattr(fastsmote, sampler)(matrix, Y, random_state=5)
    assert type(actual) is make
    assert actual.dtype == data.dtype
    assert actual.has_canonical_format
    np.testing.assert_array_equal(actual.toarray(), expected)
    np.testing.assert_array_equal(actual_y, expected_y)
    for now, then in zip(parts(matrix), before, strict=True):
        np.testing.assert_array_equal(now, then)
    assert not np.shares_memory(actual.data, matrix.data)


@samplers
@each_data
@containers
@pytest.mark.one_in(4)
def test_plans_are_those_of_the_dense_matrix(sampler, name, make):
    data, decide = DATA[name], partial(getattr(plan, sampler), y=Y, random_state=2)
    made = decide(data)
    same_plan(decide(make(data)), made)
    actual = made.rows(make(data))
    assert sparse.issparse(actual)
    assert actual.format == make(data).format
    expected = made.rows(data)
    assert actual.dtype == expected.dtype
    np.testing.assert_array_equal(actual.toarray(), expected)
    np.testing.assert_array_equal(made.rows(make(data), 100, 333).toarray(), expected[100:333])
    blocks = list(made.blocks(make(data), 97))
    assert [block.shape[0] for block in blocks[:-1]] == [97] * (len(blocks) - 1)
    np.testing.assert_array_equal(sparse.vstack(blocks).toarray(), expected)
    assert (actual.data != 0).all()


@pytest.mark.parametrize("name", hostile())
def test_hostile_data(name):
    data = hostile()[name]
    data = np.where(np.random.default_rng(0).random(data.shape) < 0.4, 0, data).astype(data.dtype)
    y = (np.arange(len(data)) % 4 == 0).astype(int)
    made = plan.smote(data, y, random_state=0)
    matrix = sparse.csr_array(data)
    same_plan(plan.smote(matrix, y, random_state=0), made)
    np.testing.assert_array_equal(made.rows(matrix).toarray(), made.rows(data))


@samplers
@containers
@pytest.mark.parametrize("name", ["normal", "ties", "float32"])
def test_disorder_duplicates_and_explicit_zeros(sampler, make, name):
    matrix = disordered(make(DATA[name]))
    expected = getattr(fastsmote, sampler)(matrix.toarray(), Y, random_state=1)[0]
    before = parts(matrix)
    actual = getattr(fastsmote, sampler)(matrix, Y, random_state=1)[0]
    np.testing.assert_array_equal(actual.toarray(), expected)
    for now, then in zip(parts(matrix), before, strict=True):
        np.testing.assert_array_equal(now, then)
    made = getattr(plan, sampler)(matrix, Y, random_state=1)
    np.testing.assert_array_equal(made.rows(matrix).toarray(), expected[400:])


@containers
def test_indices_of_64_bits_and_arrays_that_are_read_only(make):
    matrix = make(DATA["normal"])
    expected = fastsmote.smote(matrix, Y, random_state=0)[0].toarray()
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int64), matrix.indptr.astype(np.int64)
    for part in (matrix.data, matrix.indices, matrix.indptr):
        part.flags.writeable = False
    np.testing.assert_array_equal(fastsmote.smote(matrix, Y, random_state=0)[0].toarray(), expected)
    made = plan.adasyn(matrix, Y, random_state=0)
    same_plan(made, plan.adasyn(DATA["normal"], Y, random_state=0))
    np.testing.assert_array_equal(made.rows(matrix).toarray(), made.rows(DATA["normal"]))


@samplers
@containers
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, bool])
def test_integers_are_rounded_as_dense_ones(sampler, make, dtype):
    data = np.abs(np.rint(DATA["normal"] * 3)).astype(dtype)
    expected = getattr(fastsmote, sampler)(data, Y, random_state=1)[0]
    actual = getattr(fastsmote, sampler)(make(data), Y, random_state=1)[0]
    assert (type(actual), actual.dtype) == (make, dtype)
    np.testing.assert_array_equal(actual.toarray(), expected)


@samplers
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_threads_do_not_matter(sampler, n_jobs):
    y = np.arange(400) % 2 * (np.arange(400) < 200)
    run = partial(getattr(fastsmote, sampler), sparse.csr_array(DATA["normal"]), y, random_state=1)
    run = partial(run, sampling_strategy={1: 20_000})
    np.testing.assert_array_equal(run(n_jobs=n_jobs)[0].toarray(), run()[0].toarray())


@samplers
@containers
def test_a_matrix_of_zeros(sampler, make):
    actual, y = getattr(fastsmote, sampler)(make((400, 3), dtype=float), Y, random_state=0)
    assert actual.shape == (840, 3)
    assert actual.nnz == 0
    np.testing.assert_array_equal(np.bincount(y), [280, 280, 280])


def test_a_plan_of_rows_with_extrapolation_from_the_dense_matrix():
    data = DATA["normal"]
    near_zero = np.linalg.norm(data, axis=1) < 2.0
    made = plan.svm_smote(data, near_zero, np.flatnonzero(near_zero), random_state=0)
    assert (made.gap < 0).any()
    np.testing.assert_array_equal(made.rows(sparse.csr_array(data)).toarray(), made.rows(data))


def test_weights_of_rows():
    weight = np.random.default_rng(0).integers(0, 4, 400).astype(float)
    data = DATA["ties"]
    for matrix in (data, sparse.csc_matrix(data)):
        made = plan.smote(matrix, Y, sample_weight=weight, random_state=1)
        same_plan(made, plan.smote(data, Y, sample_weight=weight, random_state=1))
    result = fastsmote.smote(sparse.csr_array(data), Y, return_weights=True, random_state=1)
    assert len(result[2]) == result[0].shape[0] == 840


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil"])
@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csr_matrix])
def test_random_over_sampling_repeats_rows_of_any_format(form, kind):
    matrix = kind(DATA["normal"]).asformat(form)
    actual, _ = fastsmote.random_over_sample(matrix, Y, random_state=3)
    assert actual.format == form
    made = plan.random_over_sample(matrix, Y, random_state=3)
    expected = DATA["normal"][np.r_[np.arange(400), made.base]]
    np.testing.assert_array_equal(actual.toarray(), expected)
    np.testing.assert_array_equal(made.rows(kind(DATA["normal"])).toarray(), expected[400:])


@samplers
@containers
def test_missing_and_infinite_values_are_named(sampler, make):
    for value, words in ((np.nan, "NaN"), (np.inf, "infinity"), (-np.inf, "infinity")):
        data = DATA["normal"].copy()
        data[31, 4] = value
        with pytest.raises(ValueError, match=rf"{words} .*at row 31, column 4\b"):
            getattr(fastsmote, sampler)(make(data), Y)


@samplers
@pytest.mark.parametrize("form", ["coo", "bsr", "lil", "dok", "dia"])
def test_other_formats_name_the_way_out(sampler, form):
    with pytest.raises(TypeError, match=rf"must be CSR or CSC. Got {form.upper()}; pass X.tocsr\(\)"):
        getattr(fastsmote, sampler)(sparse.eye_array(400, 30).asformat(form), Y)


DENSE_ONLY = {
    "shrinkage": partial(fastsmote.random_over_sample, shrinkage=1.0),
    "smotenc": partial(fastsmote.smotenc, categorical_features=[0]),
    "smoten": fastsmote.smoten,
}


@pytest.mark.parametrize("name", DENSE_ONLY)
@containers
def test_samplers_of_dense_rows_name_the_way_out(name, make):
    with pytest.raises(TypeError, match=r"sparse matrix.*X\.toarray\(\)"):
        DENSE_ONLY[name](make(DATA["normal"]), y=Y)


@samplers
@pytest.mark.parametrize(
    ("X", "arguments", "message"),
    [
        (
            sparse.csr_array(DATA["normal"]),
            {"columns": {0: "integer"}},
            "columns and missing are for dense X",
        ),
        (sparse.csr_array(DATA["normal"]), {"missing": "nan-euclidean"}, "columns and missing are for dense"),
        (sparse.csr_array((400, 0)), {}, r"must have rows and columns. Got .*\(400, 0\)"),
        (sparse.csr_array(DATA["normal"] * 1j), {}, "real numbers"),
        (sparse.csr_array(DATA["normal"][1:]), {}, "399"),
    ],
    ids=["columns", "missing", "no columns", "complex", "length"],
)
def test_errors(sampler, X, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(fastsmote, sampler)(X, Y, **arguments)


@pytest.mark.parametrize("made", ["columns", "noise", "categories"])
def test_plans_that_do_not_apply_to_sparse_rows(made):
    data = DATA["ties"]
    decided = {
        "columns": partial(plan.smote, columns={0: "integer"}),
        "noise": partial(plan.random_over_sample, shrinkage=1.0),
        "categories": partial(plan.smotenc, categorical_features=[0]),
    }[made](data, Y)
    with pytest.raises(TypeError, match=r"can not be applied to a sparse matrix\. Pass X\.toarray"):
        decided.rows(sparse.csr_array(data))


def test_errors_of_rows():
    made = plan.smote(DATA["normal"], Y)
    matrix = sparse.csr_array(DATA["normal"])
    with pytest.raises(ValueError, match="out is for rows that are numbers in a dense array"):
        made.rows(matrix, 0, 2, out=np.empty((2, 30)))
    with pytest.raises(ValueError, match="start and stop must be in 0"):
        made.rows(matrix, 5, 4)
    with pytest.raises(ValueError, match=r"400 rows and 30 features .* Got 400 rows and 29"):
        made.rows(sparse.csr_array(DATA["normal"][:, 1:]))


HUGE = """
import resource
import numpy as np
from scipy import sparse
import fastsmote

n, d = 2_000, 1_000_000
rng = np.random.default_rng(0)
data = np.ones(20 * n), (np.repeat(np.arange(n), 20), rng.integers(0, d, 20 * n))
X = sparse.csr_array(data, shape=(n, d)).FORMAT()
y = np.arange(n) % 5 == 0
small = sparse.csr_array(rng.normal(size=(200, 9))).FORMAT()
for sampler in (fastsmote.smote, fastsmote.adasyn):
    sampler(small, y[:200], random_state=0)
with open("/proc/self/status") as status:
    used = next(1024 * int(line.split()[1]) for line in status if line.startswith("VmData"))
resource.setrlimit(resource.RLIMIT_DATA, (used + 400 * 2**20,) * 2)
for sampler in (fastsmote.smote, fastsmote.adasyn):
    made, labels = sampler(X, y, random_state=0)
    assert made.shape == (3_200, d) and made.nnz < 100_000, made
    assert type(made) is type(X)
try:
    X.toarray()
except MemoryError:
    print("done")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA and /proc are those of Linux")
@pytest.mark.parametrize("form", ["tocsr", "tocsc"])
def test_a_million_columns_are_never_made_dense(form):
    done = subprocess.run(
        [sys.executable, "-c", HUGE.replace("FORMAT", form)], capture_output=True, text=True, check=False
    )
    assert done.stdout == "done\n", done.stderr
