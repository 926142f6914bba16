"""Benchmarks of curves, scores, streams and intervals beside scikit-learn."""

from importlib import import_module
from typing import Any

import numpy as np

import fastsmote
from fastsmote.cli._peers import FASTSMOTE, Arrays, Build, Call, Keep, Peer, Subject

_RESAMPLES = 100  # of a bootstrap
_CHUNK = 1_000_000  # scores of a stream at a time


def _metric(module: str, name: str, patched: bool = False, weighted: bool = False) -> Build:
    def build() -> tuple[Call, Keep]:
        if patched:
            from sklearnex import patch_sklearn

            patch_sklearn(verbose=False)
        function = getattr(import_module(module), name)

        def keep(result: Any, y_true: np.ndarray, y_score: np.ndarray) -> Arrays:
            parts = result if isinstance(result, tuple) else (result,)
            return {str(i): np.atleast_1d(part) for i, part in enumerate(parts)}

        return _with_weights(function) if weighted else function, keep

    return build


def _with_weights(function: Any) -> Call:
    drawn: dict[int, np.ndarray] = {}  # by length, in the first call, which is not timed

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        n = len(y_true)
        if n not in drawn:
            drawn[n] = np.random.default_rng(0).random(n)
        return function(y_true, y_score, sample_weight=drawn[n])

    return call


def _compare_numbers(actual: Arrays, peer: Arrays) -> str:
    if any(actual[name].shape != peer[name].shape for name in actual):
        return "lengths differ: " + ", ".join(f"{len(actual[name])}/{len(peer[name])}" for name in actual)
    with np.errstate(invalid="ignore"):  # infinite in both
        differences = [np.nanmax(np.abs(actual[name] - peer[name]), initial=0.0) for name in actual]
    return f"{max(differences):.1e} absolute"


def score_subject(name: str, patched: bool = False, weighted: bool = False) -> Subject:
    peers = [
        Peer(FASTSMOTE, (), _metric("fastsmote", name, weighted=weighted)),
        Peer("scikit-learn", ("sklearn",), _metric("sklearn.metrics", name, weighted=weighted)),
    ]
    if patched:
        peers.append(
            Peer("scikit-learn-intelex", ("sklearnex",), _metric("sklearn.metrics", name, patched=True))
        )
    return Subject("scores", tuple(peers), _compare_numbers)


def _best_f1() -> tuple[Call, Keep]:
    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        return fastsmote.best_threshold(fastsmote.confusion_sweep(y_true, y_score))

    return call, lambda result, y_true, y_score: {"f1": np.array([result.value])}


def _best_f1_of_a_curve() -> tuple[Call, Keep]:
    from sklearn.metrics import precision_recall_curve

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        precision, recall, _ = precision_recall_curve(y_true, y_score)
        total = precision + recall
        return np.max(np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0))

    return call, lambda result, y_true, y_score: {"f1": np.array([result])}


def _stream() -> tuple[Call, Keep]:
    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        stream = fastsmote.StreamingSweep()
        for start in range(0, len(y_true), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            stream.update(y_true[chunk], y_score[chunk])
        return stream

    return call, lambda result, y_true, y_score: {"bounds": np.array(result.average_precision_bounds())}


def _bootstrap() -> tuple[Call, Keep]:
    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        return fastsmote.bootstrap_interval(
            y_true, y_score, metric="average_precision", n_resamples=_RESAMPLES, random_state=0
        )

    return call, lambda result, y_true, y_score: {"error": np.atleast_1d(result.standard_error)}


def _bootstrap_by_a_loop() -> tuple[Call, Keep]:
    from sklearn.metrics import average_precision_score

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        rng, n = np.random.default_rng(0), len(y_true)
        drawn = (rng.integers(0, n, n) for _ in range(_RESAMPLES))
        return np.std([average_precision_score(y_true[rows], y_score[rows]) for rows in drawn], ddof=1)

    return call, lambda result, y_true, y_score: {"error": np.array([result])}


SCORES = {
    "best_threshold": Subject(
        "scores",
        (Peer(FASTSMOTE, (), _best_f1), Peer("scikit-learn curve", ("sklearn",), _best_f1_of_a_curve)),
        _compare_numbers,
        max_rows=1_000_000,
    ),
    "streaming_sweep": Subject("scores", (Peer(FASTSMOTE, (), _stream),), _compare_numbers),
    "bootstrap_average_precision": Subject(
        "scores",
        (Peer(FASTSMOTE, (), _bootstrap), Peer("loop over scikit-learn", ("sklearn",), _bootstrap_by_a_loop)),
        _compare_numbers,
        max_rows=1_000_000,
    ),
}
