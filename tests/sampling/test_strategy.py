"""sampling_strategy: every form of imbalanced-learn with its arithmetic, and messages that say what to do."""

import math
from collections import OrderedDict
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import fastsmote
from fastsmote._core.labels import Labels, check_labels
from fastsmote._sampling.shares import Share
from fastsmote._sampling.strategy import clean_targets, over_targets, under_targets

Y = np.repeat(["a", "b", "c"], [5, 2, 9])  # minority b, majority c
BINARY = np.repeat([0, 1], [30, 7])
KINDS = {"over-sampling": over_targets, "under-sampling": under_targets, "clean-sampling": clean_targets}


def targets(function, strategy, y):
    return function(strategy, check_labels(y), y).tolist()


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", [4, 7, 0]),
        ("not majority", [4, 7, 0]),
        ("not minority", [4, 0, 0]),
        ("minority", [0, 7, 0]),
        ("all", [4, 7, 0]),
        ({"b": 4}, [0, 2, 0]),
        ({"c": 11, "a": 5}, [0, 0, 2]),
        (lambda y: {y[0]: 6}, [1, 0, 0]),
    ],
)
def test_over(strategy, expected):
    assert targets(over_targets, strategy, Y) == expected


@pytest.mark.filterwarnings("ignore:sampling_strategy asks for 0 rows")
@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", [2, 2, 2]),
        ("not minority", [2, 2, 2]),
        ("not majority", [2, 2, 9]),
        ("majority", [5, 2, 2]),
        ("all", [2, 2, 2]),
        ({"c": 4}, [5, 2, 4]),
        ({"b": 0}, [5, 0, 9]),
        (lambda y: {"a": int((y == "b").sum())}, [2, 2, 9]),
    ],
)
def test_under(strategy, expected):
    assert targets(under_targets, strategy, Y) == expected


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", [True, False, True]),
        ("not minority", [True, False, True]),
        ("not majority", [True, True, False]),
        ("majority", [False, False, True]),
        ("all", [True, True, True]),
        (["b", "c"], [False, True, True]),
        (("a",), [True, False, False]),
        (lambda y: [y[-1]], [False, False, True]),
        (lambda y: {"a": 2}, [True, False, False]),
    ],
)
def test_clean(strategy, expected):
    assert targets(clean_targets, strategy, Y) == expected


@pytest.mark.parametrize("ratio", [1, 1.0, 0.5, 0.3, np.float32(0.5), 7 / 9])
def test_ratio_truncates(ratio):
    assert targets(over_targets, ratio, BINARY) == [0, int(30 * ratio - 7)]
    assert targets(under_targets, ratio, BINARY) == [int(7 / ratio), 7]


def test_ratio_where_truncation_shows():
    y = np.repeat([0, 1], [100, 10])
    assert targets(over_targets, 0.29, y) == [0, 19]  # 100 * 0.29 - 10 is 18.999999999999996
    assert targets(under_targets, 0.3, np.repeat([0, 1], [100, 7])) == [23, 7]


@pytest.mark.parametrize("ratio", [1.0, 0.8, 0.5, 0.4])
def test_ratio_of_many_classes(ratio):
    added = targets(over_targets, ratio, Y)
    assert added == [max(int(9 * ratio - 5), 0), max(int(9 * ratio - 2), 0), 0]
    kept = targets(under_targets, ratio, Y)
    assert kept == [min(5, int(2 / ratio)), 2, min(9, int(2 / ratio))]


@pytest.mark.parametrize("share", [0.3, 0.2, 1 / 3, 0.5, 0.9, 0.125])
def test_share_of_two_classes(share):
    part = Fraction(str(share))
    y = np.repeat(["many", "few"], [700, 100])
    few = 100 + targets(over_targets, Share(share), y)[0]
    assert Fraction(few, 700 + few) >= part > Fraction(few - 1, 700 + few - 1)
    few, many = targets(under_targets, Share(share), y)
    assert few == 100
    assert Fraction(100, 100 + many) >= part > Fraction(100, 100 + many + 1)


@pytest.mark.parametrize(
    ("share", "added", "kept"),
    [(0.3, [0, 4, 0], [2, 2, 2]), (0.2, [0, 2, 0], [4, 2, 4]), (0.5, [0, 12, 0], [1, 2, 1])],
)
def test_share_of_many_classes(share, added, kept):
    assert targets(over_targets, Share(share), Y) == added
    assert targets(under_targets, Share(share), Y) == kept


