"""Prior: the shares that classes have after resampling, raised and lowered."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.sampling.prior import counts_with_shares

import fastsmote
from fastsmote import Prior
from fastsmote._core.labels import Labels
from fastsmote._sampling.registry import SAMPLERS
from fastsmote._sampling.strategy import clean_targets, over_targets, under_targets

RNG = np.random.default_rng(0)
Y = np.repeat(["benign", "malignant"], [600, 400])
X = RNG.normal(size=(1000, 2)) + (Y == "malignant")[:, np.newaxis]
PRIOR = Prior({"malignant": 0.2})
OVER = [row.name for row in SAMPLERS.values() if row.kind == "over" and not row.needs]
UNDER = ["random_under_sample", "near_miss", "cluster_centroids"]


def call(name, prior, **options):
    if name == "smotenc":
        options["categorical_features"] = [1]
    rows = X.round().astype(str) if name == "smoten" else X
    return getattr(fastsmote, name)(rows, Y, sampling_strategy=prior, **options)


def counted(*counts):
    return Labels(np.zeros(0, np.int64), np.arange(len(counts)), np.array(counts))


@pytest.mark.parametrize("prior", [PRIOR, Prior(0.2), Prior({"benign": 0.8})])
@pytest.mark.parametrize("name", UNDER)
def test_of_1000_patients_150_of_400_malignant_ones_stay(name, prior):
    seed = {} if name == "near_miss" else {"random_state": 0}
    _, y = call(name, prior, **seed)
    assert Counter(y.tolist()) == {"benign": 600, "malignant": 150}  # 20 % of 750


@pytest.mark.parametrize("name", OVER)
def test_of_1000_patients_benign_ones_grow_to_1600(name):
    _, y = call(name, PRIOR, random_state=0)
    counts = Counter(y.tolist())
    assert counts["malignant"] == 400
    if name != "adasyn":  # whose rounding of parts of a class is its own
        assert counts["benign"] == 1600


@pytest.mark.parametrize("name", OVER)
def test_a_share_above_the_present_one_grows_the_class_itself(name):
    _, y = call(name, Prior({"malignant": 0.5}), random_state=0)
    counts = Counter(y.tolist())
    assert counts["benign"] == 600
    if name != "adasyn":
        assert counts["malignant"] == 600


def test_a_share_above_the_present_one_cuts_the_other_class():
    assert fastsmote.random_under_sample(X, Y, sampling_strategy=Prior(0.5)).counts_after == {
        "benign": 400,
        "malignant": 400,
    }


@pytest.mark.parametrize(("name", "cleaner"), [("smote_tomek", "tomek_links"), ("smote_enn", None)])
def test_in_combinations_it_holds_before_cleaning(name, cleaner):
    grown = fastsmote.smote(X, Y, sampling_strategy=PRIOR, random_state=0)
    assert grown.counts_after == {"benign": 1600, "malignant": 400}
    cleaner = cleaner or "edited_nearest_neighbours"
    expected = getattr(fastsmote, cleaner)(*grown, sampling_strategy="all")
    actual = getattr(fastsmote, name)(X, Y, sampling_strategy=PRIOR, random_state=0)
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_subsets_and_selections_take_it():
    assert len(fastsmote.balanced_subsets(Y, 2, sampling_strategy=PRIOR, random_state=0)[0]) == 750
    kept = fastsmote.select.random_under_sample(X, Y, sampling_strategy=PRIOR, random_state=0)
    assert np.count_nonzero(Y[kept] == "malignant") == 150


@pytest.mark.parametrize(
    ("counts", "prior", "grown", "kept"),
    [
        ((600, 400), {1: 0.4}, [600, 400], [600, 400]),  # as it is
        ((600, 300, 100), {2: 0.2}, [600, 300, 225], [267, 133, 100]),  # the others 2 : 1, as before
        ((600, 300, 100), {0: 0.5, 1: 0.25}, [600, 300, 300], [200, 100, 100]),
        ((600, 300, 100), {0: 0.5, 1: 0.25, 2: 0.25}, [600, 300, 300], [200, 100, 100]),
        ((600, 300, 100), {0: 1 / 3, 1: 1 / 3, 2: 1 / 3}, [600, 600, 600], [100, 100, 100]),
        ((600, 300, 100), 0.1, [600, 300, 100], [600, 300, 100]),
        ((90, 10), 0.01, [990, 10], [90, 1]),
        ((7, 1), np.float32(0.3), [7, 3], [2, 1]),
    ],
)
def test_counts(counts, prior, grown, kept):
    labels = counted(*counts)
    assert (labels.counts + over_targets(Prior(prior), labels, None)).tolist() == grown
    assert under_targets(Prior(prior), labels, None).tolist() == kept


@given(st.data())
def test_as_the_definition(data):
    counts = data.draw(st.lists(st.integers(1, 10**6), min_size=2, max_size=6))
    parts = data.draw(st.lists(st.integers(1, 99), min_size=len(counts), max_size=len(counts)))
    shares = [Fraction(part, sum(parts)) for part in parts]
    labels = counted(*counts)
    for targets, grow in [(over_targets, True), (under_targets, False)]:
        expected = counts_with_shares(counts, shares, grow)
        given_shares = dict(enumerate(shares))
        if min(expected) == 0:
            with pytest.raises(ValueError, match="asks for 0 rows"):
                targets(Prior(given_shares), labels, None)
            continue
        final = targets(Prior(given_shares), labels, None) + grow * labels.counts
        assert final.tolist() == expected
        del given_shares[0]
        # the class that is not named has the rest
        assert (targets(Prior(given_shares), labels, None) + grow * labels.counts).tolist() == expected


@pytest.mark.parametrize(
    ("share", "error"),
    [(0, ValueError), (1.0, ValueError), (np.nan, ValueError), ("0.5", TypeError), (True, TypeError)],
)
def test_shares_that_are_none(share, error):
    for given_share in (share, {"a": share}):
        with pytest.raises(error, match=r"share must be a number between 0 and 1\. Got"):
            Prior(given_share)


@pytest.mark.parametrize(
    ("prior", "words"),
    [
        ({}, r"share must name a class at least, such as .* Got \{\}"),
        ({"b": 0.2}, r"The \['b'\] target class is/are not present in the data"),
        ({"malignant": 0.2, "benign": 0.7}, "names every class, and its shares add up to 0.9.*up to 1"),
        ({"malignant": 1e-4}, r"asks for 0 rows of class 'malignant', which has 400\. Pass shares nearer"),
    ],
)
def test_priors_that_can_not_be(prior, words):
    with pytest.raises(ValueError, match=words):
        fastsmote.random_under_sample(X, Y, sampling_strategy=Prior(prior))


def test_other_errors():
    labels = counted(5, 5, 9)
    with pytest.raises(ValueError, match=r"2 classes have 5 rows. Name one, such as Prior\(\{1: 0.2\}\)"):
        over_targets(Prior(0.2), labels, None)
    with pytest.raises(ValueError, match="leaves nothing to the classes that it does not name"):
        over_targets(Prior({0: 0.5, 1: 0.5}), labels, None)
    with pytest.raises(ValueError, match=r"asks for \d{19,} rows of class"):
        over_targets(Prior({0: 1e-18}), counted(5, 9), None)
    with pytest.raises(TypeError, match="sampling_strategy must be a string, a list of classes"):
        clean_targets(Prior(0.2), labels, None)


def test_it_keeps_what_it_was_given():
    shares = {"malignant": 0.2}
    prior = Prior(shares)
    shares["malignant"] = 0.5
    assert prior.share == {"malignant": 0.2}
    assert prior == PRIOR
    assert repr(Prior(0.2)) == "Prior(share=0.2)"


def test_probabilities_of_a_model_are_corrected_back():
    resampled = fastsmote.random_under_sample(X, Y, sampling_strategy=PRIOR, random_state=0)
    corrected = fastsmote.correct_prior_from(resampled, [0.2], pos_label="malignant")
    np.testing.assert_allclose(corrected, [0.4])
