"""Decisions applied into arrays that are there: the rows of samplers, and nothing written that is refused."""

import re
import subprocess
import sys

import numpy as np
import pytest

import fastsmote

KINDS = {
    "float32": lambda X: X.astype(np.float32),
    "float64": lambda X: X,
    "float16": lambda X: X.astype(np.float16),
    "int16": lambda X: X.astype(np.int16),
    "uint8": lambda X: np.abs(X).astype(np.uint8),
    "bool": lambda X: X > 0,
    "big endian": lambda X: X.astype(">f8"),
    "Fortran": np.asfortranarray,
    "every other": lambda X: np.repeat(X, 2, axis=0)[::2],
    "read only": lambda X: np.frombuffer(X.tobytes(), X.dtype).reshape(X.shape),
}
PLANS = {
    "smote": {"random_state": 0},
    "adasyn": {"random_state": 1, "n_neighbors": 3},
    "borderline_smote": {"random_state": 2},
    "random_over_sample": {"random_state": 3},
    "smotenc": {"random_state": 4, "categorical_features": [1]},
}
SELECTIONS = {
    "random_under_sample": {"random_state": 0},
    "near_miss": {},
    "tomek_links": {},
    "edited_nearest_neighbours": {},
}


def data(n=300):
    rng = np.random.default_rng(0)
    X = np.round(9 * rng.normal(size=(n, 3)))
    return X, np.array(["a", "b", "c"])[np.minimum(rng.integers(0, 12, n) // 8 + (rng.random(n) < 0.1), 2)]


def applied(decision, X, y, n_jobs=None):
    n_rows = len(decision) + (len(X) if isinstance(decision, fastsmote.SyntheticPlan) else 0)
    out = np.empty((n_rows, X.shape[1]), X.dtype), np.empty(n_rows, y.dtype)
    done = fastsmote.apply(decision, X, y, out=out, n_jobs=n_jobs)
    assert done[0] is out[0]
    assert done[1] is out[1]
    return done


def same(actual, expected):
    counts = [(one.counts_before, one.counts_after) for one in (actual, expected)]
    pairs = zip(actual, expected, strict=True)
    return counts[0] == counts[1] and all(a.dtype == e.dtype and a.tobytes() == e.tobytes() for a, e in pairs)


@pytest.mark.filterwarnings("ignore:All rows of")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", [*PLANS, *SELECTIONS])
def test_the_rows_of_samplers(method, kind, monkeypatch):
    """Blocks of new rows end anywhere."""
    monkeypatch.setattr("fastsmote._sampling.into._BLOCK", 37)
    X, y = data()
    X = KINDS[kind](X)
    home, options = ("plan", PLANS) if method in PLANS else ("select", SELECTIONS)
    decision = getattr(getattr(fastsmote, home), method)(X, y, **options[method])
    expected = getattr(fastsmote, method)(X, y, **options[method])
    for n_jobs in (1, None):
        assert same(applied(decision, X, y, n_jobs), expected)


def test_rows_that_are_only_copied_may_hold_anything():
    X, y = data(60)
    X, y = X.astype("U8"), (y == "a").astype(np.int8)
    for home, method in (("plan", "random_over_sample"), ("select", "random_under_sample")):
        decision = getattr(getattr(fastsmote, home), method)(X, y, random_state=0)
        assert same(applied(decision, X, y), getattr(fastsmote, method)(X, y, random_state=0))


def test_whole_numbers_beyond_float64_stay():
    """As categories, and where rows are only copied."""
    X, y = data()
    X = X.astype(np.int64)
    X[:, 1] += 2**60
    for method in ("smotenc", "random_over_sample"):
        decision = getattr(fastsmote.plan, method)(X, y, **PLANS[method])
        assert same(applied(decision, X, y), getattr(fastsmote, method)(X, y, **PLANS[method]))


def test_noise():
    X, y = data()
    options = {"random_state": 0, "shrinkage": 0.5}
    for rows in (X, X.astype(np.int32)):
        decision = fastsmote.plan.random_over_sample(rows, y, **options)
        assert same(applied(decision, rows, y), fastsmote.random_over_sample(rows, y, **options))


def test_numbers_of_rows_in_any_order():
    X, y = data()
    done = applied([5, 3, 3, 0], X, y)
    assert np.array_equal(done[0], X[[5, 3, 3, 0]])
    assert sum(done.counts_after.values()) == 4


def _places(n=None, **changes):
    X, y = data()
    plan = fastsmote.plan.smote(X, y, random_state=0)
    n = len(X) + len(plan)
    given = {"decision": plan, "X": X, "y": y, "out": (np.zeros((n, 3)), np.zeros(n, y.dtype))}
    return given | {name: change(given) for name, change in changes.items()}


WRONG = [
    ({"X": lambda g: g["X"].tolist()}, TypeError, "X must be an array of 2 dimension(s). Got list"),
    ({"y": lambda g: g["y"][:, None]}, TypeError, "y must be an array of 1 dimension(s). Got an array of sh"),
    ({"X": lambda g: g["X"].astype("U9")}, TypeError, "X must hold numbers"),
    ({"X": lambda g: g["X"][1:]}, ValueError, "X must have the 300 rows"),
    ({"X": lambda g: g["X"][:, 1:]}, ValueError, "X must have the 300 rows and 3 features"),
    ({"y": lambda g: g["y"][1:]}, ValueError, "inconsistent numbers of samples"),
    ({"y": lambda g: np.roll(g["y"], 1)}, ValueError, "y must be the labels that the plan was made for"),
    ({"decision": lambda g: [300]}, ValueError, "decision must be row numbers of X, in [0, 299]"),
    ({"decision": lambda g: [0.5]}, TypeError, "decision must be row numbers"),
    ({"decision": lambda g: np.arange(5)}, ValueError, "out[0] must be an array of shape (5, 3)"),
    ({"out": lambda g: g["out"][0]}, TypeError, "out must be a tuple of two arrays"),
    ({"out": lambda g: (g["out"][0][1:], g["out"][1])}, ValueError, "out[0] must be an array of shape (5"),
    ({"out": lambda g: (g["out"][0], g["out"][1][1:])}, ValueError, "out[1] must be an array of shape (5"),
    ({"out": lambda g: (g["out"][0].astype("f4"), g["out"][1])}, ValueError, "and dtype float64. Got an arr"),
    ({"out": lambda g: (np.asfortranarray(g["out"][0]), g["out"][1])}, ValueError, "must be C-contiguous"),
]


@pytest.mark.parametrize(("changes", "error", "words"), WRONG)
def test_refused_before_anything_is_written(changes, error, words):
    given = _places(**changes)
    with pytest.raises(error, match=re.escape(words)):
        fastsmote.apply(**given)
    assert all(not array.any() for array in given["out"] if array.dtype.kind == "f")


def test_memory_that_is_shared():
    X, y = data()
    rows = np.arange(len(X))
    for out, words in (
        ((X, np.empty_like(y)), "out[0] must not share memory with X"),
        ((np.empty_like(X), y), "out[1] must not share memory with X or y"),
    ):
        with pytest.raises(ValueError, match=re.escape(words)):
            fastsmote.apply(rows, X, y, out=out)
    X = np.ascontiguousarray(X[:, :1])
    place = np.empty(len(X))
    with pytest.raises(ValueError, match="two arrays that share no memory"):
        fastsmote.apply(rows, X, (X[:, 0] > 0).astype(float), out=(place[:, np.newaxis], place))


_MAPPED = """
import resource, sys
import numpy as np, fastsmote

def place(name, n_rows):
    return np.lib.format.open_memmap(f"{sys.argv[1]}/{name}.npy", "w+", np.float32, (n_rows, 64))

def both(X, y, name):
    plan = fastsmote.plan.smote(X, y, sampling_strategy=0.5, k_neighbors=2, random_state=0)
    some = np.arange(len(X))[:-1]
    for decision, n_rows in ((plan, len(X) + len(plan)), (some, len(some))):
        made = fastsmote.apply(decision, X, y, out=(place(name, n_rows), np.empty(n_rows, y.dtype)))
    return made

n = 2_000_000
y = np.zeros(n, np.int8)
y[::1000] = 1
X, rng = place("X", n), np.random.default_rng(0)
for start in range(0, n, 50_000):
    X[start : start + 50_000] = rng.random((50_000, 64), np.float32)
both(X[:5000], y[:5000], "small")  # compiles, starts threads
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
limit = int(status["VmData"].split()[0]) * 1024 + 300_000_000  # memory of files is not counted
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
made, labels = both(X, y, "large")
print(bool((made[-5:] == X[-6:-1]).all()), labels.sum())
try:
    fastsmote.smote(X, y, sampling_strategy=0.5, k_neighbors=2, random_state=0)
except MemoryError:
    print("no memory")
"""


@pytest.mark.slow
def test_a_result_larger_than_memory(tmp_path):
    """X has 512 MB and the result 768 MB, where 300 MB are left."""
    done = subprocess.run(
        [sys.executable, "-c", _MAPPED, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["True 2000", "no memory"]
