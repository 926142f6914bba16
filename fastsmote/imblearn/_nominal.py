"""The over-samplers of ``fastsmote.imblearn`` for categories: SMOTENC and SMOTEN.

imbalanced-learn compares the rows of a class all at once, one-hot or by a matrix of distances, and copies the
neighbours of every new row before it counts their votes. Here categories stay codes, and votes are counted
once for each base row.
"""

import threading
from functools import partial
from numbers import Integral
from typing import Any

import imblearn.over_sampling as parents
import numpy as np
from imblearn.metrics.pairwise import ValueDifferenceMetric
from numpy.typing import NDArray
from scipy import sparse
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder
from sklearn.utils import _safe_indexing, check_array, check_random_state
from sklearn.utils.sparsefuncs_fast import csr_mean_variance_axis0
from sklearn.utils.validation import _num_features

from fastsmote._core.freeze import freeze
from fastsmote._core.public import public
from fastsmote._core.threads import run_blocks, run_ranges
from fastsmote._kernels.sampling import segment, shuffle
from fastsmote._neighbors.distance import Neighbors, to_distances
from fastsmote._neighbors.search import find_nearest
from fastsmote._neighbors.spaces import NumericSpace
from fastsmote._sampling.clean.rounds import modes
from fastsmote.imblearn._accelerated import has_gaps, is_common
from fastsmote.imblearn._nearest import ExactNeighbors, of_another_kind, requested_neighbors
from fastsmote.imblearn._over import Interpolating, is_exact, write_points
from fastsmote.imblearn._overrides import RespectsOverrides
from fastsmote.imblearn._tally import note

_QUERIES = 256  # rows of a class that are compared with all others at a time
_WRITTEN = 4096  # rows of the result that are written at a time
_SAMPLED = 4096  # rows that most categories are known from
_CODED = 1 << 16  # rows of a column that are looked up at a time


def _uncovered_neighbors(given: Any) -> str | None:
    """Why imbalanced-learn must look for neighbours among categories; trees do not find them."""
    mixes = isinstance(given, Integral) or getattr(given, "algorithm", None) in ("auto", "brute")
    return None if mixes and requested_neighbors(given) is not None else of_another_kind("k_neighbors", given)


@public("fastsmote.imblearn")
class MixedNeighbors(ExactNeighbors):
    """Neighbours of rows of CSR: numbers, then one-hot categories with one value in place of 1."""

    n_numbers = 0  # columns that are numbers; the rest are categories

    def _is_covered(self, X: Any) -> bool:
        return (
            X is self._rows
            and X.dtype in (np.float64, np.float32)
            and 1 < self.n_neighbors <= X.shape[0]
            and _codes(X, self.n_numbers) is not None
        )

    def _nearest(self, Q: Any, k: int) -> Neighbors:
        codes = _codes(Q, self.n_numbers)
        assert codes is not None
        matrix = np.ascontiguousarray(Q[:, : self.n_numbers].toarray())
        matrix.flags.writeable = False
        one = float(Q[:, self.n_numbers :].data[0])
        space = NumericSpace(matrix, codes=codes, cost=2.0 * one * one)
        index = space.build_index([np.arange(len(matrix))], None)
        assert index is not None
        squared, found = find_nearest(index, k)
        return to_distances(squared, index.scale), found


def _codes(X: Any, n_numbers: int) -> NDArray[np.int32] | None:
    """Categories (n, c) of rows of CSR as columns behind the numbers, None where rows have unlike many."""
    categories = X[:, n_numbers:]
    categories.sort_indices()
    n_features, rest = divmod(categories.nnz, X.shape[0])
    if rest or n_features == 0 or (np.diff(categories.indptr) != n_features).any():
        return None
    return np.ascontiguousarray(categories.indices.reshape(X.shape[0], n_features), np.int32)


