"""fastsmote.compare: what is compared, on which rows, and what comes back."""

import json
import threading
import time
from functools import partial

import numpy as np
import pytest

pytest.importorskip("sklearn")
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, RepeatedKFold, StratifiedKFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

import fastsmote
from fastsmote.sklearn import Comparison

FEW = ["class_weight", "random_over_sample", "random_under_sample"]


def data(n=400, d=3, share=0.2, seed=0):
    rng = np.random.default_rng(seed)
    y = (np.arange(n) < share * n).astype(int)
    return rng.normal(size=(n, d)) + 0.8 * y[:, np.newaxis], y


def compared(X=None, y=None, **options):
    X, y = data() if X is None else (X, y)
    return fastsmote.compare(X, y, **({"samplers": FEW, "random_state": 0, "cv": 3} | options))


def row_of(found, name):
    return found.rows[found.names.index(name)]


# ---- what comes back


def test_the_table_has_a_row_for_each_method():
    found = compared()
    assert isinstance(found, Comparison)
    assert found.names == ["none", *FEW]
    assert [metric.name for metric in found.metrics] == [
        "average_precision", "roc_auc", "brier", "log_loss", "calibration_error", "f1", "matthews_corrcoef",
    ]  # fmt: skip
    assert found.raw.shape == found.corrected.shape == found.called.shape == (4, 400)
    assert row_of(found, "random_under_sample").n_rows == pytest.approx(2 * 80 * 2 / 3, abs=2)
    none = row_of(found, "none")
    assert all(value[1:] == (0, 0, 0, 0) for value in none.values.values())


def test_none_is_scikit_learn_by_hand():
    X, y = data()
    model = make_pipeline(StandardScaler(), LogisticRegression())
    folds = StratifiedKFold(4, shuffle=True, random_state=3)
    expected = cross_val_predict(model, X, y, cv=folds, method="predict_proba")[:, 1]
    found = compared(cv=folds, estimators=model)
    np.testing.assert_allclose(found.raw[0], expected, rtol=1e-9)
    np.testing.assert_array_equal(found.raw[0], found.corrected[0])
    value = found.rows[0].values["average_precision"].value
    assert value == pytest.approx(fastsmote.average_precision_score(y, found.raw[0]))


def test_probabilities_are_corrected_for_the_prior():
    found = compared()
    for name in FEW:
        i = found.names.index(name)
        assert abs(found.raw[i].mean() - 0.2) > 0.1
        assert abs(found.corrected[i].mean() - 0.2) < 0.03
    i = found.names.index("class_weight")
    train_share = [np.mean(found.y[found.fold != k]) for k in found.fold]
    expected = [fastsmote.correct_prior(p, 0.5, s) for p, s in zip(found.raw[i], train_share, strict=True)]
    np.testing.assert_allclose(found.corrected[i], expected, rtol=1e-12)


@pytest.mark.parametrize("costs", [{}, {"cost_fp": 1, "cost_fn": 20}])
def test_thresholds_come_from_the_other_folds(costs):
    found = compared(**costs)
    for p, called in zip(found.corrected, found.called, strict=True):
        for k in range(3):
            here = found.fold == k
            sweep = fastsmote.confusion_sweep(found.y[~here], p[~here])
            choice = (
                fastsmote.cost_threshold(sweep, **costs) if costs else fastsmote.best_threshold(sweep, "f1")
            )
            np.testing.assert_array_equal(called[here], p[here] >= choice.threshold)


def test_costs_come_first_and_add_up():
    found = compared(cost_fp=1, cost_fn=20)
    assert found.metrics[0].name == "cost"
    for row, called in zip(found.rows, found.called, strict=True):
        expected = np.sum(called & ~found.y) + 20 * np.sum(~called & found.y)
        assert row.values["cost"].value == expected


def test_several_estimators_ratios_and_a_prior():
    found = compared(
        samplers=["smote", "tomek_links", "balanced_bagging"],
        ratios=[0.5, fastsmote.Share(0.4), fastsmote.Prior(0.6)],
        estimators=[GaussianNB(), DecisionTreeClassifier(max_depth=3)],
    )
    assert found.names[:4] == [
        "GaussianNB, none", "GaussianNB, smote 0.5", "GaussianNB, smote share 0.4",
        "GaussianNB, smote prior 0.6",
    ]  # fmt: skip
    assert len(found.names) == 2 * 8
    assert found.names[8] == "DecisionTreeClassifier, none"
    assert found.rows[8].values["roc_auc"].difference == 0
    assert found.rows[9].values["roc_auc"].difference == pytest.approx(
        found.rows[9].values["roc_auc"].value - found.rows[8].values["roc_auc"].value
    )
    assert "the best of the estimators is" in found.verdict or " with " in found.verdict


