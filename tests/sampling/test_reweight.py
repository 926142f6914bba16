"""Weights of classes and rows against fractions and scikit-learn; balanced subsets against their rule."""

import inspect
import pickle
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.kernels import philox
from reference.probability import losses as reference
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight
from strategies import fraud

from fastsmote import Share, select
from fastsmote.weights import balanced_subsets, class_weights, sample_weights, weighted_entropy

COUNTS = st.lists(st.integers(1, 60), min_size=1, max_size=6)


def labels_of(counts, seed=0):
    return np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))


def test_numbers_of_the_article():
    y = np.array(["ham"] * 950 + ["spam"] * 50)
    weights = class_weights(y)
    assert weights == {"ham": 1000 / 1900, "spam": 10.0}
    assert weights["spam"] / weights["ham"] == pytest.approx(19, rel=1e-15)


@given(counts=COUNTS, seed=st.integers(0, 5))
def test_balanced_weights(counts, seed):
    y = labels_of(counts, seed)
    actual = class_weights(y)
    for weight, expected in zip(actual.values(), reference.balanced(counts), strict=True):
        assert weight == pytest.approx(float(expected), rel=1e-15)
    classes = np.unique(y)
    assert list(actual) == classes.tolist()
    assert list(actual.values()) == compute_class_weight("balanced", classes=classes, y=y).tolist()
    assert (sample_weights(y) == compute_sample_weight("balanced", y)).all()


@given(counts=COUNTS, beta=st.sampled_from([0.0, 0.5, 0.9, 0.999, 1 - 2.0**-30]))
def test_effective_weights(counts, beta):
    actual = class_weights(labels_of(counts), scheme="effective", beta=beta)
    for weight, expected in zip(actual.values(), reference.effective(counts, beta), strict=True):
        assert weight == pytest.approx(float(expected), rel=1e-13)
    assert sum(actual.values()) == pytest.approx(len(counts), rel=1e-14)


def test_effective_weights_between_none_and_balanced():
    y = labels_of([900, 90, 10])
    for beta in (0, 5e-324, 1e-300):
        assert class_weights(y, scheme="effective", beta=beta) == {0: 1.0, 1: 1.0, 2: 1.0}
    nearly = list(class_weights(y, scheme="effective", beta=1 - 2.0**-50).values())
    balanced = np.array(list(class_weights(y).values()))
    np.testing.assert_allclose(nearly, 3 * balanced / balanced.sum(), rtol=1e-11)
    large = np.full(3, 1e300)
    y = np.arange(3)
    assert class_weights(y, scheme="effective", sample_weight=large) == {0: 1.0, 1: 1.0, 2: 1.0}


@given(counts=COUNTS, seed=st.integers(0, 20))
def test_weights_on_top_of_weights(counts, seed):
    y = labels_of(counts)
    given_weights = np.random.default_rng(seed).random(len(y)) + 0.01
    classes = np.unique(y)
    expected = given_weights.sum() / (len(classes) * np.bincount(y, given_weights))
    if "sample_weight" in inspect.signature(compute_class_weight).parameters:  # since scikit-learn 1.7
        theirs = compute_class_weight("balanced", classes=classes, y=y, sample_weight=given_weights)
        np.testing.assert_allclose(theirs, expected, rtol=1e-14)
    np.testing.assert_allclose(
        list(class_weights(y, sample_weight=given_weights).values()), expected, rtol=1e-14
    )
    rows = sample_weights(y, sample_weight=given_weights)
    np.testing.assert_allclose(rows, given_weights * expected[y], rtol=1e-14)
    np.testing.assert_allclose(np.bincount(y, rows), given_weights.sum() / len(classes), rtol=1e-12)
    np.testing.assert_allclose(
        sample_weights(y, sample_weight=given_weights * 1e307) / 1e307, rows, rtol=1e-12
    )
    times = np.random.default_rng(seed).integers(1, 4, len(y))  # a weight is a repetition
    for scheme in ("balanced", "effective"):
        repeated = class_weights(np.repeat(y, times), scheme=scheme)
        assert class_weights(y, scheme=scheme, sample_weight=times) == pytest.approx(repeated, rel=1e-13)