class SMOTENC(Interpolating, parents.SMOTENC):  # type: ignore[misc]
    """imbalanced-learn's SMOTENC, accelerated.

    One seed gives other rows here than in :func:`fastsmote.smotenc`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.SMOTENC`.
    Left to it are neighbours other than a number or scikit-learn's Euclidean NearestNeighbors (not a tree),
    subclasses that override its methods, and X whose numbers are all integers: imbalanced-learn then cuts the
    median deviation to one. Neighbours are scikit-learn's also where distances tie or lose digits.

    See Also
    --------
    fastsmote.smotenc : The same method as a function.
    fastsmote.plan.smotenc : Which rows make each new row.

    Notes
    -----
    One-hot codes stay sparse: votes take O(rows of a class * categories) memory, not
    O(new rows * k_neighbors * categories).

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SMOTENC
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X[:, 0] = X[:, 0] > 0
    >>> X_resampled, y_resampled = SMOTENC([0], random_state=0).fit_resample(X, y)
    >>> sorted(set(X_resampled[:, 0].tolist()))
    [0.0, 1.0]
    """

    _frame_as = None  # columns have names and categories
    _checks_finite = False  # which may be missing
    _keeps_integers = False  # its matrix is of floats

    def _why_parent(self, X: Any) -> str | None:
        return _uncovered_neighbors(self.k_neighbors) or self._why_overridden()

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        if _uncovered_neighbors(self.k_neighbors) is None:
            neighbors: Any = MixedNeighbors(**vars(self)["nn_k_"].get_params())
            neighbors.n_numbers = self.continuous_features_.size
            self.nn_k_ = neighbors

    def _resample_fast(self, X: Any, y: Any) -> tuple[Any, Any]:
        if sparse.issparse(X) or self.categorical_encoder is not None:
            return super()._resample_fast(X, y)
        self.n_features_ = _num_features(X)
        self._validate_column_types(X)
        if len(np.unique(self.categorical_features_)) < len(self.categorical_features_):
            return super()._resample_fast(X, y)  # a column that is named twice comes twice
        self._validate_estimator()
        self.median_std_: dict[Any, Any] = {}
        coded = _coded(X, self.categorical_features_) if is_common(X, y) and not has_gaps(X) else None
        return self._of_table(X, y) if coded is None else self._of_matrix(X, y, *coded)

    def _of_matrix(
        self, X: NDArray[Any], y: NDArray[Any], codes: NDArray[Any], categories: list[Any]
    ) -> tuple[Any, Any]:
        """The work for an array of floats: rows are written whole, then their categories."""
        categorical = self.categorical_features_
        sizes = [len(values) for values in categories]
        each = [values[np.minimum(np.arange(max(sizes)), len(values) - 1)] for values in categories]
        self.categorical_encoder_ = OneHotEncoder(handle_unknown="ignore", dtype=X.dtype)
        self.categorical_encoder_.fit(np.column_stack(each))
        codes += np.cumsum([0, *sizes[:-1]], dtype=codes.dtype)
        decoder = np.concatenate(categories)
        plans, labels = [], [y]
        for label, n_new in self.sampling_strategy_.items():
            if n_new == 0:
                continue
            places = np.flatnonzero(y == label)
            rows = X[places] + 0  # -0.0 is 0.0, as it is out of a sparse matrix
            numbers = rows[:, self.continuous_features_]
            plans.append((rows, *self._decide(numbers, codes[places], label, n_new)))
            labels.append(np.full(n_new, label, y.dtype))
        y_resampled = np.hstack(labels)
        X_resampled = np.empty((len(y_resampled), X.shape[1]), X.dtype)
        run_ranges(lambda lo, hi: np.add(X[lo:hi], 0, out=X_resampled[lo:hi]), len(X), _WRITTEN)
        start = len(X)
        for rows, base, neighbor, gap, chosen in plans:
            new = X_resampled[start : start + len(chosen)]
            points = partial(_write, rows, base, neighbor, gap, categorical, decoder, chosen, new)
            run_ranges(points, len(new), _WRITTEN)
            start += len(new)
        return X_resampled, y_resampled

    def _of_table(self, X: Any, y: Any) -> tuple[Any, Any]:
        """The work for frames and for arrays that hold more than numbers, column by column."""
        numbers = _safe_indexing(X, self.continuous_features_, axis=1)
        numbers = check_array(numbers, accept_sparse=["csr", "csc"])  # a frame may hold sparse columns
        if not is_exact(numbers):
            return super()._resample_fast(X, y)
        self.categorical_encoder_ = OneHotEncoder(handle_unknown="ignore", dtype=numbers.dtype)
        one_hot = self.categorical_encoder_.fit_transform(
            _safe_indexing(X, self.categorical_features_, axis=1)
        )
        codes = one_hot.indices.reshape(len(numbers), -1)  # a category per feature, counted through
        points, categories, labels = [numbers], [codes], [y]
        for label, n_new in self.sampling_strategy_.items():
            if n_new == 0:
                continue
            places = np.flatnonzero(y == label)
            rows = numbers[places]
            base, neighbor, gap, chosen = self._decide(rows, codes[places], label, n_new)
            new = np.empty((n_new, numbers.shape[1]), numbers.dtype)
            write_points(rows, base, rows, neighbor, gap, new)
            points.append(new)
            categories.append(chosen)
            labels.append(np.full(n_new, label, y.dtype))
        return self._decoded(points, categories), np.hstack(labels)

    def _decide(
        self, numbers: NDArray[Any], codes: NDArray[Any], label: Any, n_new: int
    ) -> tuple[Any, Any, Any, NDArray[np.int64]]:
        """Base rows, neighbours, gaps and categories of the new rows of a class."""
        n, n_features = codes.shape
        ones = np.ones(codes.size, numbers.dtype)
        ends = np.arange(n + 1) * n_features
        n_categories = sum(values.size for values in self.categorical_encoder_.categories_)
        one_hot = sparse.csr_matrix((ones, codes.ravel(), ends), shape=(n, n_categories))
        X_class = self._compared(sparse.csr_matrix(numbers), one_hot, label)
        found = self.nn_k_.fit(X_class).kneighbors(X_class, return_distance=False)[:, 1:]
        base, neighbor, gap = self._draw(found, n_new)
        one = numbers.dtype.type(self.median_std_[label] / np.sqrt(2) or 1.0)
        return base, neighbor, gap, self._choose(codes, found, base, one)

    def _compared(self, numbers: Any, one_hot: Any, label: Any) -> Any:
        """Rows of a class as they are compared: two categories differ by the median deviation."""
        median = np.median(np.sqrt(csr_mean_variance_axis0(numbers)[1]))
        self.median_std_[label] = median
        if not median:
            self._X_categorical_minority_encoded = one_hot.toarray()
        one_hot.data[:] = median / np.sqrt(2)
        return sparse.hstack([numbers, one_hot], format="csr", dtype=numbers.dtype)

    def _choose(self, codes: Any, neighbors: Any, rows: Any, one: Any) -> NDArray[np.int64]:
        """Categories that most neighbours of base rows have; ``one`` is what imbalanced-learn sums up."""
        random_state = check_random_state(self.random_state)
        sums = np.append(one * 0, np.cumsum(np.full(neighbors.shape[1], one)))
        as_many = np.isclose(sums[:, np.newaxis], sums)  # [votes, most votes]
        sizes = [categories.size for categories in self.categorical_encoder_.categories_]
        chosen = np.empty((len(rows), codes.shape[1]), np.int64)
        features = iter(range(len(sizes)))
        turn = threading.Lock()  # places are drawn feature after feature, and used side by side

        def choose(_block: int) -> None:
            with turn:
                feature = next(features)
                first = sum(sizes[:feature])
                votes = _votes(codes[:, feature] - first, neighbors, sizes[feature])
                tied = as_many[votes, votes.max(axis=1, keepdims=True)]
                places = _places(random_state, int(tied.sum(axis=1)[rows].sum()))
            chosen[:, feature] = first + _draw(tied, rows, places)

        run_blocks(choose, len(sizes))
        return chosen

    def _decoded(self, numbers: list[Any], codes: list[Any]) -> NDArray[Any]:
        """Rows with the categories that codes stand for; -0.0 is 0.0, as it is out of a sparse matrix."""
        categories = self.categorical_encoder_.categories_
        decoder = np.concatenate([values.astype(np.result_type(*categories)) for values in categories])
        kind = np.result_type(numbers[0].dtype, decoder.dtype)
        X_resampled = np.empty((sum(map(len, numbers)), self.n_features_), kind)
        start = 0
        for rows, chosen in zip(numbers, codes, strict=True):

            def write(lo: int, hi: int, start: int = start, rows: Any = rows, chosen: Any = chosen) -> None:
                X_resampled[start + lo : start + hi, self.continuous_features_] = rows[lo:hi] + 0
                X_resampled[start + lo : start + hi, self.categorical_features_] = decoder[chosen[lo:hi]]

            run_ranges(write, len(rows), _WRITTEN)
            start += len(rows)
        return X_resampled

    def _generate_samples(
        self,
        X: Any,
        nn_data: Any,
        nn_num: Any,
        rows: Any,
        cols: Any,
        steps: Any,
        y_type: Any = None,
        y: Any = None,
    ) -> Any:
        n_numbers = self.continuous_features_.size
        median = self.median_std_[y_type]
        one_hot = X if median else sparse.csr_matrix(self._X_categorical_minority_encoded)
        codes = _codes(one_hot, n_numbers if median else 0)
        if X.dtype not in (np.float64, np.float32) or codes is None:
            note(type(self).__name__, "parent", f"new rows of {X.dtype}")
            return super()._generate_samples(X, nn_data, nn_num, rows, cols, steps, y_type)
        numbers = X[:, :n_numbers].toarray()
        points = np.empty((len(rows), n_numbers), X.dtype)
        write_points(numbers, rows, numbers, nn_num[rows, cols], steps[:, 0], points)
        one = X[:, n_numbers:].data[0] if median else X.dtype.type(1.0)
        chosen = self._choose(codes, nn_num, rows, one)
        ends = np.arange(len(rows) + 1) * codes.shape[1]
        ones = np.ones(chosen.size, X.dtype)
        categorical = sparse.csr_matrix(
            (ones, chosen.ravel(), ends), shape=(len(rows), X.shape[1] - n_numbers)
        )
        return sparse.hstack([sparse.csr_matrix(points), categorical], format="csr", dtype=X.dtype)


