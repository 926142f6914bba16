"""What the metrics accept, and what they refuse with which message."""

import subprocess
import sys

import numpy as np
import pytest

from fastsmote import metrics

FUNCTIONS = [
    "confusion_sweep",
    "precision_recall_curve",
    "roc_curve",
    "det_curve",
    "roc_auc_score",
    "average_precision_score",
]
Y = np.array([0, 1, 1, 0, 1, 0, 0, 1])
SCORES = np.array([0.1, 0.7, 0.35, 0.35, 0.9, -0.5, 0.3, 0.2])


def assert_same(actual, expected):
    actual, expected = (r if isinstance(r, tuple) else (r,) for r in (actual, expected))
    for a, e in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(a, e)


@pytest.mark.parametrize("name", FUNCTIONS)
class TestEveryFunction:
    def test_inputs_are_read_only(self, name):
        y, scores, weights = Y.copy(), SCORES.copy(), np.linspace(0, 1, 8)
        for array in (y, scores, weights):
            array.flags.writeable = False
        function = getattr(metrics, name)
        assert_same(function(y, scores), function(Y, SCORES))
        function(y, scores, sample_weight=weights)
        function(y.astype(bool), scores, sample_weight=weights)
        assert (y == Y).all()
        assert (scores == SCORES).all()
        assert (weights == np.linspace(0, 1, 8)).all()

    @pytest.mark.parametrize("order", ["strided", "reversed", "big-endian", "column", "list", "object"])
    def test_layouts(self, name, order):
        y, scores = {
            "strided": lambda: (np.repeat(Y, 3)[::3], np.repeat(SCORES, 2)[::2]),
            "reversed": lambda: (Y[::-1].copy()[::-1], SCORES[::-1].copy()[::-1]),
            "big-endian": lambda: (Y.astype(">i8"), SCORES.astype(">f8")),
            "column": lambda: (Y[:, None], SCORES[:, None]),
            "list": lambda: (Y.tolist(), SCORES.tolist()),
            "object": lambda: (Y.astype(object), SCORES.astype(object)),
        }[order]()
        function = getattr(metrics, name)
        assert_same(function(y, scores), function(Y, SCORES))

    @pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int32, np.uint64, np.float32, np.float64])
    def test_label_dtypes(self, name, dtype):
        function = getattr(metrics, name)
        assert_same(function(Y.astype(dtype), SCORES), function(Y, SCORES))

    @pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
    def test_columns_of_frames(self, name, library):
        module = pytest.importorskip(library)
        column = {"pandas": "Series", "polars": "Series", "pyarrow": "array"}[library]
        wrap = getattr(module, column)
        function = getattr(metrics, name)
        expected = function(Y, SCORES, sample_weight=SCORES + 1)
        actual = function(wrap(Y), wrap(SCORES), sample_weight=wrap(SCORES + 1))
        assert_same(actual, expected)

    def test_string_columns(self, name):
        words = np.where(Y == 1, "fraud", "clean")
        function = getattr(metrics, name)
        option = {} if name == "roc_auc_score" else {"pos_label": "fraud"}  # "fraud" > "clean"
        expected = function(Y, SCORES)
        pandas = pytest.importorskip("pandas")
        for y in (words, words.astype(object), words.tolist(), pandas.Series(words, dtype="category")):
            assert_same(function(y, SCORES, **option), expected)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_scores_must_be_finite(self, name, value, dtype):
        scores = SCORES.astype(dtype)
        scores[5] = value
        with pytest.raises(ValueError, match=r"y_score contains (NaN|infinity) \(row 5\)"):
            getattr(metrics, name)(Y, scores)

    @pytest.mark.parametrize(
        ("y", "scores", "weights", "error", "match"),
        [
            (Y, SCORES[:-1], None, ValueError, "inconsistent numbers of samples"),
            (Y, SCORES, [1.0, 2.0], ValueError, "inconsistent numbers of samples"),
            ([], [], None, ValueError, "minimum of 1 sample"),
            (Y, SCORES, np.zeros(8), ValueError, "at least one non-zero number"),
            (Y, SCORES, np.where(Y == 1, np.nan, 1), ValueError, "sample_weight contains NaN"),
            (Y, SCORES.astype(complex), None, ValueError, "Complex data not supported"),
            (Y, SCORES.astype(str), None, ValueError, "y_score must hold"),
            (Y, SCORES[:, None, None], None, ValueError, "one or two dimensions"),
            (Y.astype(bytes), SCORES, None, TypeError, "bytes"),
            ([b"a", b"b"] * 4, SCORES, None, TypeError, "bytes"),
            (Y + 0.5, SCORES, None, ValueError, "continuous"),
            (np.where(Y == 1, np.nan, 0), SCORES, None, ValueError, "NaN"),
            ([None, 1] * 4, SCORES, None, ValueError, "missing"),
            (["a", 1] * 4, SCORES, None, ValueError, "all strings"),
            (Y.astype("datetime64[s]"), SCORES, None, ValueError, "unknown format is not supported"),
            (np.ma.masked_array(Y, Y == 1), SCORES, None, TypeError, "masked"),
            ("text", SCORES, None, ValueError, "array-like"),
            ([[0], [0, 1]], [0.1, 0.2], None, ValueError, "lengths"),
            (np.zeros((8, 1, 1)), SCORES, None, ValueError, "one or two dimensions"),
        ],
    )
    def test_refused(self, name, y, scores, weights, error, match):
        with pytest.raises(error, match=match):
            getattr(metrics, name)(y, scores, sample_weight=weights)

    def test_a_column_per_model_only_where_sweeps_are_returned(self, name):
        if name != "confusion_sweep":
            with pytest.raises(ValueError, match="shape"):
                getattr(metrics, name)(Y, np.stack([SCORES, SCORES], 1))


