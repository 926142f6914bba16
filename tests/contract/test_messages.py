"""What errors and warnings say: examples from the data, advice that helps, lists that end (C7)."""

import numpy as np
import pytest

import fastsmote
from fastsmote import metrics

HOLED = np.array([[0.0, 1.0], [np.nan, 2.0], [3.0, 1.0], [4.0, 1.0], [5.0, 0.0]])
WORDS = np.array([["a", "b"], [None, "b"], ["a", "c"], ["b", "b"], ["b", "c"]], object)
Y = [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("y_true", "first"), [([7, 9], 7), ([-3, 200], -3), ([True, False], True), ([2.0, 5.0], 2.0)]
)
def test_the_example_of_mixed_labels_is_from_the_data__C7(y_true, first):
    message = rf"e\.g\. {first!r} in y_true and 'ant' in y_pred"
    with pytest.raises(ValueError, match=message):
        fastsmote.confusion_matrix(y_true, ["ant", "bee"])
    with pytest.raises(ValueError, match=rf"'ant' in y_true and {first!r} in y_pred"):
        fastsmote.f1_score(np.array(["ant", "bee"]), np.array(y_true))


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_one_vs_one_of_one_class_warns_in_our_words__C7(average):
    """NumPy's mean of nothing otherwise."""
    with pytest.warns(metrics.UndefinedMetricWarning, match="Only one class is present") as caught:
        value = fastsmote.roc_auc_score(
            [1, 1], np.full((2, 3), 1 / 3), multi_class="ovo", labels=[0, 1, 2], average=average
        )
    assert np.isnan(value)
    assert len(caught) == 1


@pytest.mark.parametrize("call", ["best_threshold", "bootstrap_interval"])
def test_a_metric_that_is_no_function_of_a_sweep_says_so__C7(call):
    def score(y_true, y_pred, *, average="binary"):
        raise AssertionError("is never called")

    y, scores = [0, 1, 0, 1], [0.1, 0.4, 0.3, 0.8]
    calls = {
        "best_threshold": lambda metric: fastsmote.best_threshold(
            fastsmote.confusion_sweep(y, scores), metric
        ),
        "bootstrap_interval": lambda metric: fastsmote.bootstrap_interval(y, scores, metric=metric),
    }
    for metric in (score, fastsmote.f1_score, fastsmote.roc_auc_score):
        with pytest.raises(TypeError, match=rf"function of one Sweep, .* Got {metric.__name__}\(y_true, y_"):
            calls[call](metric)
    with pytest.raises(ValueError, match="metric must return"):
        calls[call](lambda *sweep: sweep[0].thresholds[:0])


@pytest.mark.parametrize(
    ("name", "options", "helps"),
    [
        ("smote", {}, True),
        ("adasyn", {}, True),
        ("borderline_smote", {}, True),
        ("smotenc", {"categorical_features": [1]}, True),
        ("svm_smote", {"support": [0]}, False),
        ("kmeans_smote", {}, False),
        ("random_over_sample", {"shrinkage": 0.1}, False),
        ("tomek_links", {}, False),
        ("near_miss", {}, False),
    ],
)
def test_missing_is_advised_where_it_is_a_parameter__C7(name, options, helps):
    with pytest.raises(ValueError, match=r"contains NaN .* at row 1, column 0\.") as error:
        getattr(fastsmote, name)(HOLED, Y, **options)
    assert ("missing=" in str(error.value)) == helps


@pytest.mark.parametrize(("name", "helps"), [("smotenc", True), ("smoten", False)])
def test_missing_categories_are_told_what_helps__C7(name, helps):
    X = WORDS if name == "smoten" else np.column_stack([WORDS[:, :1], HOLED[:, 1:].astype(object)])
    options = {"k_neighbors": 1} | ({} if name == "smoten" else {"categorical_features": [0]})
    with pytest.raises(ValueError, match=r"a missing value at row 1, column 0") as error:
        getattr(fastsmote, name)(X, Y, **options)
    assert ("missing=" in str(error.value)) == helps


def test_lost_classes_are_not_listed_by_the_hundred__C7():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(900, 2)), np.arange(900) % 300
    with pytest.warns(UserWarning, match=r"All rows of \[.*\] and \d+ more are removed") as caught:
        fastsmote.edited_nearest_neighbours(X, y, sampling_strategy="all")
    assert len(str(caught[0].message)) < 300
    with pytest.raises(ValueError, match=r"and 290 more\.") as error:
        fastsmote.f1_score(y, y, labels=["a"] * 300, average="macro")
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SMOTE", "the function is fastsmote.smote, the class fastsmote.imblearn.SMOTE"),
        ("RandomUnderSampler", "the function is fastsmote.random_under_sample"),
        ("fit_sample", "samplers are functions, such as X_new, y_new = fastsmote.smote"),
        ("Adasin", r"Did you mean 'adasyn'\?"),
        ("random_undersample", r"Did you mean 'random_under_sample'\?"),
    ],
)
def test_other_and_old_names_get_a_hint__C7(name, hint):
    with pytest.raises(AttributeError, match=f"module 'fastsmote' has no attribute '{name}'.*{hint}"):
        getattr(fastsmote, name)