def _votes(codes: NDArray[Any], neighbors: NDArray[Any], n_categories: int) -> NDArray[np.int64]:
    """How many neighbours of each row have each category, (n, n_categories)."""
    n = len(neighbors)
    places = np.arange(n)[:, np.newaxis] * n_categories + codes[neighbors]
    return np.bincount(places.ravel(), minlength=n * n_categories).reshape(n, n_categories)


def _places(random_state: Any, n: int) -> NDArray[np.uint32]:
    """The places that ``random_state.permutation(n)`` swaps with, by as many of its words.

    Words are drawn as long as there are places, each of which needs one at least: none is too many.
    """
    places = np.empty(n, np.uint32)
    place = n - 1
    while place > 0:
        words = random_state.randint(0, 2**32, size=place, dtype=np.uint32)
        place = shuffle.draw_places(words, place, places)
    return places


def _draw(tied: NDArray[np.bool_], rows: NDArray[Any], places: NDArray[np.uint32]) -> NDArray[np.int64]:
    """For each new row one of the categories that are tied for its base row.

    As imbalanced-learn does: all (new row, category) are shuffled, and the first of each new row wins.
    """
    items = np.empty(len(places), np.int32 if len(rows) * tied.shape[1] < 2**31 else np.int64)
    starts = np.append(0, np.cumsum(tied.sum(axis=1)))
    shuffle.list_tied(starts, np.nonzero(tied)[1], rows, tied.shape[1], items)
    shuffle.shuffle(items, places)
    winner = np.empty(len(rows), np.int64)
    shuffle.first_of_each(items, tied.shape[1], winner)
    return winner


