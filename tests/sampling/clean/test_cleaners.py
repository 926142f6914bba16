"""Top-level under-samplers and cleaners: faces of ``select``, whatever the container; errors come first."""

import inspect
import time

import numpy as np
import pandas as pd
import pytest
from imblearn import under_sampling
from reference.sampling.clean import editing
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC
from strategies import fraud, lattice

import fastsmote
import fastsmote.sklearn
from fastsmote import select

SHARES = (0.6, 0.3, 0.1)
X, Y = fraud(1200, 4, SHARES, 8)
PROBABILITIES = np.random.default_rng(0).dirichlet(np.ones(3), len(Y))

SEEDED = {"random_state": 5}
FACES = {
    "random_under_sample": SEEDED,
    "tomek_links": {},
    "edited_nearest_neighbours": {},
    "repeated_edited_nearest_neighbours": {},
    "all_knn": {},
    "neighbourhood_cleaning_rule": {},
    "condensed_nearest_neighbour": SEEDED,
    "one_sided_selection": SEEDED,
    "near_miss": {},
    "cluster_centroids": SEEDED,
    "instance_hardness_threshold": {"probabilities": PROBABILITIES},
}
CLEANERS = [name for name in FACES if "min_count" in inspect.signature(getattr(select, name)).parameters]
CLEANERS += ["condensed_nearest_neighbour", "one_sided_selection"]
faces = pytest.mark.parametrize("name", FACES)
cleaners = pytest.mark.parametrize("name", CLEANERS)


def hard(name):
    return {"voting": "hard"} if name == "cluster_centroids" else {}


@faces
def test_the_rows_that_select_names(name):
    kept = getattr(select, name)(X, Y, **FACES[name])
    X_resampled, y_resampled = getattr(fastsmote, name)(X, Y, **FACES[name], **hard(name))
    assert kept.dtype == np.int64
    assert 0 < len(kept) < len(Y)
    assert (np.diff(kept) > 0).all()
    np.testing.assert_array_equal(X_resampled, X[kept])
    np.testing.assert_array_equal(y_resampled, Y[kept])


@faces
def test_weights_and_groups_go_by_the_index_of_pandas(name):
    weights = np.random.default_rng(1).random(len(Y))
    frame = pd.DataFrame(X, columns=list("abcd"), index=[f"row {i}" for i in range(len(Y))])
    X_resampled, y_resampled = getattr(fastsmote, name)(
        frame, pd.Series(Y, frame.index), **FACES[name], **hard(name)
    )
    kept = getattr(select, name)(frame, Y, **FACES[name])
    assert X_resampled.index.tolist() == [f"row {i}" for i in kept]
    assert y_resampled.index.equals(X_resampled.index)
    pd.testing.assert_series_equal(
        pd.Series(weights, frame.index)[X_resampled.index], pd.Series(weights[kept], X_resampled.index)
    )


@faces
@pytest.mark.parametrize("names", [["a", "b", "c"], [-1, 0, 7], [1.0, 2.0, 3.0]], ids=["str", "int", "float"])
def test_labels_of_any_kind(name, names):
    expected = getattr(select, name)(X, Y, **FACES[name])
    np.testing.assert_array_equal(getattr(select, name)(X, np.array(names)[Y], **FACES[name]), expected)


@cleaners
def test_strategies_of_cleaners(name):
    def kept(strategy, **rest):
        return getattr(select, name)(X, Y, sampling_strategy=strategy, **FACES[name], **rest)

    middle = kept([1])
    assert set(Y[np.setdiff1d(np.arange(len(Y)), middle)]) == {1}
    np.testing.assert_array_equal(kept(lambda y: [1]), middle)
    np.testing.assert_array_equal(kept(lambda y: {1: 17}), middle)
    np.testing.assert_array_equal(kept("auto"), kept([0, 1]))
    np.testing.assert_array_equal(kept("majority"), kept([0]))
    with pytest.raises(ValueError, match="as a dict for cleaning methods is not supported"):
        kept({1: 17})
    with pytest.raises(ValueError, match="do not let the user specify the sampling ratio"):
        kept(0.5)
    with pytest.raises(ValueError, match=r"\[9\] target class"):
        kept([9])


@cleaners
def test_progress_is_told_and_stops(name):
    told = []
    getattr(fastsmote, name)(X, Y, progress=lambda done, total: told.append((done, total)), **FACES[name])
    assert told
    assert all(0 <= done <= total for done, total in told)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        getattr(fastsmote, name)(X, Y, progress=stop, **FACES[name])