def test_samplers_of_any_kind():
    class Halved:
        def fit_resample(self, X, y):
            return X[::2], y[::2]

        def get_params(self, deep=True):
            return {}

    def weighted(X, y):
        return X, y, np.where(y == 1, 4.0, 1.0)

    found = compared(
        samplers={
            "ours": fastsmote.smote,
            "partial": partial(fastsmote.smote, random_state=1),
            "object": Halved(),
            "weights": weighted,
        }
    )
    assert found.names == ["none", "ours", "partial", "object", "weights"]
    assert row_of(found, "object").n_rows == pytest.approx(133, abs=1)
    named = compared(samplers="smote")
    np.testing.assert_array_equal(found.raw[1], named.raw[1])  # by name, with the seed


@pytest.mark.parametrize("kind", ["frame", "list", "float32", "sparse"])
def test_containers(kind):
    X, y = data()
    expected = compared(X, y, samplers=["smote", "random_under_sample"])
    if kind == "frame":
        pandas = pytest.importorskip("pandas")
        X = pandas.DataFrame(X, columns=list("abc"))
    elif kind == "list":
        X, y = X.tolist(), y.tolist()
    else:
        X = csr_matrix(X) if kind == "sparse" else X.astype(np.float32)
    found = compared(X, y, samplers=["smote", "random_under_sample"])
    tolerance = {"float32": 1e-4, "sparse": 0.1}.get(kind, 1e-12)  # sparse columns are scaled, not centred
    np.testing.assert_allclose(found.corrected, expected.corrected, atol=tolerance)


def test_the_positive_class_is_the_smaller():
    X, y = data()
    words = np.where(y == 1, "a", "b")
    found = compared(X, words)
    assert found.positive == "a"
    np.testing.assert_allclose(found.raw[0], compared().raw[0], rtol=1e-9)
    assert compared(X, np.where(y == 1, 0, 1)).positive == 0
    assert compared(X, np.arange(400) % 2).positive == 1


def test_groups_stay_together():
    group = np.arange(400) // 4 % 50
    found = compared(groups=group.astype(str))
    assert all(len(set(found.fold[group == g])) == 1 for g in range(50))


def test_results_depend_on_the_seed_alone():
    first, second = (compared(samplers=None, n_jobs=n_jobs) for n_jobs in (1, 2))
    np.testing.assert_array_equal(first.raw, second.raw)
    a, b = (
        {k: v for k, v in one.to_frame().to_dict("list").items() if "seconds" not in k}
        for one in (first, second)
    )
    assert a == b
    assert not np.array_equal(first.raw, compared(samplers=None, random_state=1).raw)


def test_progress_counts_methods_of_folds():
    seen = []
    compared(progress=lambda *steps: seen.append(steps), n_jobs=1)
    assert seen == [(i, 12) for i in range(1, 13)]
    seen.clear()
    compared(progress=lambda *steps: seen.append(steps), n_jobs=2)
    assert seen == sorted(seen)
    assert seen[-1] == (12, 12)


def test_nothing_is_left_running_after_an_error():
    ended = []

    def slow(X, y):
        time.sleep(0.3)
        ended.append(True)
        return X, y

    before = threading.active_count()
    with pytest.raises(TypeError, match="must return a tuple"):
        compared(samplers={"slow": slow, "wrong": lambda X, y: X}, n_jobs=2)
    assert ended
    assert threading.active_count() == before


def test_a_sampler_that_writes_to_its_rows_harms_no_other():
    def writes(X, y):
        X[:] = 0
        y[:] = y[::-1].copy()
        return X, y

    found = compared(samplers={"writes": writes, "class_weight": "class_weight", "smote": "smote"}, n_jobs=1)
    alone = compared(samplers=["class_weight", "smote"], n_jobs=1)
    for name in ("class_weight", "smote"):
        np.testing.assert_array_equal(found.raw[found.names.index(name)], alone.raw[alone.names.index(name)])


def test_estimators_that_scale_in_place_harm_no_other():
    X, y = data()
    given = 100 * X + 1000
    kept = given.copy()

    def models(copy):
        return {
            str(c): make_pipeline(StandardScaler(copy=copy), LogisticRegression(C=c)) for c in (0.1, 1, 10)
        }

    written, read = (compared(given, y, estimators=models(copy), n_jobs=1) for copy in (False, True))
    np.testing.assert_array_equal(written.raw, read.raw)
    np.testing.assert_array_equal(given, kept)


