"""Few rows before the kernels of a sweep are compiled: the same bits by NumPy, and when it is asked."""

import numpy as np
import pytest

import fastsmote
from fastsmote import metrics
from fastsmote._core import allowance
from fastsmote._core.scores import check_scores
from fastsmote._kernels import jit
from fastsmote._metrics import ranking, small

RNG = np.random.default_rng(8)
N = 3000
NOISE = RNG.normal(size=N)
SCORES = {
    "normal": NOISE,
    "float32": NOISE.astype(np.float32),
    "float16": NOISE.astype(np.float16),
    "ties": np.round(NOISE, 1),
    "all equal": np.full(N, 0.3),
    "zeros of both signs": RNG.choice([-0.0, 0.0, 1e-320, -1e-320, 0.5], N),
    "huge and tiny": NOISE * 10.0 ** RNG.integers(-300, 300, N),
    "largest": RNG.choice(np.array([-1, 1]) * np.finfo(np.float64).max, N),
    "int8": RNG.integers(-128, 128, N).astype(np.int8),
    "int64": RNG.choice([np.iinfo(np.int64).min, -1, 0, np.iinfo(np.int64).max], N),
    "uint64": RNG.choice(np.array([0, 1, 2**63, 2**64 - 1], np.uint64), N),
    "bool": NOISE > 0.3,
}
WEIGHTS = {"none": None, "some zero": RNG.choice([0.0, 0.0, 0.1, 1.0, 3.7, 1e9], N)}
LABELS = {
    "a third": (NOISE + RNG.normal(size=N) > 0.5).astype(int),
    "few": (RNG.random(N) < 0.01).astype(int),
    "one": (np.arange(N) == int(np.argmax(WEIGHTS["some zero"]))).astype(int),
}


@pytest.fixture
def cold(monkeypatch):
    """Nothing is compiled, and nothing was spent."""

    def go():
        monkeypatch.setattr(small.allowance, "is_compiled", lambda *kind: False)
        monkeypatch.setattr(small.allowance, "spent", 0.0)
        monkeypatch.setattr(small.allowance, "are_open", True)

    return go


def assert_same(actual, expected):
    for a, e in zip(actual, expected, strict=True):
        assert np.asarray(a).dtype == np.asarray(e).dtype
        np.testing.assert_array_equal(a, e)


def curves(y, scores, w):
    return [
        *metrics.confusion_sweep(y, scores, sample_weight=w),
        *metrics.precision_recall_curve(y, scores, sample_weight=w),
        *metrics.precision_recall_curve(y, scores, sample_weight=w, drop_intermediate=True),
        *metrics.roc_curve(y, scores, sample_weight=w),
        *metrics.roc_curve(y, scores, sample_weight=w, drop_intermediate=False),
        metrics.roc_auc_score(y, scores, sample_weight=w),
        metrics.roc_auc_score(y, scores, sample_weight=w, max_fpr=0.3),
        metrics.average_precision_score(y, scores, sample_weight=w),
    ]


@pytest.mark.parametrize("w", WEIGHTS)
@pytest.mark.parametrize("y", LABELS)
@pytest.mark.parametrize("scores", SCORES)
def test_curves(scores, y, w, cold):
    given = LABELS[y], SCORES[scores], WEIGHTS[w]
    expected = curves(*given)
    cold()
    assert_same(curves(*given), expected)
    assert small.allowance.spent > 0.0


def test_more_rows_than_a_group_has(cold):
    scores = RNG.normal(size=5 * ranking.GROUP).round(3)
    y = (scores + RNG.normal(size=len(scores)) > 1).astype(int)
    w = RNG.random(len(scores))
    expected = curves(y, scores, None), curves(y, scores, w)
    cold()
    assert_same(curves(y, scores, None), expected[0])
    assert_same(curves(y, scores, w), expected[1])


@pytest.mark.parametrize(
    ("metric", "at"),
    [
        ("roc_auc", None),
        ("average_precision", None),
        ("precision_at_recall", [0.9, 0.2]),
        ("recall_at_fpr", 0.1),
        ("precision", 0.4),
        (lambda sweep: sweep.recall[len(sweep.recall) // 2], None),
    ],
    ids=lambda value: "function" if callable(value) else str(value),  # a function's place differs by process
)
@pytest.mark.parametrize("stratified", [False, True])
def test_bootstrap(metric, at, stratified, cold):
    y, scores = LABELS["a third"], np.column_stack([SCORES["normal"], SCORES["ties"]])
    options = {"metric": metric, "at": at, "n_resamples": 40, "stratified": stratified, "random_state": 3}
    expected = fastsmote.bootstrap_interval(y, scores, **options)
    cold()
    for n_jobs in (1, 3):
        assert_same(fastsmote.bootstrap_interval(y, scores, **options, n_jobs=n_jobs), expected)


def test_isotonic(cold):
    y, scores = LABELS["a third"], 1 / (1 + np.exp(-NOISE))
    expected = fastsmote.fit_isotonic(y, scores)(scores)
    cold()
    np.testing.assert_array_equal(fastsmote.fit_isotonic(y, scores)(scores), expected)


def test_all_weights_of_a_group_that_are_zero_leave_no_row(cold):
    scores = check_scores(SCORES["normal"])
    codes, weights = np.full(N, 2, np.uint8), np.zeros(N)

    def sweep():
        groups = []
        starts, lengths, n_pos = ranking.sweep_groups(scores, codes, weights, groups.append)
        return [starts, lengths, n_pos, *(field for group in groups for field in group[:7])]

    expected = sweep()
    cold()
    assert_same(sweep(), expected)


def test_many_small_questions_are_compiled_for(cold, monkeypatch):
    cold()
    cost = 1e5 + 250.0 * N
    monkeypatch.setattr(small.allowance, "budget", 2.5 * cost)
    kind = np.dtype(np.int64)
    assert [small.is_cheaper("sweep", kind, N) for _ in range(4)] == [True, True, False, False]
    assert not small.is_cheaper("places", kind, N)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_was_compiled_is_at_hand(dtype, monkeypatch):
    scores = NOISE.astype(dtype)
    kind = check_scores(scores).bits.dtype
    metrics.roc_curve(LABELS["a third"], scores)
    metrics.roc_curve(LABELS["a third"], scores, sample_weight=np.ones(N))
    metrics.roc_auc_score(LABELS["few"], scores)
    fastsmote.bootstrap_interval(LABELS["few"], scores, n_resamples=2, random_state=0)
    monkeypatch.setattr(allowance, "is_at_hand", jit.is_at_hand)
    monkeypatch.setattr(small.allowance, "compiled", set())
    for question in ("sweep", "weighted sweep", "places"):
        assert small.allowance.is_compiled(question, kind)
    assert small.allowance.is_compiled("replicates", np.dtype(np.int32))