BAD = [
    (
        "edited_nearest_neighbours",
        {"n_neighbors": 0},
        ValueError,
        "n_neighbors must be an integer >= 1. Got 0",
    ),
    ("edited_nearest_neighbours", {"n_neighbors": 2.0}, TypeError, "n_neighbors must be an integer >= 1"),
    ("edited_nearest_neighbours", {"n_neighbors": 1200}, ValueError, "n_neighbors must be at most 1199"),
    ("edited_nearest_neighbours", {"kind_sel": "most"}, ValueError, 'kind_sel must be "all" or "mode". Got'),
    ("edited_nearest_neighbours", {"kind_sel": None}, ValueError, 'kind_sel must be "all" or "mode". Got'),
    ("repeated_edited_nearest_neighbours", {"max_iter": 0}, ValueError, "max_iter must be an integer >= 1"),
    ("repeated_edited_nearest_neighbours", {"max_iter": "5"}, TypeError, "max_iter must be an integer >= 1"),
    ("all_knn", {"allow_minority": 1}, TypeError, "allow_minority must be True or False. Got 1"),
    ("all_knn", {"n_neighbors": -1}, ValueError, "n_neighbors must be an integer >= 1. Got -1"),
    ("neighbourhood_cleaning_rule", {"threshold_cleaning": -0.1}, ValueError, "threshold_cleaning must be"),
    ("neighbourhood_cleaning_rule", {"threshold_cleaning": np.nan}, ValueError, "threshold_cleaning must be"),
    ("neighbourhood_cleaning_rule", {"threshold_cleaning": "half"}, TypeError, "threshold_cleaning must be"),
    ("condensed_nearest_neighbour", {"n_neighbors": 122}, ValueError, "n_neighbors must be at most 121, the"),
    ("condensed_nearest_neighbour", {"n_seeds_S": 361}, ValueError, "n_seeds_S must be at most 360, the num"),
    ("one_sided_selection", {"n_seeds_S": 0}, ValueError, "n_seeds_S must be an integer >= 1. Got 0"),
    ("near_miss", {"version": 4}, ValueError, r"version must be an integer in \[1, 3\]. Got 4"),
    ("near_miss", {"n_neighbors": 121}, ValueError, "n_neighbors must be at most 120, the number of rows of"),
    (
        "near_miss",
        {"version": 3, "n_neighbors_ver3": 361},
        ValueError,
        "n_neighbors_ver3 must be at most 360",
    ),
    ("near_miss", {"sampling_strategy": {0: 721}}, ValueError, "Originally, there is 720 samples and 721"),
    (
        "random_under_sample",
        {"replacement": "yes"},
        TypeError,
        "replacement must be True or False. Got 'yes'",
    ),
    ("cluster_centroids", {"voting": "loud"}, ValueError, 'voting must be "auto", "soft" or "hard". Got'),
    (
        "instance_hardness_threshold",
        {"probabilities": PROBABILITIES[:, :2]},
        ValueError,
        r"shape \(1200, 3\)",
    ),
    ("instance_hardness_threshold", {"probabilities": PROBABILITIES * 9}, ValueError, r"must be in \[0, 1\]"),
    ("smote_enn", {"kind_sel": "most"}, ValueError, 'kind_sel must be "all" or "mode". Got'),
    ("smote_enn", {"n_neighbors": 0}, ValueError, "n_neighbors must be an integer >= 1. Got 0"),
    ("smote_enn", {"k_neighbors": 120}, ValueError, "k_neighbors=120 needs at least 121 rows"),
    ("smote_tomek", {"k_neighbors": 0}, ValueError, "k_neighbors must be an integer >= 1. Got 0"),
    ("smote_tomek", {"sampling_strategy": {2: 5}}, ValueError, "With over-sampling methods"),
]


@pytest.mark.parametrize(("name", "arguments", "error", "words"), BAD)
def test_errors_of_arguments(name, arguments, error, words):
    with pytest.raises(error, match=words):
        getattr(fastsmote, name)(X, Y, **FACES.get(name, {}) | arguments)


@pytest.mark.parametrize("name", [name for name in FACES if name not in ("random_under_sample",)])
def test_errors_of_data(name):
    function, rest = getattr(fastsmote, name), FACES[name]
    if name != "instance_hardness_threshold":
        bad = X.copy()
        bad[3, 1] = np.nan
        with pytest.raises(ValueError, match="row 3, column 1"):
            function(bad, Y, **rest)
    with pytest.raises(ValueError, match="inconsistent numbers of samples: 1200 and 1199"):
        function(X, Y[:-1], **rest)
    with pytest.raises(ValueError, match="needs to have at least 2 classes"):
        function(X, np.zeros_like(Y), **rest)