def test_what_a_sampler_refuses_is_left_out():
    X, y = data(share=0.02)

    def fails(X, y):
        raise ValueError("not these rows")

    with pytest.warns(UserWarning, match="left out|positive") as told:
        found = compared(X, y, samplers=["smote", fails], cv=2)
    assert found.names == ["none"]
    assert [note.partition(":")[0] for note in found.notes] == [
        "smote is left out", "fails is left out", "Only 8 rows are positive",
    ]  # fmt: skip
    assert len(told) == 3
    with pytest.warns(UserWarning, match="takes no sample_weight"):
        found = compared(samplers=FEW, estimators=KNeighborsClassifier())
    assert "class_weight" not in found.names


# ---- leaks


def test_copies_do_not_leak():
    """A number that tells rows apart and nothing else: over-sampled before the split it seems to tell all."""
    rng = np.random.default_rng(0)
    X, y = rng.permutation(np.arange(600.0))[:, np.newaxis], (np.arange(600) < 60).astype(int)
    model = DecisionTreeClassifier(random_state=0)
    X_all, y_all = fastsmote.random_over_sample(X, y, random_state=0)
    p = cross_val_predict(model, X_all, y_all, cv=StratifiedKFold(5, shuffle=True), method="predict_proba")[
        :, 1
    ]
    assert fastsmote.roc_auc_score(y_all, p) > 0.9
    found = fastsmote.compare(
        X, y, estimators=model, samplers=["random_over_sample", "smote"], metrics=["roc_auc"], random_state=0
    )
    for row in found.rows:
        assert row.values["roc_auc"].value < 0.6
        assert row.values["roc_auc"].verdict == 0
    assert found.verdict.startswith("Nothing is better")


def test_samplers_see_training_rows_only():
    X, y = data()
    X[:, 0] = np.arange(400)
    seen = []

    def look(X, y):
        seen.append(X[:, 0].astype(int))
        return X, y

    found = compared(X, y, samplers=[look], n_jobs=1)
    assert len(seen) == 3
    for k, rows in enumerate(seen):
        assert set(rows) == set(np.flatnonzero(found.fold != k))


class Remembering:
    """A sampler that adds all rows that it ever saw; those of other folds would be tested."""

    def __init__(self):
        self.seen = []

    def __call__(self, X, y):
        self.seen.append((X, y))
        return tuple(np.concatenate(parts) for parts in zip(*self.seen, strict=True))


def test_an_object_that_is_called_remembers_no_other_fold():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 4)), rng.permutation(300) < 60
    sampler = Remembering()
    found = compared(X, y, samplers=[sampler], estimators=DecisionTreeClassifier(random_state=0), n_jobs=1)
    none, remembering = found.rows
    assert sampler.seen == []
    assert remembering.n_rows == none.n_rows
    assert remembering.values["roc_auc"].value == none.values["roc_auc"].value


# ---- verdicts, and the forms of the result


def test_what_helps_is_found_and_what_harms():
    """A class whose rows were mostly mixed up: a sampler that knows which drops them."""
    rng = np.random.default_rng(0)
    X, y = data(4000, 2)
    wrong = (np.arange(4000) % 2 == 0) & (y == 0)
    X = np.column_stack([np.where(wrong[:, np.newaxis], X + 3 * rng.normal(size=X.shape) + 2, X), wrong])

    def known(X, y):
        return X[X[:, 2] == 0], y[X[:, 2] == 0]

    class OfTwo(GaussianNB):
        def fit(self, X, y):
            return super().fit(X[:, :2], y)

        def predict_proba(self, X):
            return super().predict_proba(X[:, :2])

    options = {"estimators": OfTwo(), "metrics": ["roc_auc"], "cv": 5}
    found = compared(X, y, samplers={"other": known}, **options)
    value = found.rows[1].values["roc_auc"]
    assert value.verdict == np.sign(value.difference) == (1 if value.low > 0 else -1)
    assert ("better" in str(found).splitlines()[-1]) == (value.verdict == 1)
    assert found.verdict.startswith("other is better" if value.verdict == 1 else "Nothing is better")


def test_forms():
    pytest.importorskip("pandas")
    found = compared(cost_fp=1, cost_fn=5)
    held = found.to_dict()
    assert json.loads(json.dumps(held, allow_nan=False)) == held
    assert held["rows"][1]["method"] == "class_weight"
    assert held["rows"][1]["values"]["f1"]["low"] == found.rows[1].values["f1"].low
    frame = found.to_frame()
    assert list(frame["method"]) == found.names
    assert {"cost", "cost_difference", "cost_low", "cost_high", "cost_verdict", "threshold"} <= set(frame)
    lines = repr(found).splitlines()
    assert lines[0].startswith("Comparison: ")
    assert len(lines) <= 9
    assert max(map(len, lines)) <= 100
    assert str(found).startswith(found.verdict)
    assert all(name in str(found) for name in found.names)