@given(
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=6),
    share=st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50).map(float),
)
@pytest.mark.filterwarnings("ignore:sampling_strategy asks for 0 rows")
def test_share_is_reached_and_no_row_is_wasted(counts, share):
    y = np.repeat(np.arange(len(counts)), counts)
    part, smallest = Fraction(str(share)), int(np.argmin(counts))
    if Fraction(counts[smallest], sum(counts)) > part:
        return
    grown = counts[smallest] + targets(over_targets, Share(share), y)[smallest]
    others = sum(counts) - counts[smallest]
    assert Fraction(grown, others + grown) >= part
    assert grown == counts[smallest] or Fraction(grown - 1, others + grown - 1) < part
    kept = targets(under_targets, Share(share), y)
    assert kept[smallest] == counts[smallest]
    assert Fraction(kept[smallest], sum(kept)) >= part
    cut = [k for k, n in zip(kept, counts, strict=True) if k < n]
    assert len(set(cut)) <= 1
    if cut:
        more = sum(min(n, cut[0] + 1) for i, n in enumerate(counts) if i != smallest)
        assert Fraction(kept[smallest], kept[smallest] + more) < part


@pytest.mark.parametrize(
    ("share", "error"), [(0, ValueError), (1.0, ValueError), (np.nan, ValueError), ("0.5", TypeError)]
)
def test_shares_that_are_none(share, error):
    with pytest.raises(error, match=r"share must be a number between 0 and 1\. Got"):
        Share(share)


def test_equal_counts_take_the_first_class():
    y = np.repeat([0, 1, 2], 4)
    assert targets(clean_targets, "majority", y) == [True, False, False]
    assert targets(clean_targets, "auto", y) == [False, True, True]
    assert targets(over_targets, "auto", y) == [0, 0, 0]


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)  # the first example imports imbalanced-learn
@given(
    counts=st.lists(st.integers(1, 40), min_size=2, max_size=5),
    strategy=st.sampled_from(["auto", "minority", "majority", "not minority", "not majority", "all", "else"])
    | st.floats(-0.2, 1.2)
    | st.dictionaries(st.integers(0, 5), st.integers(-1, 60), min_size=1, max_size=3)
    | st.lists(st.integers(0, 5), min_size=1, max_size=3),
)
@pytest.mark.filterwarnings("ignore:sampling_strategy asks for 0 rows")
def test_agrees_with_imbalanced_learn(
    kind, counts, strategy
):  # but where no class is named, which is refused
    if isinstance(strategy, float):
        counts = counts[:2]  # with more classes only ours takes a ratio
        if 0 < strategy <= 1:  # ours is exact, and takes a ratio that there is already
            wanted = max(counts) * strategy, min(counts) / strategy
            assume(all(abs(rows - round(rows)) > 1e-9 for rows in wanted))
            assume(int(wanted[0]) != min(counts))
    check = pytest.importorskip("imblearn.utils").check_sampling_strategy
    y = np.repeat(np.arange(len(counts)), counts)
    try:
        theirs = check(strategy, y, kind)
    except ValueError:
        with pytest.raises(ValueError, match="sampling"):
            targets(KINDS[kind], strategy, y)
        return
    expected = {
        "over-sampling": [theirs.get(code, 0) for code in range(len(counts))],
        "under-sampling": [theirs.get(code, n) for code, n in enumerate(counts)],
        "clean-sampling": [code in theirs for code in range(len(counts))],
    }
    assert targets(KINDS[kind], strategy, y) == expected[kind]


@pytest.mark.parametrize(
    ("y", "strategy"),
    [
        (np.repeat([False, True], [9, 3]), {True: 5}),
        (np.repeat([False, True], [9, 3]), {np.True_: 5}),
        (np.repeat([False, True], [9, 3]), {1: np.int64(5)}),
        (np.repeat([0.0, 1.0], [9, 3]), {1: 5}),
        (np.repeat([0, 1], [9, 3]).astype(np.uint8), OrderedDict([(np.int32(1), np.uint8(5))])),
        (np.repeat(["n", "p"], [9, 3]), {np.str_("p"): 5}),
        (np.repeat(["n", "p"], [9, 3]).astype(object), {"p": 5}),
        (np.repeat(["n", "p"], [9, 3]).tolist(), {"p": 5}),
        (pd.Series(np.repeat(["n", "p"], [9, 3]), dtype="category"), {"p": 5}),
        (pd.Series(np.repeat([0, 1], [9, 3])), lambda y: {1: y.value_counts()[1] + 2}),
        (np.eye(2)[np.repeat([0, 1], [9, 3])], {1: 5}),
    ],
)
def test_keys_of_any_type(y, strategy):
    assert targets(over_targets, strategy, y) == [0, 2]


def test_callable_receives_y_as_given():
    y = pd.Series(Y, index=range(100, 116))
    seen = []
    targets(under_targets, lambda given: seen.append(given) or {"a": 3}, y)
    assert seen[0] is y