THEIRS = {
    "edited_nearest_neighbours": ("EditedNearestNeighbours", {}),
    "all_knn": ("AllKNN", {}),
    "repeated_edited_nearest_neighbours": ("RepeatedEditedNearestNeighbours", {}),
    "neighbourhood_cleaning_rule": ("NeighbourhoodCleaningRule", {}),
    "near_miss": ("NearMiss", {}),
}


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("strategy", ["auto", "majority"])
def test_kept_rows_are_those_of_imbalanced_learn(name, strategy):
    class_name, rest = THEIRS[name]
    two = np.minimum(Y, 1)
    sampler = getattr(under_sampling, class_name)(sampling_strategy=strategy, **rest)
    sampler.fit_resample(X, two)
    kept = getattr(select, name)(X, two, sampling_strategy=strategy, **rest)
    np.testing.assert_array_equal(kept, np.sort(sampler.sample_indices_))


@pytest.mark.parametrize("kind", ["all", "mode"])
def test_smote_enn_is_smote_and_then_the_definition(kind):
    data, y = lattice(500, 3, 4), fraud(500, 3, (0.8, 0.2))[1]
    X_smote, y_smote = fastsmote.smote(data, y, random_state=3)
    kept = editing.enn(editing.rank(X_smote), y_smote, {0, 1}, 5, kind)
    X_resampled, y_resampled = fastsmote.smote_enn(data, y, n_neighbors=5, kind_sel=kind, random_state=3)
    assert len(kept) < len(y_smote)
    np.testing.assert_array_equal(X_resampled, X_smote[kept])
    np.testing.assert_array_equal(y_resampled, y_smote[kept])


@pytest.mark.parametrize(
    ("name", "class_name"), [("smote_enn", "EditedNearestNeighbours"), ("smote_tomek", "TomekLinks")]
)
def test_combinations_clean_as_imbalanced_learn_does(name, class_name):
    X_smote, y_smote = fastsmote.smote(X, Y, random_state=3)
    sampler = getattr(under_sampling, class_name)(sampling_strategy="all")
    sampler.fit_resample(X_smote, y_smote)
    kept = np.sort(sampler.sample_indices_)
    X_resampled, y_resampled = getattr(fastsmote, name)(X, Y, random_state=3)
    assert len(y_resampled) < len(y_smote)
    np.testing.assert_array_equal(X_resampled, X_smote[kept])
    np.testing.assert_array_equal(y_resampled, y_smote[kept])


@pytest.mark.parametrize("name", ["smote_enn", "smote_tomek"])
@pytest.mark.parametrize("rest", [{}, {"min_count": "balanced"}, {"min_count": 700}])
def test_select_tells_which_rows_of_a_combination_stay(name, rest):
    frame = pd.DataFrame(X, columns=list("abcd"))
    kept = getattr(select, name)(frame, Y, random_state=0, **rest)
    X_resampled, y_resampled = getattr(fastsmote, name)(frame, pd.Series(Y), random_state=0, **rest)
    made = fastsmote.plan.smote(frame, Y, random_state=0)
    every = np.concatenate([X, made.rows(X)])
    np.testing.assert_array_equal(X_resampled, every[kept])
    np.testing.assert_array_equal(y_resampled, np.concatenate([Y, made.label])[kept])
    assert X_resampled.index.tolist() == list(range(len(kept)))
    assert 0 < (kept < len(X)).sum() < len(kept)
    assert (len(kept) < len(every)) == (rest.get("min_count") != "balanced")
    if rest.get("min_count") == 700:
        assert np.bincount(y_resampled).min() >= 700


@pytest.mark.parametrize("name", ["smote_enn", "smote_tomek"])
def test_integers_of_combinations_are_rounded_at_the_end(name):
    whole = np.round(X * 3).astype(np.int32)
    kept = getattr(select, name)(whole, Y, random_state=0)
    every = np.concatenate([whole, np.rint(fastsmote.plan.smote(whole, Y, random_state=0).rows(whole))])
    X_resampled, _ = getattr(fastsmote, name)(whole, Y, random_state=0)
    assert X_resampled.dtype == np.int32
    np.testing.assert_array_equal(X_resampled, every[kept])