def test_mappings_follow_scikit_learn():
    y = np.array(["a", "b", "c", "a"])
    classes = np.unique(y)
    for mapping in ({"b": 2.0}, {"a": 0.5, "b": 2, "c": 3.0}, {"a": 1, "b": 1, "c": 0, "d": 4}, {}):
        expected = compute_class_weight(mapping, classes=classes, y=y)
        assert list(class_weights(y, scheme=mapping).values()) == expected.tolist()
        assert (sample_weights(y, scheme=mapping) == compute_sample_weight(mapping, y)).all()
    with pytest.raises(ValueError, match=r"weight for \['d'\] and none for \['b', 'c'\]"):
        class_weights(y, scheme={"a": 1, "d": 4})
    with pytest.raises(ValueError, match=r"scheme\['a'\] must be a number at least 0"):
        class_weights(y, scheme={"a": -1})


def test_kinds_of_labels():
    codes = labels_of([6, 3, 1])
    names = np.array(["a", "b", "c"])[codes]
    expected = list(class_weights(codes).values())
    kinds = [
        (names, ["a", "b", "c"]),
        (names.tolist(), ["a", "b", "c"]),
        (names.astype(object), ["a", "b", "c"]),
        (pandas.Series(names, dtype="category"), ["a", "b", "c"]),
        (polars.Series(names), ["a", "b", "c"]),
        (codes - 7.0, [-7.0, -6.0, -5.0]),
        (codes.astype(np.uint8), [0, 1, 2]),
        (np.eye(3)[codes], [0, 1, 2]),
    ]
    for y, keys in kinds:
        assert class_weights(y) == dict(zip(keys, expected, strict=True))
        assert (sample_weights(y) == np.array(expected)[codes]).all()
    assert class_weights([True, False, False, False]) == {False: 4 / 6, True: 2.0}
    assert class_weights(["x", "x"]) == {"x": 1.0}


def test_a_model_takes_them():
    X, y = fraud(300, 3, (0.9, 0.1))
    expected = LogisticRegression(class_weight="balanced").fit(X, y).coef_
    np.testing.assert_allclose(LogisticRegression(class_weight=class_weights(y)).fit(X, y).coef_, expected)
    weighted = LogisticRegression().fit(X, y, sample_weight=sample_weights(y)).coef_
    np.testing.assert_allclose(weighted, expected, rtol=1e-6)


def test_sample_weights_of_many_rows():
    y = labels_of([300_000, 9_000, 41])
    given_weights = np.linspace(0.5, 1, len(y))
    one, three = (sample_weights(y, sample_weight=given_weights, n_jobs=n) for n in (1, 3))
    assert (one == three).all()
    assert (given_weights == np.linspace(0.5, 1, len(y))).all()


@pytest.mark.parametrize(
    ("error", "message", "options"),
    [
        (ValueError, "scheme must be", {"scheme": "even"}),
        (TypeError, "scheme must be", {"scheme": None}),
        (TypeError, "scheme must be", {"scheme": 2.0}),
        (ValueError, "beta must be", {"scheme": "effective", "beta": 1.0}),
        (ValueError, "beta must be", {"scheme": "effective", "beta": -0.1}),
        (ValueError, "beta must be", {"scheme": "effective", "beta": np.nan}),
        (ValueError, "beta must be a number in \\[0, 1\\). Got 'x'", {"scheme": "effective", "beta": "x"}),
        (ValueError, "beta must be", {"scheme": "effective", "beta": False}),
        (ValueError, "negative", {"sample_weight": [1, 1, -1]}),
        (ValueError, "non-zero", {"sample_weight": [0, 0, 0]}),
        (ValueError, "infinity", {"sample_weight": [1, 1, np.inf]}),
        (ValueError, "one weight per row", {"sample_weight": [1, 1]}),
        (ValueError, "in all 2 rows of class 0", {"sample_weight": [0, 0, 1]}),
        (ValueError, "in all 1 rows of class 1", {"sample_weight": [1, 1, 0], "scheme": "effective"}),
        (ValueError, "at most 5e-324 in class 1", {"sample_weight": [1e308, 1e308, 5e-324]}),
        (ValueError, "at most 1e-310 in class 0", {"sample_weight": [1e-310, 0, 1]}),
        (ValueError, "at most 1e-310", {"sample_weight": [1e-310, 0, 1], "scheme": "effective"}),
    ],
)
def test_errors(error, message, options):
    for function in (class_weights, sample_weights):
        with pytest.raises(error, match=message):
            function([0, 0, 1], **options)


