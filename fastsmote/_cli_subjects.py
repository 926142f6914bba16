"""What ``fastsmote bench`` compares: per subject our call, the peers' calls, and what of the results.

A call is built in the worker process that makes it, so a peer is imported nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

OURS = "fastsmote"
K = 5

Arrays = dict[str, np.ndarray]
Call = Callable[[np.ndarray, np.ndarray], Any]
Keep = Callable[[Any, np.ndarray, np.ndarray], Arrays]


@dataclass(frozen=True)
class Peer:
    """An implementation: its name in the table, the distribution that it needs, how its call is built."""

    name: str
    requires: tuple[str, ...]
    build: Callable[[], tuple[Call, Keep]]


@dataclass(frozen=True)
class Subject:
    """``data`` is "rows" (X, y) or "scores" (y_true, y_score); ``compare`` words the largest difference."""

    data: str
    peers: tuple[Peer, ...]
    compare: Callable[[Arrays, Arrays], str]
    max_rows: int | None = None


def _n_rows(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
    return {"n_rows": np.array([len(result[1])])}


def _compare_n_rows(ours: Arrays, theirs: Arrays) -> str:
    difference = int(ours["n_rows"][0] - theirs["n_rows"][0])
    return "same number of rows" if difference == 0 else f"{difference:+,} rows"


def _our_resampler(name: str, **options: Any) -> Callable[[], tuple[Call, Keep]]:
    def build() -> tuple[Call, Keep]:
        import fastsmote

        function = getattr(fastsmote, name)
        return lambda X, y: function(X, y, **options), _n_rows

    return build


def _imblearn(folder: str, name: str, patched: bool, **options: Any) -> Callable[[], tuple[Call, Keep]]:
    def build() -> tuple[Call, Keep]:
        from importlib import import_module

        if patched:
            from sklearnex import patch_sklearn

            patch_sklearn(verbose=False)
        sampler = getattr(import_module(f"imblearn.{folder}"), name)(**options)

        def keep(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
            if name == "TomekLinks":
                return {"kept": np.asarray(sampler.sample_indices_)}
            return _n_rows(result, X, y)

        return sampler.fit_resample, keep

    return build


def _resampler(name: str, folder: str, class_name: str, *, neighbors: bool, seeded: bool = True) -> Subject:
    options = {"random_state": 0} if seeded else {}
    peers = [
        Peer(OURS, (), _our_resampler(name, **options)),
        Peer("imbalanced-learn", ("imblearn",), _imblearn(folder, class_name, False, **options)),
    ]
    if neighbors:
        peers.append(
            Peer(
                "imbalanced-learn + sklearnex",
                ("imblearn", "sklearnex"),
                _imblearn(folder, class_name, True, **options),
            )
        )
    return Subject("rows", tuple(peers), _compare_n_rows)


def _our_tomek() -> tuple[Call, Keep]:
    import fastsmote

    def keep(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
        return {"kept": fastsmote.select.tomek_links(X, y)}

    return fastsmote.tomek_links, keep


def _compare_kept(ours: Arrays, theirs: Arrays) -> str:
    return f"{len(np.setxor1d(ours['kept'], theirs['kept'])):,} kept rows differ"


def _tomek() -> Subject:
    subject = _resampler("tomek_links", "under_sampling", "TomekLinks", neighbors=True, seeded=False)
    return Subject("rows", (Peer(OURS, (), _our_tomek), *subject.peers[1:]), _compare_kept)


def _keep_neighbors(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
    return {"distances": result[0], "indices": result[1]}


def _our_neighbors() -> tuple[Call, Keep]:
    import fastsmote

    return lambda X, y: fastsmote.nearest_neighbors(X, K), _keep_neighbors


def _brute(module: str, dtype: str) -> Callable[[], tuple[Call, Keep]]:
    def build() -> tuple[Call, Keep]:
        from importlib import import_module

        NearestNeighbors = import_module(module).NearestNeighbors

        def call(X: np.ndarray, y: np.ndarray) -> Any:
            model = NearestNeighbors(n_neighbors=K, algorithm="brute", n_jobs=-1)
            return model.fit(X.astype(dtype, copy=False)).kneighbors()

        return call, _keep_neighbors

    return build


def _faiss() -> tuple[Call, Keep]:
    import faiss

    def call(X: np.ndarray, y: np.ndarray) -> Any:
        X = np.ascontiguousarray(X, np.float32)
        index = faiss.IndexFlatL2(X.shape[1])
        index.add(X)
        squared, indices = index.search(X, K + 1)
        own = indices == np.arange(len(X))[:, None]
        own[~own.any(axis=1), K] = True  # among duplicates the row itself can be missing: drop the last
        return np.sqrt(squared[~own].reshape(-1, K)), indices[~own].reshape(-1, K)

    return call, _keep_neighbors


def _compare_neighbors(ours: Arrays, theirs: Arrays) -> str:
    gap = np.abs(ours["distances"] - theirs["distances"])
    relative = np.divide(gap, ours["distances"], out=gap, where=ours["distances"] > 0).max()
    different = np.count_nonzero(ours["indices"] != theirs["indices"])
    return f"{relative:.1e} relative, {different:,} indices differ"


def _metric(module: str, name: str, patched: bool = False) -> Callable[[], tuple[Call, Keep]]:
    def build() -> tuple[Call, Keep]:
        from importlib import import_module

        if patched:
            from sklearnex import patch_sklearn

            patch_sklearn(verbose=False)
        function = getattr(import_module(module), name)

        def keep(result: Any, y_true: np.ndarray, y_score: np.ndarray) -> Arrays:
            parts = result if isinstance(result, tuple) else (result,)
            return {str(i): np.atleast_1d(part) for i, part in enumerate(parts)}

        return function, keep

    return build


def _compare_numbers(ours: Arrays, theirs: Arrays) -> str:
    if any(ours[name].shape != theirs[name].shape for name in ours):
        return "lengths differ: " + ", ".join(f"{len(ours[name])}/{len(theirs[name])}" for name in ours)
    return f"{max(np.abs(ours[name] - theirs[name]).max() for name in ours):.1e} absolute"


def _curve(name: str, patched: bool = False) -> Subject:
    peers = [
        Peer(OURS, (), _metric("fastsmote", name)),
        Peer("scikit-learn", ("sklearn",), _metric("sklearn.metrics", name)),
    ]
    if patched:
        peers.append(
            Peer("scikit-learn-intelex", ("sklearnex",), _metric("sklearn.metrics", name, patched=True))
        )
    return Subject("scores", tuple(peers), _compare_numbers)


SUBJECTS = {
    "smote": _resampler("smote", "over_sampling", "SMOTE", neighbors=True),
    "adasyn": _resampler("adasyn", "over_sampling", "ADASYN", neighbors=True),
    "tomek_links": _tomek(),
    "random_over_sample": _resampler(
        "random_over_sample", "over_sampling", "RandomOverSampler", neighbors=False
    ),
    "random_under_sample": _resampler(
        "random_under_sample", "under_sampling", "RandomUnderSampler", neighbors=False
    ),
    "nearest_neighbors": Subject(
        "rows",
        (
            Peer(OURS, (), _our_neighbors),
            Peer("scikit-learn brute", ("sklearn",), _brute("sklearn.neighbors", "float64")),
            Peer("faiss flat, float32", ("faiss",), _faiss),
            Peer("sklearnex brute", ("sklearnex",), _brute("sklearnex.neighbors", "float64")),
            Peer("sklearnex brute, float32", ("sklearnex",), _brute("sklearnex.neighbors", "float32")),
        ),
        _compare_neighbors,
        max_rows=100_000,
    ),
    "precision_recall_curve": _curve("precision_recall_curve"),
    "roc_auc_score": _curve("roc_auc_score", patched=True),
    "average_precision_score": _curve("average_precision_score"),
}