@pytest.mark.parametrize("name", ["random_under_sample", "near_miss", "cluster_centroids"])
def test_a_class_asked_down_to_nothing_is_told(name):
    with pytest.warns(UserWarning, match=r"asks for 0 rows of \[1\]") as caught:
        _, y_resampled = getattr(fastsmote, name)(X, Y, sampling_strategy={1: 0}, **FACES[name])
    assert caught[0].filename == __file__
    assert set(y_resampled.tolist()) == {0, 2}
    with pytest.warns(UserWarning, match=r"asks for 0 rows of \[1\]") as caught:
        getattr(select, name)(X, Y, sampling_strategy={1: 0}, **FACES[name])
    assert caught[0].filename == __file__


def test_combinations_tell_of_classes_that_vanish_where_they_are_called():
    rows, y = lattice(60, 1, 2), np.arange(60) % 3 == 0
    for function in (fastsmote.smote_enn, select.smote_enn):
        with pytest.warns(UserWarning, match=r"All rows of .* are removed") as caught:
            function(rows, y, random_state=0)
        assert caught[0].filename == __file__


@cleaners
def test_classes_as_an_array(name):
    expected = getattr(select, name)(X, Y, sampling_strategy=[0, 1], **FACES[name])
    for strategy in (np.array([0, 1]), lambda y: np.unique(y)[:2]):
        actual = getattr(select, name)(X, Y, sampling_strategy=strategy, **FACES[name])
        np.testing.assert_array_equal(actual, expected)
    with pytest.raises(ValueError, match=r"\[\[0\]\] target class"):
        getattr(select, name)(X, Y, sampling_strategy=[[0]], **FACES[name])


@pytest.mark.parametrize(
    "name", ["edited_nearest_neighbours", "repeated_edited_nearest_neighbours", "condensed_nearest_neighbour"]
)
def test_a_heap_of_duplicates_costs_as_much_whoever_leads_it(name):
    """A heap led by another class was searched whole for each of its rows: 50 times the time, at 40,000."""
    rows = np.random.default_rng(0).normal(size=(40_000, 3))
    heap = np.arange(0, 40_000, 2)
    rows[heap] = 0.0
    seconds = {}
    for leader in (0, 1):
        y = (np.arange(40_000) % 33 == 1).astype(int)
        y[heap[0]] = leader
        getattr(select, name)(rows, y, n_jobs=1, **FACES[name])
        start = time.process_time()
        getattr(select, name)(rows, y, n_jobs=1, **FACES[name])
        seconds[leader] = time.process_time() - start
    assert seconds[1] < 8 * seconds[0]


def test_hardness_by_a_classifier():
    estimator = LogisticRegression(max_iter=1000)
    X_resampled, y_resampled = fastsmote.sklearn.instance_hardness_threshold(X, Y, estimator, random_state=1)
    np.testing.assert_array_equal(np.bincount(y_resampled), [120, 120, 120])
    again = fastsmote.sklearn.instance_hardness_threshold(X, Y, estimator, random_state=1)
    np.testing.assert_array_equal(X_resampled, again[0])
    assert not hasattr(estimator, "classes_")
    out_of_fold = cross_val_predict(estimator, X, Y, method="predict_proba")
    kept = select.instance_hardness_threshold(X, Y, out_of_fold)
    gone = np.setdiff1d(np.arange(len(Y)), kept)
    own = out_of_fold[np.arange(len(Y)), Y]
    assert own[kept[Y[kept] == 0]].min() >= own[gone[Y[gone] == 0]].max()
    rows = {tuple(row) for row in X[kept]}
    assert sum(tuple(row) in rows for row in X_resampled) > 0.8 * len(kept)  # other folds, much the same rows


def test_hardness_by_the_default_classifier_and_names():
    names = np.array(["most", "some", "few"])[Y[:300]]
    _, y_resampled = fastsmote.sklearn.instance_hardness_threshold(X[:300], names, random_state=0)
    assert len(set(np.unique(y_resampled, return_counts=True)[1].tolist())) == 1


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"cv": 121}, ValueError, "cv must be at most 120, the rows of class 2"),
        ({"cv": 1}, ValueError, "cv must be an integer >= 2"),
        ({"estimator": LinearSVC()}, TypeError, "estimator must be a classifier with predict_proba"),
        ({"sampling_strategy": {0: 9999}}, ValueError, "under-sampling"),
    ],
)
def test_errors_of_hardness_by_a_classifier(arguments, error, words):
    with pytest.raises(error, match=words):
        fastsmote.sklearn.instance_hardness_threshold(X, Y, **arguments)