REFUSED = [
    (over_targets, "majority", Y, ValueError, r"'majority' cannot be used with over-sampler.*'auto'"),
    (under_targets, "minority", Y, ValueError, r"'minority' cannot be used with under-sampler"),
    (clean_targets, "minority", Y, ValueError, r"'minority' cannot be used with clean-sampler"),
    (over_targets, "most", Y, ValueError, r"needs to be one of \['auto'.*Got 'most'"),
    (over_targets, ["a"], Y, ValueError, "cannot be a list for samplers which are not cleaning methods"),
    (under_targets, lambda y: ["a"], Y, ValueError, "cannot be a list"),
    (clean_targets, {"a": 1}, Y, ValueError, "as a dict for cleaning methods is not supported.*list"),
    (clean_targets, 0.5, BINARY, ValueError, "do not let the user specify the sampling ratio"),
    (over_targets, 0.2, Y, ValueError, "every other class has more"),
    (under_targets, 0.1, Y, ValueError, "asks for 20 rows and the largest class has 9"),
    (
        over_targets,
        Share(0.05),
        Y,
        ValueError,
        r"Share\(share=0.05\) is less than .* 2 of 16 rows. .*{'b': 1}",
    ),
    (
        under_targets,
        Share(0.05),
        Y,
        ValueError,
        r"Share\(share=0.05\) is less than .* 2 of 16 rows. .*{'b': 1}",
    ),
    (
        clean_targets,
        Share(0.5),
        Y,
        TypeError,
        "sampling_strategy must be a string, a list of classes or a call",
    ),
    (over_targets, 0.0, BINARY, ValueError, r"range \(0, 1\]. Got 0.0"),
    (under_targets, 1.5, BINARY, ValueError, r"range \(0, 1\]. Got 1.5"),
    (over_targets, float("nan"), BINARY, ValueError, r"range \(0, 1\]. Got nan"),
    (
        over_targets,
        0.1,
        BINARY,
        ValueError,
        "required to remove samples from the minority class.*increase the ratio",
    ),
    (
        under_targets,
        0.1,
        BINARY,
        ValueError,
        "required to generate new sample in the majority.*increase the ratio",
    ),
    (
        over_targets,
        {"a": 4},
        Y,
        ValueError,
        "greater or equal.*there is 5 samples and 4 samples are asked.*'a'",
    ),
    (
        under_targets,
        {"a": 6},
        Y,
        ValueError,
        "less or equal.*there is 5 samples and 6 samples are asked.*'a'",
    ),
    (
        over_targets,
        {"q": 4},
        Y,
        ValueError,
        r"\['q'\] target class is/are not present in the data.*\['a', 'b', 'c'\]",
    ),
    (clean_targets, ["q"], Y, ValueError, "not present in the data"),
    (over_targets, {99: 4}, np.arange(20) % 12, ValueError, "and 2 more"),
    (over_targets, {"a": -1}, Y, ValueError, "cannot be negative.*-1 for class 'a'"),
    (over_targets, {"a": 7.0}, Y, TypeError, "integer for each class. Got 7.0 for class 'a'"),
    (over_targets, {"a": True}, Y, TypeError, "integer for each class"),
    (over_targets, None, Y, TypeError, "sampling_strategy must be a float.*Got None"),
    (under_targets, True, BINARY, TypeError, "sampling_strategy must be.*Got True"),
    (
        clean_targets,
        object(),
        Y,
        TypeError,
        "sampling_strategy must be a string, a list of classes or a callable",
    ),
    (over_targets, lambda y: 3, Y, TypeError, "callable sampling_strategy must return a dict.*Got 3"),
    (clean_targets, lambda y: None, Y, TypeError, "callable sampling_strategy must return.*Got None"),
]


@pytest.mark.parametrize(("function", "strategy", "y", "error", "message"), REFUSED)
def test_refused(function, strategy, y, error, message):
    with pytest.raises(error, match=message):
        targets(function, strategy, y)


def test_results_are_fresh():
    labels = check_labels(Y)
    final = under_targets({"c": 9}, labels, Y)
    final[:] = 0
    assert labels.counts.tolist() == [5, 2, 9]
    assert over_targets("auto", labels, Y).dtype == final.dtype == np.int64
    assert clean_targets("auto", labels, Y).dtype == bool


def _with_ratio(decide, first, second, ratio):
    try:
        return decide(ratio, check_labels([0] * first + [1] * second), None).tolist()
    except ValueError:
        return None


