"""Accuracy and the report of scikit-learn, letter for letter (issue 22, item 6)."""

import warnings

import numpy as np
import pandas as pd
import pytest

from fastsmote.classification import accuracy_score, classification_report

metrics = pytest.importorskip("sklearn.metrics")

LABELS = {
    "integers": np.array([0, 1, 2]),
    "two": np.array([0, 1, 1]),
    "words": np.array(["ant", "a very long name of a bee", "cat"]),
    "floats": np.array([1.0, 2.0, 5.0]),
    "bools": np.array([False, True, True]),
    "one": np.array([7, 7, 7]),
}


def both(ours, theirs, *arguments, **options):
    """Results and messages of the two."""
    answers = []
    for function in (ours, theirs):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            answers.append((function(*arguments, **options), sorted({one.category.__name__ for one in told})))
    return answers


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("weights", [None, "float", "int"])
@pytest.mark.parametrize("zero_division", ["warn", 0, 1, np.nan])
@pytest.mark.one_in(4)
def test_report(kind, weights, zero_division):
    rng = np.random.default_rng(0)
    for n in (1, 30):
        y, predicted = (LABELS[kind][rng.integers(0, 3, n)] for _ in range(2))
        weight = {None: None, "float": rng.integers(1, 9, n) / 4, "int": rng.integers(1, 5, n)}[weights]
        options = {"sample_weight": weight, "zero_division": zero_division}
        for digits in (0, 2):
            ours, theirs = both(
                classification_report, metrics.classification_report, y, predicted, digits=digits, **options
            )
            assert ours == theirs
        (ours, _), (theirs, _) = both(
            classification_report, metrics.classification_report, y, predicted, output_dict=True, **options
        )
        assert list(ours) == list(theirs)
        for name, row in theirs.items():
            pairs = (
                [(ours[name][key], row[key]) for key in row] if isinstance(row, dict) else [(ours[name], row)]
            )
            for actual, expected in pairs:
                assert actual == pytest.approx(expected, rel=1e-15, nan_ok=True)


def test_report_of_some_labels_and_names():
    y, predicted = [0, 1, 2, 2, 1, 0, 1], [0, 2, 2, 1, 1, 1, 1]
    for options in (
        {"labels": [1, 2]}, {"labels": [2, 1, 0]}, {"labels": [0, 1, 2, 3]}, {"labels": [3, 1]},
        {"target_names": ["a", "bb", "c"]}, {"labels": [1, 0], "target_names": ["one", "zero"]},
        {"labels": [1, 0], "target_names": ["one"]}, {"labels": [1], "target_names": ["one", "more"]},
    ):  # fmt: skip
        ours, theirs = both(classification_report, metrics.classification_report, y, predicted, **options)
        assert ours == theirs
        ours, theirs = both(
            classification_report, metrics.classification_report, y, predicted, output_dict=True, **options
        )
        assert ours == theirs
    frame = pd.DataFrame({"y": y, "p": predicted})
    assert classification_report(frame["y"], frame["p"]) == classification_report(y, predicted)


def test_report_refuses():
    with pytest.raises(ValueError, match=r"target_names must hold one name for each of 2 labels\. Got 1"):
        classification_report([0, 1], [0, 1], target_names=["a"])
    with pytest.raises(ValueError, match="digits must be an integer of at least 0"):
        classification_report([0, 1], [0, 1], digits=-1)
    with pytest.raises(ValueError, match="zero_division must be"):
        classification_report([0, 1], [0, 1], zero_division=2)


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("normalize", [True, False])
def test_accuracy(kind, normalize):
    rng = np.random.default_rng(1)
    for n in (1, 2, 500):
        y, predicted = (LABELS[kind][rng.integers(0, 3, n)] for _ in range(2))
        for weight in (None, rng.integers(1, 9, n), rng.random(n)):
            options = {"normalize": normalize, "sample_weight": weight}
            expected = metrics.accuracy_score(y, predicted, **options)
            ours = accuracy_score(y, predicted, **options)
            assert type(ours) is float
            assert ours == (expected if weight is None or n < 3 else pytest.approx(expected, rel=1e-14))
    with pytest.raises(TypeError, match="normalize must be True or False"):
        accuracy_score([0, 1], [0, 1], normalize="all")
