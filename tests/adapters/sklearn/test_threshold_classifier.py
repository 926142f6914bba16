"""ThresholdClassifier: its choice from the definition, scikit-learn's own beside it, and routed metadata."""

import itertools
import pickle
from typing import get_args

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.datasets import load_iris, make_classification
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score, fbeta_score, get_scorer
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    ShuffleSplit,
    StratifiedKFold,
    TimeSeriesSplit,
    TunedThresholdClassifierCV,
    cross_val_predict,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from fastsmote._metrics.measures import words_of
from fastsmote.sklearn import ThresholdClassifier, _threshold

METRICS = {
    "f1": f1_score,
    "balanced_accuracy": balanced_accuracy_score,
    "f_beta": lambda y, called: fbeta_score(y, called, beta=2),
}


@pytest.fixture(scope="module")
def data():
    return make_classification(400, weights=[0.85], flip_y=0.1, random_state=0)


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def expected_failures(estimator):
    found = {}
    if not isinstance(estimator.estimator, DecisionTreeClassifier):  # probabilities are 0 and 1
        found["check_classifiers_train"] = "labels change at the threshold, not at probability 0.5"
    if sklearn.__version__.startswith("1.6."):
        why = "the positive class is another one in the rows that the check compares with: its own fault"
        found["check_sample_weight_equivalence_on_dense_data"] = why
        if not isinstance(estimator.estimator, GaussianNB):  # which takes no sparse rows
            found["check_sample_weight_equivalence_on_sparse_data"] = why
    return found