def _write(
    rows: Any,
    base: Any,
    neighbor: Any,
    gap: Any,
    columns: Any,
    decoder: Any,
    codes: Any,
    out: Any,
    lo: int,
    hi: int,
) -> None:
    """New rows [lo, hi): points between rows, then the categories that the codes stand for."""
    rows = freeze(rows)
    segment.points(rows, base, rows, neighbor, gap, out, lo, hi)
    out[lo:hi, columns] = decoder[codes[lo:hi]]


def _coded(X: NDArray[Any], columns: NDArray[Any]) -> tuple[NDArray[np.int32], list[Any]] | None:
    """Places of values among those of their column in order (n, c), and these; None where one is -0.0.

    (Which of two zeros stands for both is up to the sort of NumPy.)
    """
    codes = np.empty((len(X), len(columns)), np.int32)
    categories = []
    for j, column in enumerate(columns):
        known, added = np.empty(0, X.dtype), np.unique(X[:_SAMPLED, column])
        while added.size:
            known = np.unique(np.concatenate([known, added]))
            unknown: list[NDArray[Any]] = []
            run_ranges(partial(_look_up, known, X[:, column], codes[:, j], unknown), len(X), _CODED)
            added = np.concatenate([added[:0], *unknown])
            if ((added == 0) & np.signbit(added)).any():
                return None
        categories.append(known)
    return codes, categories


def _look_up(known: Any, values: Any, places: Any, unknown: list[Any], lo: int, hi: int) -> None:
    """Places of values [lo, hi) among ``known`` ones; what is not, and -0.0, is added to ``unknown``."""
    block = np.ascontiguousarray(values[lo:hi])
    places[lo:hi] = place = np.searchsorted(known, block)
    missed = (known.take(place, mode="clip") != block) | ((block == 0) & np.signbit(block))
    if missed.any():
        unknown.append(np.unique(block[missed]))


