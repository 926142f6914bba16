"""Sparse rows by their features: the lists of an inverted index."""

from fastsmote._kernels.jit import kernel


@kernel
def count_features(X, ids, starts, lo, hi):
    """starts[j + 2] += how many of the rows ids[lo:hi] of X (``CSR``) have feature j."""
    _, columns, indptr, _ = X
    for place in range(lo, hi):
        for p in range(indptr[ids[place]], indptr[ids[place] + 1]):
            starts[columns[p] + 2] += 1


@kernel
def list_rows(X, ids, unit, starts, places, values, norms, lo, hi):
    """Add the rows ids[lo:hi] of X (``CSR``) to the lists of their features.

    The list of feature j goes on at starts[j + 1], which is counted up: when all rows are added, its end.
    ``values`` are float32, of values times ``unit``; ``norms`` are squared norms of these in float64.
    """
    data, columns, indptr, _ = X
    for place in range(lo, hi):
        norm = 0.0
        for p in range(indptr[ids[place]], indptr[ids[place] + 1]):
            value, after = data[p] * unit, columns[p] + 1
            at = starts[after]
            starts[after] = at + 1
            places[at] = place
            values[at] = value
            norm += value * value
        norms[place] = norm


@kernel
def spread_lists(starts, places, values, features, rows, lo, hi):
    """rows[i] (n_features_of_them, n) = the list of features[i], 0 where a row does not have it."""
    for i in range(lo, hi):
        for at in range(rows.shape[1]):
            rows[i, at] = 0.0
        for q in range(starts[features[i]], starts[features[i] + 1]):
            rows[i, places[q]] = values[q]