@parametrize_with_checks(
    [
        ThresholdClassifier(RidgeClassifier(), cost_fp=1, cost_fn=9, cv=3),
        ThresholdClassifier(DecisionTreeClassifier(random_state=0), metric="balanced_accuracy", cv=3),
        ThresholdClassifier(GaussianNB(), cost_fp=1, cost_fn=5, response_method="predict_proba", cv=3),
    ],
    expected_failed_checks=expected_failures,
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def out_of_fold(estimator, X, y, method="predict_proba"):
    scores = cross_val_predict(estimator, X, y, cv=5, method=method)
    return scores[:, 1] if method == "predict_proba" else scores


def every_cut(scores):
    return [*np.unique(scores), np.inf]


@pytest.mark.slow
@pytest.mark.parametrize("metric", METRICS)
def test_best_of_every_cut_point(data, metric):
    X, y = data
    beta = 2 if metric == "f_beta" else None
    model = ThresholdClassifier(GaussianNB(), metric=metric, beta=beta).fit(X, y)
    scores = out_of_fold(GaussianNB(), X, y)
    values = {cut: METRICS[metric](y, scores >= cut) for cut in every_cut(scores)}
    best = max(values.values())
    assert model.choice_.value == pytest.approx(best, rel=1e-12)
    assert model.threshold_ == max(cut for cut, value in values.items() if value >= best * (1 - 1e-12))
    assert model.threshold_ in model.choice_.plateau
    np.testing.assert_array_equal(
        model.predict(X), GaussianNB().fit(X, y).predict_proba(X)[:, 1] >= model.threshold_
    )


@pytest.mark.parametrize(("cost_fp", "cost_fn"), [(1, 10), (3, 1), (0, 1), (1, 0)])
def test_lowest_cost_of_every_cut_point(data, cost_fp, cost_fn):
    X, y = data
    model = ThresholdClassifier(GaussianNB(), cost_fp=cost_fp, cost_fn=cost_fn).fit(X, y)
    scores = out_of_fold(GaussianNB(), X, y)
    costs = {}
    for cut in every_cut(scores):
        (_, fp), (fn, _) = confusion_matrix(y, scores >= cut)
        costs[cut] = cost_fp * fp + cost_fn * fn
    assert model.choice_.value == min(costs.values())
    assert model.threshold_ == max(cut for cut, cost in costs.items() if cost == min(costs.values()))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy"])
def test_at_least_as_good_as_the_grid(seed, metric):
    X, y = make_classification(300, weights=[0.9], flip_y=0.1, random_state=seed)
    ours = ThresholdClassifier(GaussianNB(), metric=metric).fit(X, y)
    theirs = TunedThresholdClassifierCV(GaussianNB(), scoring=metric, cv=5).fit(X, y)
    scores = out_of_fold(GaussianNB(), X, y)
    value = {
        m: METRICS[metric](y, scores >= t) for m, t in [(0, ours.threshold_), (1, theirs.best_threshold_)]
    }
    assert value[0] >= value[1]


def test_a_function_of_the_sweep(data):
    X, y = data
    model = ThresholdClassifier(GaussianNB(), metric=lambda sweep: sweep.tps - 3 * sweep.fps).fit(X, y)
    assert model.choice_.value == model.choice_.tp - 3 * model.choice_.fp


@pytest.mark.parametrize(
    ("estimator", "method"),
    [(RidgeClassifier(), "decision_function"), (KNeighborsClassifier(), "predict_proba")],
)
def test_scores_are_those_of_the_estimator(data, estimator, method):
    X, y = data
    model = ThresholdClassifier(estimator).fit(X, y)
    fitted = clone(estimator).fit(X, y)
    for name in ("predict_proba", "decision_function", "predict_log_proba"):
        assert hasattr(model, name) == hasattr(estimator, name)
    np.testing.assert_array_equal(getattr(model, method)(X), getattr(fitted, method)(X))
    scores = getattr(fitted, method)(X)
    scores = scores[:, 1] if scores.ndim == 2 else scores
    np.testing.assert_array_equal(model.predict(X), scores >= model.threshold_)


@pytest.mark.parametrize("method", ["predict_proba", "decision_function"])
def test_positive_label(data, method):
    X, codes = data
    names = np.array(["fine", "fraud"])
    y = names[codes]
    model = ThresholdClassifier(LogisticRegression(), response_method=method).fit(X, y)
    assert model.classes_.tolist() == ["fine", "fraud"]
    assert set(model.predict(X)) == set(names)
    same = ThresholdClassifier(LogisticRegression(), response_method=method).fit(X, codes)
    assert model.choice_[:5] == same.choice_[:5]
    np.testing.assert_array_equal(model.predict(X), names[same.predict(X)])
    other = ThresholdClassifier(LogisticRegression(), response_method=method, pos_label="fine").fit(X, y)
    flipped = ThresholdClassifier(LogisticRegression(), response_method=method).fit(X, 1 - codes)
    assert other.threshold_ == pytest.approx(flipped.threshold_, rel=1e-4)
    assert other.choice_[2:6] == pytest.approx(flipped.choice_[2:6])
    np.testing.assert_array_equal(other.predict(X), names[1 - flipped.predict(X)])


def test_a_fitted_estimator_stays_as_it_is(data):
    X, y = data
    fitted = LogisticRegression().fit(X[:200], y[:200])
    model = ThresholdClassifier(FrozenEstimator(fitted), cv=2).fit(X[200:], y[200:])
    scores = fitted.predict_proba(X[200:])[:, 1]
    assert model.choice_.value == pytest.approx(max(f1_score(y[200:], scores >= t) for t in scores))


@pytest.mark.parametrize("cv", [TimeSeriesSplit(3), ShuffleSplit(4, random_state=0)])
def test_test_parts_need_not_be_a_partition(data, cv):
    X, y = data
    model = ThresholdClassifier(GaussianNB(), cv=cv).fit(X, y)
    tested = [test for _, test in cv.split(X)]
    assert model.choice_.tp + model.choice_.fn == y[np.concatenate(tested)].sum()


def test_weights_are_repeated_rows(data):
    X, y = data
    weight = np.random.default_rng(0).integers(0, 4, len(y))
    half = np.arange(len(y)) % 2
    repeated = np.repeat(np.arange(len(y)), weight)
    folds = [(np.flatnonzero(half == i), np.flatnonzero(half != i)) for i in (0, 1)]
    long = [tuple(np.flatnonzero(np.isin(repeated, part)) for part in fold) for fold in folds]
    weighted = ThresholdClassifier(GaussianNB(), cv=folds).fit(X, y, sample_weight=weight)
    expected = ThresholdClassifier(GaussianNB(), cv=long).fit(X[repeated], y[repeated])
    assert weighted.threshold_ == pytest.approx(expected.threshold_, rel=1e-9)
    assert weighted.choice_[2:6] == expected.choice_[2:6]


def test_users_of_estimators_without_weights_are_warned(data):
    X, y = data
    model = ThresholdClassifier(KNeighborsClassifier())
    with pytest.warns(UserWarning, match="KNeighborsClassifier takes no sample_weight"):
        model.fit(X, y, sample_weight=np.full(len(y), 2.0))
    plain = clone(model).fit(X, y)
    assert (model.threshold_, model.choice_.tp) == (plain.threshold_, 2 * plain.choice_.tp)


class Recorder(LogisticRegression):
    """Remembers which metadata reached ``fit``."""

    seen = ()

    def fit(self, X, y, sample_weight=None, note=None):
        type(self).seen = (*self.seen, (len(y), note is not None and len(note), sample_weight is not None))
        return super().fit(X, y, sample_weight)


def test_metadata_is_routed(data, routing):
    X, y = data
    Recorder.seen = ()
    groups = np.arange(len(y)) // 10
    estimator = Recorder().set_fit_request(note="remark", sample_weight=False)
    model = ThresholdClassifier(estimator, cv=GroupKFold(4)).set_fit_request(sample_weight=True)
    weight = np.linspace(1, 2, len(y))
    model.fit(X, y, sample_weight=weight, groups=groups, remark=np.arange(len(y)))
    assert Recorder.seen == (*[(300, 300, False)] * 4, (400, 400, False))
    assert model.choice_.tp + model.choice_.fn == pytest.approx(weight[y == 1].sum())
    with pytest.raises(TypeError, match="unexpected argument"):
        model.fit(X, y, groups=groups, nonsense=weight)


def test_metadata_arrives_through_a_search(data, routing):
    X, y = data
    estimator = LogisticRegression().set_fit_request(sample_weight=True)
    model = ThresholdClassifier(estimator, cv=2).set_fit_request(sample_weight=True)
    scoring = get_scorer("roc_auc").set_score_request(sample_weight=False)
    search = GridSearchCV(model, {"metric": ["f1", "mcc"]}, cv=2, scoring=scoring, error_score="raise")
    weight = np.linspace(1, 2, len(y))
    search.fit(X, y, sample_weight=weight)
    choice = search.best_estimator_.choice_
    assert choice.tp + choice.fn == pytest.approx(weight[y == 1].sum())


def test_without_routing_parameters_go_to_the_estimator(data):
    X, y = data
    Recorder.seen = ()
    ThresholdClassifier(Recorder(), cv=2).fit(X, y, note=np.arange(len(y)))
    assert Recorder.seen == ((200, 200, False), (200, 200, False), (400, 400, False))


def test_jobs_copies_and_containers(data):
    X, y = data
    model = ThresholdClassifier(make_pipeline(StandardScaler(), GaussianNB()), cv=StratifiedKFold(4))
    expected = model.fit(X, y).choice_[:5]
    assert clone(model).set_params(n_jobs=2).fit(X, y).choice_[:5] == expected
    copy = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(copy.predict(X), model.predict(X))
    frame = pd.DataFrame(X, columns=[f"c{j}" for j in range(X.shape[1])])
    framed = clone(model).fit(frame, pd.Series(y, index=np.arange(len(y))[::-1]))
    assert framed.choice_[:5] == pytest.approx(expected, rel=1e-12)  # sums over columns of another layout
    assert framed.feature_names_in_.tolist() == list(frame.columns)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cost_fp": 1}, "must be given both"),
        ({"cost_fn": 1, "cost_fp": 1, "metric": "f1"}, "without metric"),
        ({"cost_fn": 1, "cost_fp": 1, "beta": 2}, "without metric and beta"),
        ({"cost_fn": 0, "cost_fp": 0}, "not both be 0"),
        ({"cost_fn": -1, "cost_fp": 1}, "'cost_fn' parameter of ThresholdClassifier"),
        ({"metric": "f2"}, "'metric' parameter of ThresholdClassifier"),
        ({"metric": "f_beta"}, "beta belongs to"),
        ({"pos_label": 7}, "pos_label must be one of"),
        ({"cv": []}, "at least one row to test. Got 0 folds without any"),
        ({"cv": [(np.arange(20), np.array([], int))]}, "at least one row to test. Got 1 folds"),
        ({"cv": [(np.array([0, 1]), np.array([2]))]}, "rows of both classes to train on"),
    ],
)
def test_mistakes(parameters, message):
    X, y = np.arange(20.0)[:, None], np.repeat([0, 1], 10)
    with pytest.raises(ValueError, match=message):
        ThresholdClassifier(DecisionTreeClassifier(), **parameters).fit(X, y)