@pytest.mark.parametrize("ratio", [0.07, 0.29, 0.35, 0.57, 0.58])
def test_a_float_ratio_cuts_counts_as_it_is_written__B3(ratio):
    share = Fraction(str(ratio))
    for most in range(2, 121):
        for few in range(1, most):
            wanted, kept = math.floor(most * share), math.floor(few / share)
            over = _with_ratio(over_targets, most, few, ratio)
            assert over == (None if wanted < few else [0, wanted - few])
            under = _with_ratio(under_targets, most, few, ratio)
            assert under == (None if kept > most else [kept, few])


@pytest.mark.slow  # 5 s
def test_every_ratio_of_hundredths_to_500_rows__B3():
    one_row = Labels(np.zeros(0, np.int64), np.arange(2), np.array([0, 0]))
    for count in range(2, 501):
        for hundredths in range(1, 101):
            ratio, share = hundredths / 100, Fraction(hundredths, 100)
            wanted, kept = count * hundredths // 100, 100 * count // hundredths
            few = one_row._replace(counts=np.array([count, max(1, wanted - 1)]))
            if wanted:
                assert over_targets(ratio, few, None)[1] == wanted - few.counts[1], (count, ratio)
            many = one_row._replace(counts=np.array([100 * count, count]))
            assert under_targets(ratio, many, None)[0] == kept == math.floor(count / share), (count, ratio)


@pytest.mark.parametrize(("few", "most"), [(7, 9), (1, 3), (2, 3), (49, 299), (1, 49), (999, 9973)])
def test_a_ratio_that_was_computed_from_counts_gives_these_counts__B3(few, most):
    labels = Labels(np.zeros(0, np.int64), np.arange(2), np.array([10 * most, few]))
    assert under_targets(few / most, labels, None).tolist() == [most, few]
    labels = Labels(np.zeros(0, np.int64), np.arange(2), np.array([most, 1]))
    assert over_targets(few / most, labels, None).tolist() == [0, few - 1]


def test_shares_of_clusters_and_classes_are_compared_exactly__B3():
    """0.07 * 100 is more than 7 as a float: a cluster with 7 of 100 rows was too poor for 0.07."""
    X = np.concatenate([np.linspace(0, 1, 107), np.linspace(50, 51, 30)])[:, np.newaxis]
    cluster = np.repeat([0, 1, 2], [100, 7, 30])
    y = np.zeros(len(X), np.int64)
    y[93:100] = 1
    cluster[100:107] = 2
    made = fastsmote.plan.kmeans_smote(X, y, clusters=cluster, cluster_balance_threshold=0.07, random_state=0)
    assert len(made) == len(y) - 14
    y = np.repeat([0, 1, 2], [100, 115, 300])  # 1.15 * 100 is less than 115 as a float
    X = np.random.default_rng(0).normal(size=(515, 2))
    kept, same, fewer = (
        fastsmote.select.neighbourhood_cleaning_rule(X, y, threshold_cleaning=threshold)
        for threshold in (1.15, 1.151, 1.149)
    )
    assert kept.tolist() == same.tolist() != fewer.tolist()


@pytest.mark.parametrize(
    ("counts", "ratio", "over", "under"),
    [
        ((100, 28), 0.29, [0, 1], None),
        ((50, 20), 0.58, [0, 9], [34, 20]),
        ((101, 50), 0.5, [0, 0], [100, 50]),
    ],
)
def test_the_ratios_that_were_cut_too_low__B3(counts, ratio, over, under):
    assert _with_ratio(over_targets, *counts, ratio) == over
    if under is not None:
        assert _with_ratio(under_targets, *counts, ratio) == under
    drop_in = pytest.importorskip("fastsmote.imblearn").RandomOverSampler(sampling_strategy=ratio)
    X, y = np.zeros((sum(counts), 1)), [0] * counts[0] + [1] * counts[1]
    theirs = pytest.importorskip("imblearn.over_sampling").RandomOverSampler(sampling_strategy=ratio)
    try:
        expected = len(theirs.fit_resample(X, y)[1])
    except ValueError:
        with pytest.raises(ValueError, match="ratio required"):
            drop_in.fit_resample(X, y)
    else:
        assert len(drop_in.fit_resample(X, y)[1]) == expected


@pytest.mark.parametrize(("few", "all_rows"), [(7, 9), (1, 3), (49, 299), (1, 49), (999, 9973)])
def test_a_share_that_was_computed_from_counts_gives_these_counts__B3(few, all_rows):
    others = all_rows - few
    labels = Labels(np.zeros(0, np.int64), np.arange(2), np.array([others, 1]))
    assert over_targets(Share(few / all_rows), labels, None).tolist() == [0, few - 1]
    if few < others:
        labels = labels._replace(counts=np.array([10 * all_rows, few]))
        assert under_targets(Share(few / all_rows), labels, None).tolist() == [others, few]
