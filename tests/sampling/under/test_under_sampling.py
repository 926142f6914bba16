"""random_under_sample and tomek_links against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from reference.sampling.clean import tomek
from reference.sampling.over import random_sampling
from scipy import stats
from strategies import fraud, hostile, labelled, lattice, normal

import fastsmote
from fastsmote import select

STRATEGIES = [
    ("auto", [120, 120, 120]),
    ("not minority", [120, 120, 120]),
    ("all", [120, 120, 120]),
    ("majority", [120, 240, 120]),
    ("not majority", [840, 120, 120]),
    ({0: 500}, [500, 240, 120]),
    ({0: 840, 1: 0, 2: 1}, [840, 0, 1]),
    (lambda y: {0: int((y == 1).sum())}, [240, 240, 120]),
]


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize(("strategy", "expected"), STRATEGIES)
@pytest.mark.filterwarnings("ignore:sampling_strategy asks for 0 rows")
def test_counts_are_those_of_the_strategy(strategy, expected, replacement):
    X, y = fraud()
    kept = select.random_under_sample(
        X, y, sampling_strategy=strategy, replacement=replacement, random_state=3
    )
    assert kept.dtype == np.int64
    np.testing.assert_array_equal(np.bincount(y[kept], minlength=3), expected)
    assert (np.diff(kept) >= (0 if replacement else 1)).all()
    np.testing.assert_array_equal(kept, random_sampling.under(y, expected, 3, replacement))
    untouched = np.flatnonzero(np.isin(y, np.flatnonzero(expected == np.bincount(y))))
    assert np.isin(untouched, kept).all()


def test_ratio_of_two_classes():
    X, y = fraud(shares=(0.9, 0.1))
    kept = select.random_under_sample(X, y, sampling_strategy=0.7, random_state=0)
    np.testing.assert_array_equal(np.bincount(y[kept]), [int(120 / 0.7), 120])


def test_rows_are_taken_in_order_and_inputs_stay():
    X, y = fraud()
    X_before, y_before = X.copy(), y.copy()
    kept = select.random_under_sample(X, y, random_state=3)
    X_resampled, y_resampled = fastsmote.random_under_sample(X, y, random_state=3)
    np.testing.assert_array_equal(X_resampled, X[kept])
    np.testing.assert_array_equal(y_resampled, y[kept])
    np.testing.assert_array_equal(X, X_before)
    np.testing.assert_array_equal(y, y_before)


@pytest.mark.parametrize("replacement", [False, True])
def test_each_row_is_as_likely_as_any_other(replacement):
    y = np.repeat([0, 1], [50, 10])
    n_runs = 2000
    drawn = np.zeros(60, np.int64)
    for seed in range(n_runs):
        kept = select.random_under_sample(y.reshape(-1, 1), y, replacement=replacement, random_state=seed)
        drawn += np.bincount(kept, minlength=60)
    assert (drawn[50:] == n_runs).all()
    # the counts of rows drawn without replacement vary less than independent ones, by (n - size) / (n - 1)
    factor = 1.0 if replacement else 40 / 49
    statistic = stats.chisquare(drawn[:50]).statistic / factor
    assert stats.chi2.sf(statistic, 49) > 1e-3
    assert stats.chi2.cdf(statistic, 49) > 1e-3


def test_seeds_of_random_under_sampling():
    X, y = fraud()
    first, again, other = (select.random_under_sample(X, y, random_state=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    generator = np.random.default_rng(0)
    fresh = [select.random_under_sample(X, y, random_state=generator) for _ in range(2)]
    assert not np.array_equal(*fresh)


def test_any_values_and_string_labels():
    X = [["a", None], ["b", 1.0], ["c", "d"], ["e", float("nan")]]
    X_resampled, y_resampled = fastsmote.random_under_sample(X, ["x", "x", "x", "y"], random_state=0)
    assert X_resampled[1][0] == "e"
    assert y_resampled == ["x", "y"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"y": [0] * 1200}, ValueError, "at least 2 classes"),
        ({"y": [0, 1]}, ValueError, "inconsistent numbers of samples"),
        ({"sampling_strategy": {0: 5000}}, ValueError, "less or equal"),
        ({"sampling_strategy": "minority"}, ValueError, "cannot be used with under-sampler"),
        ({"sampling_strategy": 0.01}, ValueError, "the largest class has 840"),
        ({"replacement": 1}, TypeError, "replacement must be True or False. Got 1"),
        ({"random_state": 1.5}, TypeError, "random_state must be"),
    ],
)
def test_errors_of_random_under_sampling(change, error, message):
    X, y = fraud()
    with pytest.raises(error, match=message):
        fastsmote.random_under_sample(X, **{"y": y, **change})


def data_with_links():
    X, y = fraud(300, 3)
    sets = {
        "normal": (X, y),
        "two classes": fraud(300, 2, (0.7, 0.3)),
        "equal classes": fraud(300, 2, (0.5, 0.5)),
        "float32": fraud(300, 3, dtype=np.float32),
        "duplicates": (normal(60, 3)[np.arange(300) % 60], y),
        "many duplicates": (normal(4, 3)[np.arange(300) % 4], y),
        "lattice": (lattice(300, 2, 9), y),
        "dense lattice": (lattice(300, 2, 3), y),
        "line": (lattice(300, 1, 60), y),
        "five classes": (X, np.arange(300) % 5),
    }
    for name, values in hostile().items():
        sets[name] = sets.get(
            name, (values, np.random.default_rng(1).choice(3, len(values), p=[0.6, 0.3, 0.1]))
        )
    return sets


WITH_LINKS = data_with_links()


@pytest.mark.parametrize("name", WITH_LINKS)
def test_links_are_the_oracles(name):
    X, y = WITH_LINKS[name]
    actual = select.tomek_link_pairs(X, y)
    assert actual.dtype == np.int64
    assert actual.shape == (len(actual), 2)
    assert [tuple(pair) for pair in actual.tolist()] == tomek.links(X, y)


@given(data=labelled())
def test_links_of_any_small_set(data):
    X, y = data
    assert [tuple(pair) for pair in select.tomek_link_pairs(X, y).tolist()] == tomek.links(X, y)


def test_links_without_ties_are_tomeks():
    X, y = fraud(120, 3)
    assert [tuple(pair) for pair in select.tomek_link_pairs(X, y).tolist()] == tomek.strict_links(X, y)


def test_links_do_not_depend_on_the_names_of_classes():
    X, y = WITH_LINKS["dense lattice"]
    expected = select.tomek_link_pairs(X, y)
    for names in ([2, 0, 1], [1, 2, 0], ["b", "c", "a"]):
        np.testing.assert_array_equal(select.tomek_link_pairs(X, np.array(names)[y]), expected)


@pytest.mark.parametrize("name", ["normal", "duplicates", "lattice"])
@pytest.mark.parametrize(
    ("strategy", "loses_rows"),
    [
        ("auto", {0, 1}),
        ("not minority", {0, 1}),
        ("majority", {0}),
        ("not majority", {1, 2}),
        ("all", {0, 1, 2}),
        ([2], {2}),
        ((0, 2), {0, 2}),
        (lambda y: [1], {1}),
        (lambda y: {1: 7}, {1}),
    ],
)
def test_kept_rows(name, strategy, loses_rows):
    X, y = WITH_LINKS[name]
    expected = tomek.kept(X, y, loses_rows)
    assert len(expected) < len(y)
    kept = select.tomek_links(X, y, sampling_strategy=strategy)
    assert kept.dtype == np.int64
    assert kept.tolist() == expected
    X_resampled, y_resampled = fastsmote.tomek_links(X, y, sampling_strategy=strategy)
    np.testing.assert_array_equal(X_resampled, X[expected])
    np.testing.assert_array_equal(y_resampled, y[expected])


def test_nothing_to_remove():
    X = np.r_[normal(30, 2), normal(30, 2) + 100]
    y = np.repeat(["left", "right"], 30)
    assert select.tomek_link_pairs(X, y).shape == (0, 2)
    X_resampled, y_resampled = fastsmote.tomek_links(X, y)
    np.testing.assert_array_equal(X_resampled, X)
    assert not np.shares_memory(X_resampled, X)
    np.testing.assert_array_equal(y_resampled, y)


def test_of_a_heap_of_duplicates_the_first_two_can_be_a_link():
    X = np.zeros((6, 2))
    assert select.tomek_link_pairs(X, [0, 1, 0, 1, 0, 1]).tolist() == [[0, 1]]
    assert select.tomek_link_pairs(X, [0, 0, 1, 1, 0, 1]).tolist() == []


def test_two_rows():
    assert select.tomek_link_pairs([[0.0], [5.0]], [0, 1]).tolist() == [[0, 1]]


def test_progress():
    seen = []
    fastsmote.tomek_links(*fraud(20_000), progress=lambda *step: seen.append(step))
    assert seen[-1][0] == seen[-1][1]
    assert max(total for _, total in seen) > 1


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"y": [0] * 1200}, ValueError, "at least 2 classes"),
        ({"y": [0, 1]}, ValueError, "inconsistent numbers of samples"),
        ({"X": np.full((1200, 2), np.inf)}, ValueError, "row 0, column 0"),
        ({"sampling_strategy": "minority"}, ValueError, "cannot be used with clean-sampler"),
        ({"sampling_strategy": 0.5}, ValueError, "do not let the user specify the sampling ratio"),
        ({"sampling_strategy": {0: 3}}, ValueError, "dict for cleaning methods is not supported"),
        ({"sampling_strategy": [7]}, ValueError, r"\[7\] target class"),
        ({"n_jobs": 1.0}, TypeError, "n_jobs must be"),
    ],
)
def test_errors_of_tomek_links(change, error, message):
    X, y = fraud()
    with pytest.raises(error, match=message):
        fastsmote.tomek_links(**{"X": X, "y": y, **change})


@pytest.mark.parametrize("function", [fastsmote.random_under_sample, fastsmote.random_over_sample])
def test_one_dimension_is_refused(function):
    with pytest.raises(ValueError, match=r"two dimensions.*reshape\(-1, 1\)"):
        function(np.arange(9.0), [0] * 6 + [1] * 3)