def test_two_classes_only():
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="Only binary classification is supported"):
        ThresholdClassifier(GaussianNB()).fit(X, y)
    with pytest.raises(ValueError, match="sample_weight must be above 0"):
        ThresholdClassifier(GaussianNB()).fit(X[:100], y[:100], sample_weight=y[:100])
    with pytest.raises(ValueError, match=r"at least 2 classes\. Got 1 class"):
        ThresholdClassifier(GaussianNB()).fit(X, np.zeros(len(y)))


def test_an_estimator_without_the_wanted_scores():
    X, y = np.arange(20.0)[:, None], np.repeat([0, 1], 10)
    with pytest.raises(AttributeError, match="decision_function"):
        ThresholdClassifier(GaussianNB(), response_method="decision_function").fit(X, y)


def test_calling_nobody():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(100, 2)), np.repeat([0, 1], 50)
    model = ThresholdClassifier(GaussianNB(), cost_fp=1000, cost_fn=1).fit(X, y)
    scores = out_of_fold(GaussianNB(), X, y)
    costs = [1000 * (y[scores >= cut] == 0).sum() + (y[scores < cut] == 1).sum() for cut in every_cut(scores)]
    assert model.choice_.value == min(costs)
    assert not any(a < b for a, b in itertools.pairwise([model.choice_.highest, model.choice_.lowest]))
    model.threshold_ = np.inf
    assert not model.predict(X).any()