@pytest.mark.parametrize("name", ["confusion_sweep", "precision_recall_curve", "roc_curve", "det_curve"])
class TestBinaryOnly:
    def test_more_classes(self, name):
        with pytest.raises(ValueError, match="multiclass format is not supported"):
            getattr(metrics, name)([0, 1, 2], [0.1, 0.2, 0.3])

    @pytest.mark.parametrize("y", [["a", "b"], [1, 2], [2, 2], [0.0, 2.0]])
    def test_pos_label_is_needed(self, name, y):
        with pytest.raises(ValueError, match="pos_label is not specified"):
            getattr(metrics, name)(y, [0.1, 0.2])

    def test_pos_label_type(self, name):
        with pytest.raises(ValueError, match="pos_label must be"):
            getattr(metrics, name)([0, 1], [0.1, 0.2], pos_label=[1])


@pytest.mark.parametrize(
    ("y", "scores", "options", "error", "match"),
    [
        ([0, 1, 2], [0.1, 0.2, 0.3], {}, ValueError, "multi_class must be in"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovr", "max_fpr": 0.5}, ValueError, "Partial AUC"),
        ([0, 1, 2], [0.1, 0.2, 0.3], {"multi_class": "ovr"}, ValueError, "n_samples, n_classes"),
        ([0, 1, 2], 2 * np.eye(3), {"multi_class": "ovr"}, ValueError, "probabilities"),
        ([0, 1, 2], np.eye(3)[:2], {"multi_class": "ovr"}, ValueError, "inconsistent"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovo", "average": None}, NotImplementedError, "ovo"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovo", "average": "micro"}, ValueError, "average"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovr", "average": "samples"}, ValueError, "average"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovo", "sample_weight": [1, 1, 1]}, ValueError, "weight"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovr", "labels": [0, 1, 1]}, ValueError, "unique"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovr", "labels": [0, 2, 1]}, ValueError, "ordered"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovr", "labels": [0, 1]}, ValueError, "Number of given"),
        ([0, 1, 2], np.eye(3), {"multi_class": "ovr", "labels": [1, 2, 3]}, ValueError, "not in"),
        ([0, 1, 1], np.eye(3), {"multi_class": "ovr"}, ValueError, "Number of classes"),
        ([0, 1, 2], np.eye(3), {"multi_class": "one"}, ValueError, "multi_class"),
        ([0, 1], [0.1, 0.2], {"average": "mean"}, ValueError, "average"),
        ([0, 1], [0.1, 0.2], {"max_fpr": 0}, ValueError, "max_fpr"),
        ([0, 1], [0.1, 0.2], {"max_fpr": 1.5}, ValueError, "max_fpr"),
        ([[0, 1], [1, 0]], [0.1, 0.2], {}, ValueError, "one column per label"),
        ([[0, 1], [2, 0]], np.eye(2), {}, ValueError, "multiclass-multioutput format is not supported"),
    ],
)
def test_roc_auc_refuses(y, scores, options, error, match):
    with pytest.raises(error, match=match):
        metrics.roc_auc_score(y, scores, **options)


@pytest.mark.parametrize(
    ("y", "scores", "options", "match"),
    [
        ([0, 1], [0.1, 0.2], {"pos_label": 2}, "not a valid label"),
        ([0, 1, 2], np.eye(3), {"pos_label": 0}, "pos_label is fixed to 1 for multiclass"),
        ([[0, 1], [1, 0]], np.eye(2), {"pos_label": 0}, "pos_label is fixed to 1 for multilabel"),
        ([0, 1, 2], [0.1, 0.2, 0.3], {}, "one column per label"),
        ([0, 1], [0.1, 0.2], {"average": "mean"}, "average"),
        ([[0, 1], [2, 0]], np.eye(2), {}, "multiclass-multioutput format is not supported"),
    ],
)
def test_average_precision_refuses(y, scores, options, match):
    with pytest.raises(ValueError, match=match):
        metrics.average_precision_score(y, scores, **options)


def test_sklearn_is_not_imported():
    code = (
        "import sys, fastsmote; fastsmote.roc_auc_score([0, 1], [0.1, 0.2]);"
        "print([m for m in ('sklearn', 'pandas', 'polars', 'pyarrow') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["precision_recall_curve", "roc_curve"])
@pytest.mark.parametrize("labels", [[0, 1, 2], ["a", "b", "c"]])
def test_one_of_several_classes_against_the_rest(name, labels):
    theirs = getattr(pytest.importorskip("sklearn.metrics"), name)
    rng = np.random.default_rng(0)
    y_true, y_score = rng.choice(labels, 300), rng.integers(0, 40, 300).astype(float)
    for pos_label in labels:
        actual = getattr(metrics, name)(y_true, y_score, pos_label=pos_label)
        expected = theirs(y_true, y_score, pos_label=pos_label)
        for a, b in zip(actual, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)