class SMOTEN(RespectsOverrides, parents.SMOTEN):  # type: ignore[misc]
    """imbalanced-learn's SMOTEN, accelerated.

    One seed gives other rows here than in :func:`fastsmote.smoten`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.SMOTEN`.
    Sparse X, neighbours other than a number or scikit-learn's Euclidean NearestNeighbors (not a tree), an
    ``categorical_encoder``, and subclasses that override its methods are left to it. Neighbours are those of
    scikit-learn also where distances tie.

    See Also
    --------
    fastsmote.smoten : The same method as a function.
    fastsmote.plan.smoten : Which rows make each new row.

    Notes
    -----
    ``nn_k_`` is validated but not fitted: distances are compared block by block, O(rows of a class) memory
    each, and not kept. O(rows of a class^2 * features) time.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SMOTEN
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X = (X > 0).astype(int)
    >>> X_resampled, y_resampled = SMOTEN(random_state=0).fit_resample(X, y)
    >>> len(y_resampled), int(y_resampled.sum())
    (1800, 900)
    """

    _takes_arrays = False

    def _why_parent(self, X: Any) -> str | None:
        if reason := _uncovered_neighbors(self.k_neighbors) or self._why_overridden():
            return reason
        if self.categorical_encoder is not None:
            return "categorical_encoder"
        return "X is sparse" if sparse.issparse(X) else None

    def _resample_fast(self, X: Any, y: Any) -> tuple[Any, Any]:
        self._validate_estimator()
        self.categorical_encoder_ = OrdinalEncoder(dtype=np.int32)
        codes = self.categorical_encoder_.fit_transform(X)
        metric = ValueDifferenceMetric(n_categories=list(map(len, self.categorical_encoder_.categories_)))
        metric.fit(codes, y)
        X_resampled, y_resampled = [X], [y]
        for label, n_new in self.sampling_strategy_.items():
            if n_new == 0:
                continue
            rows = codes[np.flatnonzero(y == label)]
            self._require_size(len(rows))
            random_state = check_random_state(self.random_state)
            drawn = random_state.choice(np.arange(len(rows)), size=n_new, replace=True)
            queries, place = np.unique(drawn, return_inverse=True)
            new_codes = _modes_of_nearest(rows, queries, self.nn_k_.n_neighbors, metric)[place]
            X_resampled.append(self.categorical_encoder_.inverse_transform(new_codes))
            y_resampled.append(np.full(n_new, fill_value=label, dtype=y.dtype))
        return np.vstack(X_resampled), np.hstack(y_resampled)

    def _require_size(self, n: int) -> None:
        """The error of scikit-learn where a class has too few rows."""
        if n < self.nn_k_.n_neighbors:
            NearestNeighbors(n_neighbors=self.nn_k_.n_neighbors).fit(np.zeros((n, 1))).kneighbors(
                np.zeros((n, 1))
            )


def _modes_of_nearest(
    codes: NDArray[Any], queries: NDArray[Any], n_neighbors: int, metric: Any
) -> NDArray[Any]:
    """The most frequent code per feature among the nearest rows of each query, itself among them.

    A distance is a sum over features of what two categories differ, which is known for each pair of those
    that the class has. Which of equally near rows are taken is left to ``argpartition``, as in scikit-learn;
    of equally frequent codes the smallest wins.
    """
    tables, places = [], []
    for shares, column in zip(metric.proba_per_class_, codes.T, strict=True):
        present, place = np.unique(column, return_inverse=True)
        differences = shares[present] - shares[present][:, np.newaxis]
        tables.append(np.abs(differences).sum(axis=-1) ** metric.r)
        places.append(place)
    new_codes = np.empty((len(queries), codes.shape[1]), codes.dtype)

    def work(lo: int, hi: int) -> None:
        distances = np.zeros((hi - lo, len(codes)))
        for table, place in zip(tables, places, strict=True):
            distances += np.take(table[place[queries[lo:hi]]], place, axis=1)
        nearest = np.argpartition(distances, n_neighbors - 1, axis=1)[:, :n_neighbors]
        for feature, column in enumerate(codes.T):
            new_codes[lo:hi, feature] = modes(column[nearest])

    run_ranges(work, len(queries), _QUERIES)
    return new_codes
