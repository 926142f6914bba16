"""What ``fastsmote bench`` compares: per subject our call, the peers' calls, and what of the results.

A call is built in the worker process that makes it, so a peer is imported nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

OURS = "fastsmote"
K = 5
# tables of make_fraud and their share of frauds, None for the one that is asked for
FRAUD_TABLES = {
    "fraud": None,
    "1 % fraud": 0.01,
    "10 % fraud": 0.1,
    "categories beside": 0.01,
    "categories": 0.25,
}
_RESAMPLES = 100  # of a bootstrap
_CHUNK = 1_000_000  # scores of a stream at a time
LEVELS = (8, 24, 200, 3, 5, 12, 40, 2, 7, 16)  # of the categorical columns; the first three beside numbers

Arrays = dict[str, np.ndarray]
Call = Callable[[np.ndarray, np.ndarray], Any]
Keep = Callable[[Any, np.ndarray, np.ndarray], Arrays]
Search = Callable[
    [np.ndarray, np.ndarray], Any
]  # of X and row numbers: distances, indices of the K + 1 nearest


@dataclass(frozen=True)
class Peer:
    """An implementation: its name in the table, the distribution that it needs, how its call is built."""

    name: str
    requires: tuple[str, ...]
    build: Callable[[], tuple[Call, Keep]]
    max_rows: int | None = None  # with more it would take more memory than a machine like this one has


@dataclass(frozen=True)
class Subject:
    """``table`` names the data, those of ``_cli.bench``; ``compare`` words the largest difference.

    With ``calls``, each implementation is called so often at full size; without, as often as time allows, a
    slow one with fewer rows.
    """

    table: str
    peers: tuple[Peer, ...]
    compare: Callable[[Arrays, Arrays], str]
    max_rows: int | None = None
    calls: int | None = None

    @property
    def data(self) -> str:
        """Arguments of a call: "rows" are (X, y), "scores" (y_true, y_score)."""
        return "scores" if self.table == "scores" else "rows"

    def most_rows(self, name: str) -> int | None:
        """What an implementation can do at most."""
        return next(peer.max_rows for peer in self.peers if peer.name == name)


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


def _imblearn(
    folder: str, name: str, patched: bool, kept_rows: bool = False, **options: Any
) -> Callable[[], tuple[Call, Keep]]:
    def build() -> tuple[Call, Keep]:
        from importlib import import_module

        if patched:
            from sklearnex import patch_sklearn

            patch_sklearn(verbose=False)
        sampler = getattr(import_module(f"imblearn.{folder}"), name)(**options)

        def keep(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
            if kept_rows:
                return {"kept": np.asarray(sampler.sample_indices_)}
            return _n_rows(result, X, y)

        return sampler.fit_resample, keep

    return build


def _resampler(
    name: str,
    folder: str,
    class_name: str,
    *,
    neighbors: bool,
    table: str = "fraud",
    max_rows: int | None = None,
    **options: Any,
) -> Subject:
    """A method that draws random numbers: numbers of rows are compared."""
    options |= {"random_state": 0}
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
    return Subject(table, tuple(peers), _compare_n_rows, max_rows)


def _our_cleaner(name: str, **options: Any) -> Callable[[], tuple[Call, Keep]]:
    def build() -> tuple[Call, Keep]:
        import fastsmote

        def keep(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
            return {"kept": getattr(fastsmote.select, name)(X, y, **options)}

        function = getattr(fastsmote, name)
        return lambda X, y: function(X, y, **options), keep

    return build


def _compare_kept(ours: Arrays, theirs: Arrays) -> str:
    return f"{len(np.setxor1d(ours['kept'], theirs['kept'])):,} kept rows differ"


def _cleaner(
    name: str,
    class_name: str,
    *,
    patched: bool = False,
    table: str = "fraud",
    max_rows: int | None = None,
    peer_max_rows: int | None = None,
    **options: Any,
) -> Subject:
    """A method without random numbers: the rows that stay are compared."""
    peers = [
        Peer(OURS, (), _our_cleaner(name, **options)),
        Peer(
            "imbalanced-learn",
            ("imblearn",),
            _imblearn("under_sampling", class_name, False, True, **options),
            peer_max_rows,
        ),
    ]
    if patched:
        build = _imblearn("under_sampling", class_name, True, True, **options)
        peers.append(Peer("imbalanced-learn + sklearnex", ("imblearn", "sklearnex"), build))
    return Subject(table, tuple(peers), _compare_kept, max_rows)


def _keep_neighbors(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
    queries, distances, indices = result
    return {"queries": queries, "distances": distances, "indices": indices}


def _queries(y: np.ndarray, minority: bool, most: int | None) -> np.ndarray:
    """Rows whose neighbours are wanted; at most ``most`` of them, evenly spaced."""
    rows = np.flatnonzero(y == 1) if minority else np.arange(len(y))
    return rows if most is None else rows[:: -(-len(rows) // most)]


def _our_self_join() -> tuple[Call, Keep]:
    import fastsmote

    def call(X: np.ndarray, y: np.ndarray) -> Any:
        return np.arange(len(X)), *fastsmote.nearest_neighbors(X, K)

    return call, _keep_neighbors


def _our_minority() -> tuple[Call, Keep]:
    import fastsmote

    def call(X: np.ndarray, y: np.ndarray) -> Any:
        rows = _queries(y, True, None)
        return rows, *fastsmote.NeighborIndex(X).query(rows=rows, n_neighbors=K)

    return call, _keep_neighbors


def _sklearn_search(module: str, algorithm: str, dtype: str) -> Callable[[], Search]:
    def load() -> Search:
        from importlib import import_module

        NearestNeighbors = import_module(module).NearestNeighbors

        def search(X: np.ndarray, rows: np.ndarray) -> Any:
            X = X.astype(dtype, copy=False)
            model = NearestNeighbors(n_neighbors=K + 1, algorithm=algorithm, n_jobs=-1)
            return model.fit(X).kneighbors(X[rows])

        return search

    return load


def _scipy_search() -> Search:
    from scipy.spatial import cKDTree

    return lambda X, rows: cKDTree(X).query(X[rows], K + 1, workers=-1)


def _faiss_search() -> Search:
    import faiss

    def search(X: np.ndarray, rows: np.ndarray) -> Any:
        X = np.ascontiguousarray(X, np.float32)
        index = faiss.IndexFlatL2(X.shape[1])
        index.add(X)
        squared, indices = index.search(X[rows], K + 1)
        return np.sqrt(squared), indices

    return search


def _without_itself(
    load: Callable[[], Search], minority: bool, most: int | None
) -> Callable[[], tuple[Call, Keep]]:
    """K neighbours of rows of X other than the row itself, by a search for the K + 1 nearest."""

    def build() -> tuple[Call, Keep]:
        search = load()

        def call(X: np.ndarray, y: np.ndarray) -> Any:
            rows = _queries(y, minority, most)
            distances, indices = search(X, rows)
            own = indices == rows[:, None]
            own[~own.any(axis=1), K] = True  # among duplicates the row itself can be missing: drop the last
            return rows, distances[~own].reshape(-1, K), indices[~own].reshape(-1, K)

        return call, _keep_neighbors

    return build


def _compare_neighbors(ours: Arrays, theirs: Arrays) -> str:
    """Over the queries of the peer, a part of ours; both ascend."""
    at = np.searchsorted(ours["queries"], theirs["queries"])
    distances, indices = ours["distances"][at], ours["indices"][at]
    gap = np.abs(distances - theirs["distances"])
    relative = np.divide(gap, distances, out=gap, where=distances > 0).max()
    return f"{relative:.1e} relative, {np.count_nonzero(indices != theirs['indices']):,} indices differ"


_SEARCHES = {
    "scikit-learn brute": ("sklearn", _sklearn_search("sklearn.neighbors", "brute", "float64")),
    "FAISS flat, float32": ("faiss", _faiss_search),
    "oneDAL brute": ("sklearnex", _sklearn_search("sklearnex.neighbors", "brute", "float64")),
    "oneDAL brute, float32": ("sklearnex", _sklearn_search("sklearnex.neighbors", "brute", "float32")),
}
_TREES = {
    "SciPy cKDTree": ("scipy", _scipy_search),
    "oneDAL kd-tree": ("sklearnex", _sklearn_search("sklearnex.neighbors", "kd_tree", "float64")),
}


def _neighbors(
    table: str, most: int, *, max_rows: int, calls: int, minority: bool = False, trees: bool = False
) -> Subject:
    """Brute force is asked at most ``most`` of the queries, trees all of them."""
    asked = dict.fromkeys(_SEARCHES, most) | (dict.fromkeys(_TREES) if trees else {})
    peers = []
    for name, at_most in asked.items():
        module, load = (_SEARCHES | _TREES)[name]
        peers.append(Peer(name, (module,), _without_itself(load, minority, at_most)))
    ours = Peer(OURS, (), _our_minority if minority else _our_self_join)
    return Subject(table, (ours, *peers), _compare_neighbors, max_rows, calls)


def _metric(
    module: str, name: str, patched: bool = False, weighted: bool = False
) -> Callable[[], tuple[Call, Keep]]:
    def build() -> tuple[Call, Keep]:
        from importlib import import_module

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


def _compare_numbers(ours: Arrays, theirs: Arrays) -> str:
    if any(ours[name].shape != theirs[name].shape for name in ours):
        return "lengths differ: " + ", ".join(f"{len(ours[name])}/{len(theirs[name])}" for name in ours)
    with np.errstate(invalid="ignore"):  # infinite in both
        differences = [np.nanmax(np.abs(ours[name] - theirs[name]), initial=0.0) for name in ours]
    return f"{max(differences):.1e} absolute"


def _curve(name: str, patched: bool = False, weighted: bool = False) -> Subject:
    peers = [
        Peer(OURS, (), _metric("fastsmote", name, weighted=weighted)),
        Peer("scikit-learn", ("sklearn",), _metric("sklearn.metrics", name, weighted=weighted)),
    ]
    if patched:
        peers.append(
            Peer("scikit-learn-intelex", ("sklearnex",), _metric("sklearn.metrics", name, patched=True))
        )
    return Subject("scores", tuple(peers), _compare_numbers)


def _our_best_f1() -> tuple[Call, Keep]:
    import fastsmote

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        return fastsmote.best_threshold(fastsmote.confusion_sweep(y_true, y_score))

    return call, lambda result, y_true, y_score: {"f1": np.array([result.value])}


def _their_best_f1() -> tuple[Call, Keep]:
    from sklearn.metrics import precision_recall_curve

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        precision, recall, _ = precision_recall_curve(y_true, y_score)
        total = precision + recall
        return np.max(np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0))

    return call, lambda result, y_true, y_score: {"f1": np.array([result])}


def _our_stream() -> tuple[Call, Keep]:
    import fastsmote

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        stream = fastsmote.StreamingSweep()
        for start in range(0, len(y_true), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            stream.update(y_true[chunk], y_score[chunk])
        return stream

    return call, lambda result, y_true, y_score: {"bounds": np.array(result.average_precision_bounds())}


def _our_bootstrap() -> tuple[Call, Keep]:
    import fastsmote

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        return fastsmote.bootstrap_interval(
            y_true, y_score, metric="average_precision", n_resamples=_RESAMPLES, random_state=0
        )

    return call, lambda result, y_true, y_score: {"error": np.atleast_1d(result.standard_error)}


def _their_bootstrap() -> tuple[Call, Keep]:
    from sklearn.metrics import average_precision_score

    def call(y_true: np.ndarray, y_score: np.ndarray) -> Any:
        rng, n = np.random.default_rng(0), len(y_true)
        drawn = (rng.integers(0, n, n) for _ in range(_RESAMPLES))
        return np.std([average_precision_score(y_true[rows], y_score[rows]) for rows in drawn], ddof=1)

    return call, lambda result, y_true, y_score: {"error": np.array([result])}


_SMALL: dict[str, Any] = {"table": "1 % fraud", "max_rows": 100_000}

_BORDERLINE = ("borderline_smote", "over_sampling", "BorderlineSMOTE")
_SMOTENC = ("smotenc", "over_sampling", "SMOTENC")
_BESIDE: dict[str, Any] = {"table": "categories beside", "categorical_features": [30, 31, 32]}

SUBJECTS = {
    "smote": _resampler("smote", "over_sampling", "SMOTE", neighbors=True),
    "smote_10_percent": _resampler("smote", "over_sampling", "SMOTE", neighbors=False, table="10 % fraud"),
    "borderline_smote": _resampler(*_BORDERLINE, neighbors=False),
    "borderline_1_percent": _resampler(*_BORDERLINE, neighbors=False, table="1 % fraud"),
    "kmeans_smote": _resampler(
        "kmeans_smote",
        "over_sampling",
        "KMeansSMOTE",
        neighbors=False,
        table="1 % fraud",
        cluster_balance_threshold=0.001,
    ),
    "adasyn": _resampler("adasyn", "over_sampling", "ADASYN", neighbors=True),
    "adasyn_1_percent": _resampler("adasyn", "over_sampling", "ADASYN", neighbors=False, table="1 % fraud"),
    "adasyn_10_percent": _resampler("adasyn", "over_sampling", "ADASYN", neighbors=False, table="10 % fraud"),
    "smotenc_100k": _resampler(*_SMOTENC, neighbors=False, max_rows=100_000, **_BESIDE),
    "smotenc": _resampler(*_SMOTENC, neighbors=False, **_BESIDE),
    "smoten": _resampler(
        "smoten", "over_sampling", "SMOTEN", neighbors=False, table="categories", max_rows=20_000
    ),
    "tomek_links": _cleaner("tomek_links", "TomekLinks", patched=True),
    "edited_nearest_neighbours": _cleaner("edited_nearest_neighbours", "EditedNearestNeighbours"),
    "enn_1_percent": _cleaner("edited_nearest_neighbours", "EditedNearestNeighbours", **_SMALL),
    "repeated_enn": _cleaner(
        "repeated_edited_nearest_neighbours", "RepeatedEditedNearestNeighbours", **_SMALL
    ),
    "all_knn": _cleaner("all_knn", "AllKNN", **_SMALL),
    "neighbourhood_cleaning_rule": _cleaner(
        "neighbourhood_cleaning_rule", "NeighbourhoodCleaningRule", **_SMALL
    ),
    "one_sided_selection": _resampler(
        "one_sided_selection", "under_sampling", "OneSidedSelection", neighbors=False, **_SMALL
    ),
    "near_miss_1": _cleaner("near_miss", "NearMiss", version=1),
    "near_miss_2": _cleaner("near_miss", "NearMiss", version=2, peer_max_rows=200_000),
    "smote_tomek": _resampler("smote_tomek", "combine", "SMOTETomek", neighbors=False, **_SMALL),
    "smote_enn": _resampler("smote_enn", "combine", "SMOTEENN", neighbors=False, **_SMALL),
    "random_over_sample": _resampler(
        "random_over_sample", "over_sampling", "RandomOverSampler", neighbors=False
    ),
    "random_under_sample": _resampler(
        "random_under_sample", "under_sampling", "RandomUnderSampler", neighbors=False
    ),
    "neighbors_fraud_100k": _neighbors("fraud", 10_000, max_rows=100_000, calls=3),
    "neighbors_fraud_1m": _neighbors("fraud", 5_000, max_rows=1_000_000, calls=1),
    "neighbors_white_noise": _neighbors("white noise", 10_000, max_rows=100_000, calls=3),
    "neighbors_8_features": _neighbors("8 features", 10_000, max_rows=100_000, calls=3, trees=True),
    "neighbors_minority": _neighbors("1 % fraud", 2_500, max_rows=1_000_000, calls=3, minority=True),
    "precision_recall_curve": _curve("precision_recall_curve"),
    "roc_auc_score": _curve("roc_auc_score", patched=True),
    "average_precision_score": _curve("average_precision_score"),
    "roc_curve": _curve("roc_curve"),
    "weighted_precision_recall_curve": _curve("precision_recall_curve", weighted=True),
    "weighted_roc_curve": _curve("roc_curve", weighted=True),
    "weighted_roc_auc_score": _curve("roc_auc_score", weighted=True),
    "weighted_average_precision_score": _curve("average_precision_score", weighted=True),
    "best_threshold": Subject(
        "scores",
        (Peer(OURS, (), _our_best_f1), Peer("scikit-learn curve", ("sklearn",), _their_best_f1)),
        _compare_numbers,
        max_rows=1_000_000,
    ),
    "streaming_sweep": Subject("scores", (Peer(OURS, (), _our_stream),), _compare_numbers),
    "bootstrap_average_precision": Subject(
        "scores",
        (Peer(OURS, (), _our_bootstrap), Peer("loop over scikit-learn", ("sklearn",), _their_bootstrap)),
        _compare_numbers,
        max_rows=1_000_000,
    ),
}