class Wild(GaussianNB):
    """Has no number for one row of X."""

    def predict_proba(self, X):
        probabilities = super().predict_proba(X)
        probabilities[X[:, 0] == 7] = np.nan
        return probabilities


def test_scores_that_are_no_numbers_are_named_by_fold():
    X, y = np.arange(20.0)[:, None], np.repeat([0, 1], 10)
    trained = [np.arange(20) % 4 != part for part in (0, 3)]
    folds = [(np.flatnonzero(train), np.flatnonzero(~train)[::-1]) for train in trained]
    message = "predict_proba of Wild, trained for fold 1 of cv, is nan for row 7 of X"
    with pytest.raises(ValueError, match=message):
        ThresholdClassifier(Wild(), cv=folds).fit(X, y)


@pytest.mark.parametrize("change", [{"pos_label": 0}, {"response_method": "decision_function"}])
def test_parameters_set_after_fit_do_not_change_predictions(data, change):
    X, y = data
    model = ThresholdClassifier(LogisticRegression(), cost_fp=1, cost_fn=5).fit(X, y)
    expected = model.predict(X)
    assert (expected != model.estimator_.predict(X)).any()
    np.testing.assert_array_equal(model.set_params(**change).predict(X), expected)


def test_the_metrics_that_editors_know_are_those_that_there_are():
    assert set(get_args(_threshold.MetricName)) == words_of("ThresholdClassifier")


def test_integer_weights_that_float64_can_not_add_up_are_refused__B4b(data):
    X, y = data
    weight = np.ones(len(y), np.int64)
    weight[0] = 2**62
    with pytest.raises(ValueError, match=r"must add up to at most 2\*\*53"):
        ThresholdClassifier(GaussianNB(), cv=2).fit(X, y, sample_weight=weight)
