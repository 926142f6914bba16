"""random_over_sample, smote and adasyn: counts, order, the papers' definitions, distributions, errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.neighbors import knn
from reference.sampling.over import adasyn as adasyn_reference
from reference.sampling.over import random_sampling
from reference.sampling.over import smote as smote_reference
from scipy import stats
from strategies import fraud, hostile, labelled, lattice, normal

import fastsmote
from fastsmote._sampling.over import draft

SAMPLERS = [fastsmote.random_over_sample, fastsmote.smote, fastsmote.adasyn]
by_name = pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda sampler: sampler.__name__)

STRATEGIES = [
    ("auto", [840, 840, 840]),
    ("not majority", [840, 840, 840]),
    ("all", [840, 840, 840]),
    ("minority", [840, 240, 840]),
    ("not minority", [840, 840, 120]),
    ({1: 300}, [840, 300, 120]),
    ({1: 241, 2: 1000}, [840, 241, 1000]),
    ({0: 900, 2: 121}, [900, 240, 121]),
    ({1: 240}, [840, 240, 120]),
    (lambda y: {2: 2 * int((y == 2).sum())}, [840, 240, 240]),
]


@by_name
@pytest.mark.parametrize(("strategy", "expected"), STRATEGIES)
def test_counts_are_those_of_the_strategy_and_originals_come_first(sampler, strategy, expected):
    X, y = fraud()
    X_before, y_before = X.copy(), y.copy()
    X_resampled, y_resampled = sampler(X, y, sampling_strategy=strategy, random_state=1)
    np.testing.assert_array_equal(np.bincount(y_resampled), expected)
    assert X_resampled.shape == (sum(expected), X.shape[1])
    assert X_resampled[: len(X)].tobytes() == X_before.tobytes()
    np.testing.assert_array_equal(y_resampled[: len(y)], y_before)
    assert (np.diff(y_resampled[len(y) :]) >= 0).all()
    np.testing.assert_array_equal(X, X_before)
    np.testing.assert_array_equal(y, y_before)


@by_name
def test_ratio_of_two_classes(sampler):
    X, y = fraud(shares=(0.9, 0.1))
    y_resampled = sampler(X, y, sampling_strategy=0.37, random_state=0)[1]
    np.testing.assert_array_equal(np.bincount(y_resampled), [1080, int(1080 * 0.37)])


@by_name
def test_nothing_to_add_gives_copies(sampler):
    X, y = fraud(shares=(0.5, 0.5))
    X_resampled, y_resampled = sampler(X, y, random_state=0)
    np.testing.assert_array_equal(X_resampled, X)
    np.testing.assert_array_equal(y_resampled, y)
    assert not np.shares_memory(X_resampled, X)
    assert not np.shares_memory(y_resampled, y)


@by_name
def test_string_labels(sampler):
    X, y = fraud()
    names = np.array(["legal", "odd", "fraud"])
    X_resampled, y_resampled = sampler(X, names[y], random_state=0)
    labels, counts = np.unique(y_resampled, return_counts=True)
    assert dict(zip(labels.tolist(), counts.tolist(), strict=True)) == dict.fromkeys(names.tolist(), 840)
    assert y_resampled[len(y) :].tolist() == ["fraud"] * 720 + ["odd"] * 600
    assert len(X_resampled) == 2520


@by_name
def test_same_seed_same_rows_and_other_seed_other_rows(sampler):
    X, y = fraud()
    first, again, other = (sampler(X, y, random_state=seed)[0] for seed in (7, 7, 8))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


@by_name
@pytest.mark.parametrize(
    "make",
    [np.random.default_rng, np.random.RandomState, np.random.SeedSequence, np.int64, lambda s: s + 2**70],
)
def test_forms_of_random_state(sampler, make):
    X, y = fraud()
    first, again = (sampler(X, y, random_state=make(3))[0] for _ in range(2))
    assert first.tobytes() == again.tobytes()


@by_name
def test_a_generator_moves_on_and_no_state_is_fresh(sampler):
    X, y = fraud()
    generator = np.random.default_rng(0)
    assert (
        sampler(X, y, random_state=generator)[0].tobytes()
        != sampler(X, y, random_state=generator)[0].tobytes()
    )
    assert sampler(X, y)[0].tobytes() != sampler(X, y)[0].tobytes()


@by_name
def test_a_classes_rows_do_not_depend_on_what_other_classes_get(sampler):
    X, y = fraud()
    both = sampler(X, y, sampling_strategy={1: 300, 2: 200}, random_state=0)[0][len(X) :]
    alone = sampler(X, y, sampling_strategy={2: 200}, random_state=0)[0][len(X) :]
    np.testing.assert_array_equal(both[60:], alone)


@by_name
def test_asking_for_more_rows_begins_alike(sampler):
    if sampler is fastsmote.adasyn:
        pytest.skip("ADASYN shares out the total")
    X, y = fraud()
    fewer, more = (sampler(X, y, sampling_strategy={2: n}, random_state=0)[0] for n in (200, 900))
    np.testing.assert_array_equal(more[: len(fewer)], fewer)


@by_name
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.uint8])
def test_dtype_is_kept(sampler, dtype):
    X, y = fraud()
    X = np.abs(X * 10).astype(dtype)
    X_resampled, y_resampled = sampler(X, y.astype(np.int16), random_state=0)
    assert X_resampled.dtype == dtype
    assert y_resampled.dtype == np.int16


@pytest.mark.parametrize("sampler", [fastsmote.smote, fastsmote.adasyn])
def test_integers_are_rounded_to_nearest(sampler):
    X, y = fraud()
    X = np.round(X * 3).astype(np.int64)
    actual = sampler(X, y, random_state=0)[0]
    expected = np.rint(sampler(X.astype(float), y, random_state=0)[0])
    np.testing.assert_array_equal(actual, expected)


def plan_arrays(made):
    return made.base, made.neighbor, made.gap


SMALL = {
    "normal": fraud(150, 4),
    "lattice": (lattice(150, 3, 4), fraud(150, 1)[1]),
    "duplicates": (np.repeat(normal(50, 3), 3, axis=0), fraud(150, 1)[1]),
    "float32": fraud(150, 4, dtype=np.float32),
    "two classes": fraud(120, 2, (0.8, 0.2), 3),
}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("seed", [0, 2**64 - 1])
@pytest.mark.parametrize(
    ("decide", "reference"),
    [
        (lambda *a, **b: fastsmote.plan.smote(*a, k_neighbors=4, **b), smote_reference.plan),
        (lambda *a, **b: fastsmote.plan.adasyn(*a, n_neighbors=4, **b), adasyn_reference.plan),
    ],
    ids=["smote", "adasyn"],
)
def test_plan_is_the_oracles(decide, reference, name, seed):
    X, y = SMALL[name]
    made = decide(X, y, random_state=seed)
    n_new = np.bincount(y).max() - np.bincount(y)
    for actual, expected in zip(plan_arrays(made), reference(X, y, n_new, 4, seed), strict=True):
        np.testing.assert_array_equal(actual, expected)
    np.testing.assert_array_equal(made.label, y[made.base])


@pytest.mark.parametrize("name", SMALL)
def test_random_plan_is_the_oracles(name):
    X, y = SMALL[name]
    made = fastsmote.plan.random_over_sample(X, y, random_state=12)
    expected = random_sampling.over(y, np.bincount(y).max() - np.bincount(y), 12)
    np.testing.assert_array_equal(made.base, expected)
    np.testing.assert_array_equal(made.neighbor, expected)
    assert not made.gap.any()
    np.testing.assert_array_equal(made.rows(X), X[expected])


@given(data=labelled(), k=st.integers(1, 3), seed=st.integers(0, 2**64 - 1))
def test_smote_of_any_small_set(data, k, seed):
    X, y = data
    counts = np.bincount(y)
    strategy = {code: int(n) + 5 * (n > k) for code, n in enumerate(counts)}
    made = fastsmote.plan.smote(X, y, sampling_strategy=strategy, k_neighbors=k, random_state=seed)
    n_new = np.where(counts > k, 5, 0)
    for actual, expected in zip(plan_arrays(made), smote_reference.plan(X, y, n_new, k, seed), strict=True):
        np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("sampler", ["smote", "adasyn"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rows_lie_between_base_and_neighbor(sampler, dtype):
    X, y = fraud(dtype=dtype)
    made = getattr(fastsmote.plan, sampler)(X, y, random_state=0)
    actual = getattr(fastsmote, sampler)(X, y, random_state=0)[0][len(X) :]
    base, neighbor = X[made.base], X[made.neighbor]
    assert (actual >= np.minimum(base, neighbor)).all()
    assert (actual <= np.maximum(base, neighbor)).all()
    expected = smote_reference.rows(X, *plan_arrays(made)).astype(np.float64)
    unit = np.finfo(dtype).eps * np.maximum(abs(base), abs(neighbor))
    assert (abs(actual - expected) <= 2 * unit).all()
    assert (made.base != made.neighbor).all()
    np.testing.assert_array_equal(y[made.base], y[made.neighbor])
    for code in (1, 2):
        rows = np.flatnonzero(y == code)
        near = {(rows[i], rows[j]) for i, found in enumerate(knn.nearest(X[rows], 5)[1]) for j in found}
        mine = made.label == code
        assert set(zip(made.base[mine], made.neighbor[mine], strict=True)) <= near


def test_pairs_and_gaps_of_smote_are_uniform():
    X, y = fraud(240, 3, (0.9, 0.1))
    n, k, n_new = 24, 3, 36_000
    made = fastsmote.plan.smote(X, y, sampling_strategy={1: n + n_new}, k_neighbors=k, random_state=5)
    pairs = np.unique(np.stack([made.base, made.neighbor]), axis=1, return_counts=True)[1]
    assert len(pairs) == n * k
    assert stats.chisquare(pairs).pvalue > 1e-3
    assert stats.kstest(made.gap, "uniform").pvalue > 1e-3
    first_pair = made.gap[made.base == made.base[0]]
    assert stats.kstest(first_pair, "uniform").pvalue > 1e-3


def test_columns_and_gaps_of_adasyn_are_uniform():
    X, y = fraud(240, 3, (0.9, 0.1))
    rows = np.flatnonzero(y == 1)
    made = fastsmote.plan.adasyn(X, y, sampling_strategy={1: 24 + 36_000}, n_neighbors=3, random_state=5)
    near = rows[knn.nearest(X[rows], 3)[1]]
    columns = (near[np.searchsorted(rows, made.base)] == made.neighbor[:, np.newaxis]).argmax(axis=1)
    assert stats.chisquare(np.bincount(columns)).pvalue > 1e-3
    assert stats.kstest(made.gap, "uniform").pvalue > 1e-3


def test_bases_of_random_over_sampling_are_uniform():
    y = np.repeat([0, 1], [200, 40])
    made = fastsmote.plan.random_over_sample(
        y[:, np.newaxis], y, sampling_strategy={1: 40_040}, random_state=2
    )
    assert stats.chisquare(np.bincount(made.base - 200, minlength=40)).pvalue > 1e-3


@given(
    weights=st.lists(st.integers(0, 5), min_size=1, max_size=30).filter(any),
    total=st.integers(0, 10**6),
)
def test_apportionment_of_adasyn(weights, total):
    actual = draft.apportion(np.array(weights), total)
    assert actual.tolist() == adasyn_reference.apportion(weights, total)
    assert actual.sum() == total


def test_adasyn_gives_rows_where_classes_meet_and_none_elsewhere():
    X, y = fraud(600, 2)
    made = fastsmote.plan.adasyn(X, y, random_state=0)
    for code in (1, 2):
        rows, others = np.flatnonzero(y == code), adasyn_reference.n_other(X, y, code, 5)
        given_rows = np.bincount(made.base[made.label == code], minlength=len(y))[rows]
        assert not given_rows[others == 0].any()
        expected = others / others.sum() * given_rows.sum()
        assert (abs(given_rows - expected) < 1).all()


def test_adasyn_without_other_classes_near_raises():
    X = np.r_[normal(50, 2), normal(10, 2) + 100]
    y = np.repeat(["calm", "rare"], [50, 10])
    with pytest.raises(
        RuntimeError, match=r"none of the 5 nearest .* 'rare' .* Use smote, or a larger n_neighbors"
    ):
        fastsmote.adasyn(X, y, random_state=0)


@pytest.mark.parametrize(("sampler", "name"), [("smote", "k_neighbors"), ("adasyn", "n_neighbors")])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_class_that_is_too_small(sampler, name, count):
    X, y = fraud(200, 2, (0.8, 0.2))
    y = np.where(np.cumsum(y == 1) <= count, y, 0)
    function = getattr(fastsmote, sampler)
    way_out = rf"s: set {name}={count - 1} or less, leave" if count > 1 else ": leave"
    message = rf"{name}=5 needs at least 6 rows .* class 1 with {count} row{way_out} .* random_over_sample"
    with pytest.raises(ValueError, match=message):
        function(X, y, random_state=0)
    if count > 1:
        assert function(X, y, random_state=0, **{name: count - 1})[1].sum() == (y == 0).sum()
    assert len(function(X, y, sampling_strategy={1: count}, random_state=0)[0]) == len(X)


def test_random_over_sampling_takes_anything():
    X = np.array([["a", None], ["b", np.nan], ["c", 3]], object)
    X_resampled, y_resampled = fastsmote.random_over_sample(X, [True, True, False], random_state=0)
    assert X_resampled.tolist()[3] == ["c", 3]
    assert list(y_resampled) == [True, True, False, False]


def test_shrinkage_moments():
    n_new = 40_000
    X, y = fraud(500, 3, (0.8, 0.2))
    X *= [1.0, 10.0, 0.0]
    rows = X[y == 1]
    X_resampled = fastsmote.random_over_sample(
        X, y, sampling_strategy={1: 100 + n_new}, shrinkage=2.0, random_state=4
    )[0]
    made = fastsmote.plan.random_over_sample(
        X, y, sampling_strategy={1: 100 + n_new}, shrinkage=2.0, random_state=4
    )
    noise = X_resampled[500:] - X[made.base]
    bandwidth = 2.0 * (4 / (5 * 500)) ** (1 / 7) * rows.std(axis=0)
    assert not noise[:, 2].any()
    noise = noise[:, :2] / bandwidth[:2]
    assert abs(noise.mean(axis=0)) == pytest.approx([0, 0], abs=5 / np.sqrt(n_new))
    assert noise.var(axis=0) == pytest.approx([1, 1], abs=5 * np.sqrt(2 / n_new))
    assert abs(np.corrcoef(noise.T)[0, 1]) < 5 / np.sqrt(n_new)
    assert stats.kstest(noise[:, 0], "norm").pvalue > 1e-3
    assert stats.kstest(noise[:, 1], "norm").pvalue > 1e-3


def test_shrinkage_zero_and_by_class():
    X, y = fraud()
    plain = fastsmote.random_over_sample(X, y, random_state=0)[0]
    np.testing.assert_array_equal(fastsmote.random_over_sample(X, y, shrinkage=0, random_state=0)[0], plain)
    mixed = fastsmote.random_over_sample(X, y, shrinkage={1: 0.0, 2: 1.0}, random_state=0)[0]
    np.testing.assert_array_equal(mixed[: len(X) + 600], plain[: len(X) + 600])
    assert (mixed[len(X) + 600 :] != plain[len(X) + 600 :]).all()


@pytest.mark.parametrize(
    ("shrinkage", "error", "message"),
    [
        (-0.1, ValueError, r"shrinkage must be finite and not negative\. Got -0\.1"),
        (np.nan, ValueError, r"finite and not negative"),
        ({1: 0.5}, ValueError, r"Missing: \[2\]"),
        ("wide", TypeError, r"None, a number or a mapping"),
        ({1: 0.5, 2: "x"}, TypeError, r"None, a number or a mapping"),
    ],
)
def test_shrinkage_errors(shrinkage, error, message):
    with pytest.raises(error, match=message):
        fastsmote.random_over_sample(*fraud(), shrinkage=shrinkage)


HOSTILE = hostile()


@pytest.mark.parametrize("name", HOSTILE)
def test_synthetic_rows_of_hostile_data_stay_between(name):
    X = HOSTILE[name]
    y = (np.arange(len(X)) % 5 == 0).astype(int)
    made = fastsmote.plan.smote(X, y, random_state=0)
    actual = made.rows(X)
    assert np.isfinite(actual).all()
    assert (actual >= np.minimum(X[made.base], X[made.neighbor])).all()
    assert (actual <= np.maximum(X[made.base], X[made.neighbor])).all()


@pytest.mark.parametrize(("dtype", "extreme"), [(np.float64, 1.7e308), (np.float32, 3.4e38)])
def test_opposite_extremes_meet_in_the_middle(dtype, extreme):
    X = np.array([[-extreme], [extreme]] * 8, dtype)
    made = fastsmote.plan.smote(X, [0] * 12 + [1] * 4, k_neighbors=3, random_state=0)
    actual = made.rows(X)[:, 0]
    expected = X[made.base, 0] * (1 - made.gap) + X[made.neighbor, 0] * made.gap
    np.testing.assert_allclose(actual, expected, rtol=1e-6)


@by_name
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"y": [0] * 1200}, ValueError, "at least 2 classes"),
        ({"y": [0, 1]}, ValueError, "inconsistent numbers of samples: 1200 and 2"),
        ({"sampling_strategy": {1: 5}}, ValueError, "greater or equal"),
        ({"sampling_strategy": {9: 500}}, ValueError, r"\[9\] target class"),
        ({"sampling_strategy": "majority"}, ValueError, "cannot be used with over-sampler"),
        ({"sampling_strategy": 0.1}, ValueError, "increase the ratio"),
        ({"random_state": -1}, ValueError, "random_state must be"),
        ({"random_state": "0"}, TypeError, "random_state must be"),
        ({"n_jobs": 0}, ValueError, "n_jobs must be"),
    ],
)
def test_errors_of_all_over_samplers(sampler, change, error, message):
    X, y = fraud()
    with pytest.raises(error, match=message):
        sampler(X, **{"y": y, **change})


@pytest.mark.parametrize(("sampler", "name"), [("smote", "k_neighbors"), ("adasyn", "n_neighbors")])
@pytest.mark.parametrize(
    ("value", "error"),
    [(0, ValueError), (-1, ValueError), (2.0, TypeError), (True, TypeError), ("5", TypeError)],
)
def test_errors_of_the_number_of_neighbors(sampler, name, value, error):
    with pytest.raises(error, match=f"{name} must be an integer >= 1"):
        getattr(fastsmote, sampler)(*fraud(), **{name: value})


@pytest.mark.parametrize("sampler", [fastsmote.smote, fastsmote.adasyn])
def test_missing_values_are_named(sampler):
    X, y = fraud()
    X[31, 4] = np.nan
    with pytest.raises(ValueError, match="row 31, column 4"):
        sampler(X, y)


@pytest.mark.parametrize(
    ("sampler", "arguments"),
    [(fastsmote.random_over_sample, {"shrinkage": 1.0}), (fastsmote.smote, {}), (fastsmote.adasyn, {})],
)
def test_progress(sampler, arguments):
    seen = []
    sampler(*fraud(40_000), random_state=0, progress=lambda *step: seen.append(step), **arguments)
    assert seen[-1][0] == seen[-1][1] > 1


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shrinkage", [0.5, 50.0])
def test_noise_on_the_largest_numbers_stays_finite(dtype, shrinkage):
    X, y = fraud(300, 4)
    X = (X / np.abs(X).max() * np.array([1.0, 1e-300, 1.0, 1.0])).astype(dtype)
    X[:, [0, 2]] *= np.finfo(dtype).max
    actual = fastsmote.random_over_sample(X, y, shrinkage=shrinkage, random_state=0)[0][300:]
    assert np.isfinite(actual).all()
    assert (actual[:, 3] != fastsmote.random_over_sample(X, y, random_state=0)[0][300:, 3]).all()


@pytest.mark.parametrize("shrinkage", ["0.5", True, [0.1], {1: 0.5, 2: 0.5, 7: 1.0}])
def test_shrinkage_of_another_kind_is_refused(shrinkage):
    X, y = fraud(100, 2)
    with pytest.raises((TypeError, ValueError), match="shrinkage must"):
        fastsmote.random_over_sample(X, y, shrinkage=shrinkage)
