"""sample_weight and return_weights of the over-samplers: shares, the rule of a draw, extremes, errors."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.kernels import philox
from reference.neighbors import knn
from reference.sampling.over import adasyn as adasyn_reference
from reference.sampling.over import borderline
from sampling.over.plans import same_plan
from strategies import fraud

import fastsmote
from fastsmote import plan

X, Y = fraud(400, 3, (0.8, 0.2), 1)
ROWS = np.flatnonzero(Y == 1)
K, M = 3, 7
SUPPORT = np.arange(0, 400, 2)
WEIGHT = np.random.default_rng(3).integers(0, 5, len(X)).astype(np.float64)

DECIDE = {
    "random": plan.random_over_sample,
    "smote": partial(plan.smote, k_neighbors=K),
    "borderline": partial(plan.borderline_smote, k_neighbors=K, m_neighbors=M),
    "svm": partial(plan.svm_smote, support=SUPPORT, k_neighbors=K, m_neighbors=M),
    "adasyn": partial(plan.adasyn, n_neighbors=K),
}
APPLY = {
    "random": fastsmote.random_over_sample,
    "smote": partial(fastsmote.smote, k_neighbors=K),
    "borderline": partial(fastsmote.borderline_smote, k_neighbors=K, m_neighbors=M),
    "svm": partial(fastsmote.svm_smote, support=SUPPORT, k_neighbors=K, m_neighbors=M),
    "adasyn": partial(fastsmote.adasyn, n_neighbors=K),
}
DRAWING = ["random", "smote", "borderline", "svm"]
each = pytest.mark.parametrize("name", DECIDE)
drawing = pytest.mark.parametrize("name", DRAWING)


def decide(name, n_new=2_000, seed=5, **rest):
    return DECIDE[name](X, Y, sampling_strategy={1: len(ROWS) + n_new}, random_state=seed, **rest)


def base_candidates(name):
    """Rows of class 1 that are base rows of a sampler, if they have weight."""
    n_other = (Y[knn.nearest(X, M)[1]] != 1).sum(axis=1)
    return {
        "random": ROWS,
        "smote": ROWS,
        "borderline": np.array(borderline.in_danger(X, Y, 1, M)),
        "svm": np.array([i for i in SUPPORT.tolist() if Y[i] == 1 and n_other[i] < M]),
    }[name]


def drawn(candidates, weights, n_new, seed, code=1):
    """Base rows by definition: the first whose cumulative weight exceeds a share of the total."""
    cumulative = np.cumsum(weights[candidates])
    last = int(np.flatnonzero(weights[candidates])[-1])
    base = []
    for j in range(n_new):
        target = philox.unit(philox.draw(seed, code, j, 0)[0]) * cumulative[-1]
        base.append(next((i for i in range(last) if cumulative[i] > target), last))
    return candidates[base]


@drawing
def test_shares_of_base_rows_are_those_of_their_weights(name):
    n_new = 40_000
    candidates = base_candidates(name)
    assert len(set(WEIGHT[candidates])) == 5
    expected = n_new * WEIGHT[candidates] / WEIGHT[candidates].sum()
    actual = np.bincount(decide(name, n_new, sample_weight=WEIGHT).base, minlength=len(X))[candidates]
    assert actual.sum() == n_new
    assert not actual[WEIGHT[candidates] == 0].any()
    assert (abs(actual - expected) <= 6 * np.sqrt(expected)).all()


@pytest.mark.parametrize("name", ["smote", "borderline", "svm", "adasyn"])
def test_rows_without_weight_are_neighbors_all_the_same(name):
    made = decide(name, 40_000, sample_weight=WEIGHT)
    near = ROWS[knn.nearest(X[ROWS], K)[1]]
    bases = np.unique(made.base)
    assert WEIGHT[bases].all()
    expected = {(i, j) for i in bases.tolist() for j in near[np.searchsorted(ROWS, i)].tolist()}
    pairs = set(zip(made.base.tolist(), made.neighbor.tolist(), strict=True))
    assert pairs <= expected
    assert any(WEIGHT[j] == 0 for _, j in pairs)
    if name != "adasyn":
        assert pairs == expected


@drawing
@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_a_draw_is_the_first_row_whose_cumulative_weight_exceeds_it(name, seed):
    n_new = 300
    weight = np.random.default_rng(8).exponential(size=len(X)) * (WEIGHT > 0)
    made = decide(name, n_new, seed, sample_weight=weight)
    np.testing.assert_array_equal(made.base, drawn(base_candidates(name), weight, n_new, seed))
    if name == "random":
        np.testing.assert_array_equal(made.neighbor, made.base)
        return
    near = ROWS[knn.nearest(X[ROWS], K)[1]]
    for j in range(n_new):
        first, second = philox.draw(seed, 1, j, 2**32 - 1)
        column = philox.below(first, K)
        assert made.neighbor[j] == near[np.searchsorted(ROWS, made.base[j]), column]
        if name != "svm":
            assert made.gap[j] == philox.unit(second)
        else:
            assert made.gap[j] in (philox.unit(second), -0.5 * philox.unit(second))


@given(
    weights=st.lists(st.integers(0, 3), min_size=1, max_size=12).filter(any),
    seed=st.integers(0, 2**64 - 1),
)
def test_draws_of_any_few_weights(weights, seed):
    weight = np.array([1.0, *weights])
    y = [0] + [1] * len(weights)
    made = plan.random_over_sample(
        np.zeros((len(y), 1)),
        y,
        sampling_strategy={1: len(weights) + 30},
        sample_weight=weight,
        random_state=seed,
    )
    np.testing.assert_array_equal(made.base, drawn(np.arange(1, len(y)), weight, 30, seed))


@pytest.mark.parametrize("seed", range(5))
def test_a_draw_that_hits_a_cumulative_weight_goes_on_to_the_next_row(seed):
    hit = philox.unit(philox.draw(seed, 1, 0, 0)[0])
    for value, expected in ((hit, 2), (hit + 2**-53, 1)):
        made = plan.random_over_sample(
            np.zeros((3, 1)),
            [0, 1, 1],
            sampling_strategy={1: 3},
            sample_weight=[1.0, value, 1.0 - value],
            random_state=seed,
        )
        assert made.base.tolist() == [expected]


def test_each_class_draws_by_its_own_weights():
    y = np.arange(400) % 5
    y[y > 2] = 0
    many = {1: 160, 2: 160}
    made = plan.smote(X, y, sampling_strategy=many, k_neighbors=K, sample_weight=WEIGHT, random_state=2)
    for code in (1, 2):
        rows = np.flatnonzero(y == code)
        expected = drawn(rows, WEIGHT, 80, 2, code)
        np.testing.assert_array_equal(made.base[made.label == code], expected)


@pytest.mark.parametrize("n_new", [1, 17, 997, 40_009])
def test_counts_of_adasyn_follow_neighbors_of_other_classes_times_weight(n_new):
    made = decide("adasyn", n_new, sample_weight=WEIGHT)
    shares = adasyn_reference.n_other(X, Y, 1, K) * WEIGHT[ROWS]
    assert np.gcd(int(shares.sum()), n_new) == 1  # no ties between different shares
    expected = adasyn_reference.apportion(shares.tolist(), n_new)
    np.testing.assert_array_equal(np.bincount(made.base, minlength=len(X))[ROWS], expected)
    for j in range(0, n_new, 101):
        assert made.gap[j] == philox.unit(philox.draw(5, 1, j, 2**32 - 1)[1])


@pytest.mark.parametrize("name", ["smote", "adasyn"])
def test_weights_that_are_all_equal(name):
    made = decide(name, 40_000, sample_weight=np.full(len(X), 0.3))
    counts = np.bincount(made.base, minlength=len(X))[ROWS]
    if name == "adasyn":
        same_plan(made, decide(name, 40_000))
    else:
        expected = 40_000 / len(ROWS)
        assert abs(counts - expected).max() < 6 * np.sqrt(expected)


@each
@pytest.mark.parametrize("unit", [2.0**-1074, 2.0**-1000, 2.0**-40, 2.0**1000, 2.0**1020])
def test_the_unit_of_weights_does_not_matter(name, unit):
    same_plan(decide(name, sample_weight=WEIGHT * unit), decide(name, sample_weight=WEIGHT))


@each
@pytest.mark.parametrize("others", [0.0, 1e-300])
@pytest.mark.parametrize("value", [1e-5, 1e300])
@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.one_in(2)
def test_one_row_that_outweighs_all(name, others, value, end):
    if name == "adasyn":
        candidates = ROWS[adasyn_reference.n_other(X, Y, 1, K) > 0]
    else:
        candidates = base_candidates(name)
    weight = np.full(len(X), others)
    weight[candidates[end]] = value
    np.testing.assert_array_equal(decide(name, sample_weight=weight).base, candidates[end])


def test_the_last_row_with_weight_ends_the_draws():
    """The product of a draw below 1 and the sum can round up to the sum."""
    weight = np.zeros(len(X))
    weight[ROWS[:2]] = [5e-324, 5e-324]
    assert set(decide("random", sample_weight=weight).base.tolist()) == set(ROWS[:2].tolist())


@each
def test_weights_of_classes_that_do_not_grow_may_be_zero(name):
    weight = np.where(Y == 1, WEIGHT, 0.0)
    same_plan(decide(name, sample_weight=weight), decide(name, sample_weight=WEIGHT))


@each
@pytest.mark.parametrize("form", [list, lambda w: w.astype(np.int8), lambda w: w.astype(np.float32)])
def test_forms_of_weights(name, form):
    same_plan(decide(name, sample_weight=form(WEIGHT)), decide(name, sample_weight=WEIGHT))


@each
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_threads_do_not_matter(name, n_jobs):
    same = decide(name, 150_000, sample_weight=WEIGHT, n_jobs=n_jobs)
    same_plan(same, decide(name, 150_000, sample_weight=WEIGHT))


@drawing
def test_asking_for_more_rows_begins_alike(name):
    fewer, more = (decide(name, n, sample_weight=WEIGHT) for n in (500, 900))
    np.testing.assert_array_equal(more.base[:500], fewer.base)
    np.testing.assert_array_equal(more.gap[:500], fewer.gap)


def altered(row, value):
    weight = WEIGHT.copy()
    weight[row] = value
    return weight


@each
@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (altered(7, -0.5), r"sample_weight must not be negative. Got -0.5 in row 7"),
        (altered(7, np.nan), "sample_weight"),
        (altered(7, np.inf), "sample_weight"),
        (WEIGHT[:-1], "one weight per row of X, 400. Got 399"),
        (np.stack([WEIGHT, WEIGHT], axis=1), "sample_weight"),
        (np.where(Y == 1, 0.0, 1.0), "sample_weight .*class 1"),
        (np.zeros(400), "eight"),
        (["heavy"] * 400, "sample_weight must hold real numbers"),
    ],
    ids=["negative", "nan", "inf", "length", "2-d", "class of zeros", "zeros", "text"],
)
def test_errors(name, weight, message):
    with pytest.raises(ValueError, match=message):
        decide(name, sample_weight=weight)


@pytest.mark.parametrize("name", ["borderline", "svm", "adasyn"])
def test_no_row_with_weight_among_those_that_new_rows_could_be_made_from(name):
    weight = np.ones(len(X))
    if name == "adasyn":
        weight[ROWS[adasyn_reference.n_other(X, Y, 1, K) > 0]] = 0.0
    else:
        weight[base_candidates(name)] = 0.0
    with pytest.raises(ValueError, match=r"sample_weight .*class 1"):
        decide(name, sample_weight=weight)


@each
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("strategy", ["auto", {1: 700}, {1: 80}])
def test_each_class_weighs_what_it_did_before(name, weighted, strategy):
    sample_weight = WEIGHT if weighted else None
    before = WEIGHT if weighted else np.ones(len(X))
    arguments = {"sampling_strategy": strategy, "sample_weight": sample_weight, "random_state": 4}
    X_resampled, y_resampled, weights = APPLY[name](X, Y, return_weights=True, **arguments)
    made = DECIDE[name](X, Y, **arguments)
    assert weights.dtype == np.float64
    assert len(weights) == len(X_resampled) == len(y_resampled) == len(X) + len(made)
    np.testing.assert_array_equal(weights, made.weights(Y, sample_weight))
    np.testing.assert_array_equal(X_resampled, APPLY[name](X, Y, **arguments)[0])
    parents = np.concatenate([np.arange(len(X)), made.base])
    for code in (0, 1):
        own = y_resampled == code
        expected = before[Y == code].sum()
        assert weights[own].sum() == pytest.approx(expected, rel=1e-12)
        factor = expected / before[parents][own].sum()
        np.testing.assert_allclose(weights[own], factor * before[parents[own]], rtol=1e-12)


def test_weights_of_a_plan_take_other_weights_than_it_was_made_with():
    made = decide("smote")
    actual = made.weights(Y.tolist(), WEIGHT.astype(int).tolist())
    np.testing.assert_array_equal(actual, made.weights(Y, WEIGHT))
    with pytest.raises(ValueError, match="y must be the labels that the plan was made for"):
        made.weights(1 - Y)
    assert (made.weights(Y, np.where(Y == 1, 0.0, 1.0)) == np.r_[Y == 0, np.zeros(len(made))]).all()


def test_weights_of_labels_that_are_text():
    data, labels = [["x"], ["y"], ["z"]], ["b", "b", "a"]
    result = fastsmote.random_over_sample(data, labels, return_weights=True, random_state=0)
    assert result[0] == [["x"], ["y"], ["z"], ["z"]]
    assert result[2].tolist() == [1.0, 1.0, 0.5, 0.5]


@each
def test_return_weights_is_a_flag(name):
    with pytest.raises(TypeError, match=r"return_weights must be True or False\. Got 1"):
        APPLY[name](X, Y, return_weights=1)


@pytest.mark.parametrize(
    ("y", "weight", "message"),
    [(Y[:-1], None, "399"), (Y, WEIGHT[1:], "Got 399"), (Y, -WEIGHT, "must not be negative")],
)
def test_errors_of_weights_of_a_plan(y, weight, message):
    with pytest.raises(ValueError, match=message):
        decide("smote").weights(y, weight)