def dealt(n, size, seed, code, subset):
    """Places that a subset gets of the n rows of a class, by the rule."""
    number, place = divmod(subset, -(-n // size))
    words = np.random.SeedSequence(seed, spawn_key=(number,)).generate_state(2, np.uint64).tolist()

    def keys(key, length):
        return [philox.draw(key, code, row, 0)[0] for row in range(length)]

    order = np.argsort(keys(words[0] if number else seed, n))
    taken = order[place * size : (place + 1) * size].tolist()
    if len(taken) < size:
        used = sorted(set(range(n)) - set(taken))
        taken += [used[i] for i in np.argsort(keys(words[1], len(used)))[: size - len(taken)]]
    return sorted(taken)


@pytest.mark.parametrize("counts", [[10, 3], [3, 10], [7, 2, 9], [6, 5], [8, 4]])
def test_subsets_follow_the_rule(counts):
    y, least = labels_of(counts), min(counts)
    subsets = balanced_subsets(y, 9, random_state=5)
    for j, rows in enumerate(subsets):
        expected = []
        for code, n in enumerate(counts):
            mine = np.flatnonzero(y == code)
            expected += mine.tolist() if n == least else mine[dealt(n, least, 5, code, j)].tolist()
        assert rows.dtype == np.int64
        assert rows.tolist() == sorted(expected)


@given(counts=st.lists(st.integers(1, 30), min_size=2, max_size=4), seed=st.integers(0, 99))
def test_rows_are_shared_out(counts, seed):
    y, least = labels_of(counts, seed), min(counts)
    subsets = balanced_subsets(y, 12, random_state=seed)
    used = Counter()
    for j, rows in enumerate(subsets):
        assert len(set(rows.tolist())) == len(rows)
        assert np.bincount(y[rows], minlength=len(counts)).tolist() == [least] * len(counts)
        used.update(rows.tolist())
        for code, n in enumerate(counts):
            times = [used[row] for row in np.flatnonzero(y == code)]
            whole_rounds = (j + 1) // -(-n // least)
            assert min(times) >= whole_rounds
            assert max(times) <= 2 * (whole_rounds + 1)
            if max(times) > 1:  # no row is used twice before each is used
                assert min(times) >= 1
            if n % least == 0:
                assert max(times) - min(times) <= 1


def test_a_subset_depends_on_its_number_only():
    y = labels_of([1000, 30, 77])
    many = balanced_subsets(y, 100, random_state=3)
    few = balanced_subsets(y, 4, random_state=3)
    for j in (3, 0, 2, 1):
        assert (few[j] == many[j]).all()
    in_order = list(many)
    for j in (99, 5, -1, 40):
        assert (many[j] == in_order[j]).all()
    assert (in_order[0] == select.random_under_sample(y[:, None], y, random_state=3)).all()
    assert any((a != b).any() for a, b in zip(few, balanced_subsets(y, 4, random_state=4), strict=True))
    rounds = [tuple(in_order[j]) for j in range(100)]
    assert len(set(rounds)) == 100  # a later round is none of the earlier ones again


def test_a_sequence():
    y = labels_of([50, 5])
    subsets = balanced_subsets(y, 10, random_state=0)
    assert len(subsets) == 10
    assert [rows.tolist() for rows in subsets[2:4]] == [subsets[2].tolist(), subsets[3].tolist()]
    for index in (10, -11):
        with pytest.raises(IndexError, match=f"There are 10 subsets, 0 to 9. Got index {index}"):
            subsets[index]
    np.testing.assert_array_equal(subsets[-10], subsets[0])
    assert repr(subsets) == f"<BalancedSubsets: 10 subsets of {len(subsets[0])} rows>"
    with pytest.raises(TypeError):
        subsets["a"]
    list(subsets)
    again = pickle.loads(pickle.dumps(subsets))
    assert all((a == b).all() for a, b in zip(subsets, again, strict=True))
    assert len(pickle.dumps(subsets)) == len(pickle.dumps(balanced_subsets(y, 10, random_state=0)))
    unseeded = balanced_subsets(y, 3)
    assert (unseeded[1] == unseeded[1]).all()


def test_strategies():
    y = labels_of([100, 40, 10])
    forms = {
        "majority": [10, 40, 10],
        0.5: [20, 20, 10],
        Share(0.2): [20, 20, 10],
    }
    for strategy, expected in forms.items():
        for rows in balanced_subsets(y, 3, sampling_strategy=strategy, random_state=0):
            assert np.bincount(y[rows]).tolist() == expected
    rows = balanced_subsets(y, 2, sampling_strategy={0: 33, 1: 40}, random_state=0)[1]
    assert np.bincount(y[rows]).tolist() == [33, 40, 10]
    with pytest.warns(UserWarning, match="asks for 0 rows"):
        rows = balanced_subsets(y, 2, sampling_strategy={0: 0})[1]
    assert np.bincount(y[rows]).tolist() == [0, 40, 10]
    with pytest.raises(ValueError, match="at least 2 classes"):
        balanced_subsets([1, 1], 2)
    with pytest.raises(ValueError, match="n_subsets must be"):
        balanced_subsets(y, 0)
    with pytest.raises(TypeError, match="n_subsets must be"):
        balanced_subsets(y, 2.0)


def test_fillers_are_drawn_evenly():
    """Of 5 rows cut to 4, the second subset has the row that is left over and three of the other four."""
    y = np.array([0] * 5 + [1] * 4)
    missing = Counter()
    for seed in range(2000):
        first, second = balanced_subsets(y, 2, random_state=seed)
        left_over = (set(range(5)) - set(first.tolist())).pop()
        assert left_over in second
        missing[(left_over, (set(range(5)) - set(second.tolist())).pop())] += 1
    assert len(missing) == 20
    assert min(missing.values()) > 100 - 5 * 10  # five standard deviations
    assert max(missing.values()) < 100 + 5 * 10


def test_threads():
    y = labels_of([200_000, 30])
    one, two = (balanced_subsets(y, 20, random_state=0, n_jobs=n) for n in (1, 3))
    assert all((one[j] == two[j]).all() for j in (0, 19))
    with ThreadPoolExecutor(4) as pool:  # several rounds asked for at once
        y = labels_of([100, 60])
        subsets = balanced_subsets(y, 40, random_state=0)
        together = list(pool.map(subsets.__getitem__, range(40)))
    assert all((a == b).all() for a, b in zip(together, subsets, strict=True))


def test_subsets_are_made_when_asked_for():
    y = labels_of([100_000, 20_000])
    subsets = balanced_subsets(y, 200, random_state=0)
    subsets[0]
    tracemalloc.start()
    for _ in subsets:
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * len(y)  # all of them take 533 bytes a row


def test_ten_models():
    """The exercise: ten models, each on its own under-sample, and the mean of their probabilities."""
    X, y = fraud(1000, 4, (0.95, 0.05))
    subsets = balanced_subsets(y, 10, random_state=0)
    models = [LogisticRegression().fit(X[rows], y[rows]) for rows in subsets]
    p = np.mean([model.predict_proba(X)[:, 1] for model in models], axis=0)
    assert p.mean() > 2 * y.mean()  # as if both classes were equally likely: to be corrected
    used = np.unique(np.concatenate(list(subsets)))
    assert len(used) == 50 + 500


def test_weighted_entropy__22_6():
    y = np.repeat(["a", "b", "c"], [5, 3, 2])
    p, w = np.array([0.5, 0.3, 0.2]), np.array([1.0, 2.0, 4.0])
    assert weighted_entropy(y) == pytest.approx(-(p * np.log2(p)).sum(), rel=1e-15)
    assert weighted_entropy(y, {"b": 2, "c": 4}) == pytest.approx(-(w * p * np.log2(p)).sum(), rel=1e-15)
    counted = weighted_entropy(["a", "b", "c"], sample_weight=[5, 3, 2], base=3)
    assert counted == pytest.approx(weighted_entropy(y, base=3), rel=1e-15)
    assert weighted_entropy([1, 1]) == 0
    assert weighted_entropy(["a", "b"], sample_weight=[0, 1]) == 0
    for arguments, words in (
        ({"base": 1}, "base must be"), ({"sample_weight": np.zeros(10)}, "one non-zero number"),
        ({"class_weight": {"b": -1}}, "class_weight"), ({"class_weight": {"d": 1}}, "class_weight"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            weighted_entropy(y, **arguments)