def test_html_is_whole_and_escaped():
    pytest.importorskip("matplotlib")
    found = compared(samplers={"<b>&": "smote"})
    page = found.to_html()
    assert page.startswith("<!doctype html>")
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&<" not in page
    assert page.count("<img ") == 1
    assert 'src="data:image/png;base64,' in page
    assert "http" not in page.replace("data:image", "")[: page.index("<img")]
    assert found._repr_html_() in page


def test_pictures():
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    found = compared()
    axes = found.plot(Figure(figsize=(15, 6)).subplots(1, 3))
    assert [len(ax.lines) > 3 for ax in axes] == [True] * 3
    assert [text.get_text() for text in axes[2].get_yticklabels()] == found.names
    legend = [text.get_text() for text in axes[1].get_legend().get_texts()]  # errors are those of the table
    assert legend == [*found.names, "calibrated"]
    with pytest.raises(TypeError, match="ax must be 3 matplotlib Axes"):
        found.plot(1)


# ---- messages


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"samplers": "smot"}, ValueError, "Did you mean smote"),
        ({"samplers": [3]}, TypeError, "samplers must be"),
        ({"samplers": 3}, TypeError, "samplers must be"),
        ({"samplers": ["smote", "smote"]}, ValueError, "smote more than once"),
        ({"samplers": [lambda X, y: X]}, TypeError, "must return a tuple"),
        ({"ratios": [2.0]}, ValueError, "ratios must be numbers in"),
        ({"ratios": []}, ValueError, "ratios must be numbers in"),
        ({"ratios": "auto"}, ValueError, r"Got 'auto'"),
        ({"ratios": 0}, ValueError, r"Got 0\."),
        ({"metrics": "accuracy"}, ValueError, "metrics must be different names"),
        ({"metrics": "cost"}, ValueError, "needs cost_fp and cost_fn"),
        ({"cost_fp": 1}, ValueError, "must be given both"),
        ({"cost_fp": 0, "cost_fn": 0}, ValueError, "must be given both"),
        ({"cv": 81}, ValueError, "cv must be at most 80"),
        ({"cv": 1}, ValueError, "cv must be"),
        ({"cv": RepeatedKFold()}, ValueError, "cv must test each row once"),
        ({"cv": KFold(5)}, ValueError, "rows of both classes to train on"),
        ({"estimators": LinearSVC()}, TypeError, "classifiers with predict_proba"),
        ({"estimators": LogisticRegression}, TypeError, "classifiers with predict_proba"),
        ({"estimators": [GaussianNB(), GaussianNB()]}, ValueError, "estimators must be told apart"),
        ({"estimators": "lr"}, TypeError, "classifiers with predict_proba. Got 'lr'"),
        ({"estimators": 3}, TypeError, "classifiers with predict_proba. Got 3"),
        ({"estimators": []}, ValueError, "estimators must hold one"),
        ({"n_jobs": 0}, ValueError, "n_jobs must be"),
        ({"random_state": -1}, ValueError, "random_state must be"),
        ({"progress": 1}, TypeError, "progress must be"),
        ({"groups": [1, 2]}, ValueError, "inconsistent numbers of samples"),
    ],
)
def test_messages(options, error, words):
    with pytest.raises(error, match=words):
        compared(**options)


def test_what_the_default_estimator_does_not_take_is_refused_first():
    X, y = data()
    X[7, 1] = np.nan
    seen = []
    with pytest.raises(ValueError, match=r"NaN.*row 7.*Or pass estimators"):
        compared(X, y, samplers=[lambda X, y: seen.append(1)])
    with pytest.raises(ValueError, match=r"must hold numbers\. Got 'a'.*Or pass estimators"):
        compared([["a", 1.0]] * 400, y)
    assert not seen


def test_numbers_are_read_easily():
    costs = compared(cost_fp=7, cost_fn=900)
    for text in (str(costs), costs._repr_html_(), costs.verdict):
        assert "e+0" not in text
    value = costs.rows[0].values["cost"].value
    assert f"{value:,.0f}" in str(costs).splitlines()[2]


@pytest.mark.parametrize(("verdict", "told"), [(0, True), (1, False)])
def test_an_interval_that_is_not_believed_is_explained(verdict, told):
    found = compared(samplers="class_weight")
    values = found.rows[1].values
    values["average_precision"] = values["average_precision"]._replace(low=0.1, high=0.2, verdict=verdict)
    assert ("other training rows could turn it" in str(found)) is told


def test_classes_that_can_not_be_compared_are_refused():
    X, _ = data()
    with pytest.raises(ValueError, match=r"y must have two classes\. Got 3"):
        compared(X, np.arange(400) % 3)
    with pytest.raises(ValueError, match="two rows of each class at least"):
        compared(X, np.arange(400) == 7)
