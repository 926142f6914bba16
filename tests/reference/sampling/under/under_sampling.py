"""Under-samplers by their definitions, every distance computed, in long double."""

import numpy as np
from reference.kernels import philox
from reference.neighbors import knn


def distances(X):
    """Squared distances between all rows of X."""
    return knn.squared_distances(X, X)


def in_float64(squared):
    """Squared distances in float64, scaled by a power of four so that none overflows.

    Their sums are exact ties where float64 sums are.
    """
    exponent = int(np.frexp(squared.max())[1]) // 2 * 2
    return np.ldexp(squared, -exponent).astype(np.float64)


def smallest_class(codes):
    return int(np.argmin(np.bincount(codes)))


def near_miss(X, codes, targets, version, k, k_ver3=3):
    """Rows kept, and the classes of which version 3 finds too few.

    Versions 1 and 2: least sums of distances to the k nearest (farthest) rows of the smallest class. 3:
    largest sums to the k nearest, among the k_ver3 nearest of the class to each row of the smallest class.
    A row is no neighbour of itself; ties go by row number.
    """
    minority = np.flatnonzero(codes == smallest_class(codes))
    squared = in_float64(knn.squared_distances(np.asarray(X)[minority], X))
    kept, short = [], []
    for code, target in enumerate(targets):
        rows = np.flatnonzero(codes == code)
        if target == len(rows):
            kept += rows.tolist()
            continue
        if version == 3:
            near = set()
            for at, i in enumerate(minority):
                others = rows[rows != i]
                near |= set(others[np.argsort(squared[others, at], kind="stable")[:k_ver3]].tolist())
            rows = np.array(sorted(near))
            if len(rows) < target:
                short.append(code)
        scores = []
        for i in rows:
            found = np.sort(squared[i, minority != i])
            found = found[::-1][:k] if version == 2 else found[:k]
            scores.append(sum(np.sqrt(found).tolist()))
        order = sorted(range(len(rows)), key=lambda j: scores[j], reverse=version == 3)  # stable both ways
        kept += [int(rows[j]) for j in order[:target]]
    return sorted(kept), short


def draw_distinct(n, size, seed, stream):
    """The ``size`` of n with the smallest random keys."""
    keys = [philox.draw(seed, stream, j, 0)[0] for j in range(n)]
    return sorted(sorted(range(n), key=keys.__getitem__)[:size])


def seeds(codes, cleaned, n_seeds, seed):
    """Rows that each condensed class puts into its store first."""
    chosen = {}
    for code in sorted(cleaned):
        if code != smallest_class(codes):
            rows = np.flatnonzero(codes == code)
            chosen[code] = rows[draw_distinct(len(rows), n_seeds, seed, code)].tolist()
    return chosen


def predicted(squared, codes, row, store, k):
    """The vote of the k nearest rows of the store; the smallest of several classes that win."""
    store = np.sort(np.array(store))
    nearest = store[np.argsort(squared[row, store], kind="stable")[:k]]
    return int(np.argmax(np.bincount(codes[nearest])))


def condensed(X, codes, seeds_of, k=1):
    """Rows kept by condensing, one pass over each class, a row joining the store when that gets it wrong."""
    squared = distances(X)
    kept = [i for i in range(len(codes)) if codes[i] not in seeds_of]
    for code, chosen in seeds_of.items():
        store = np.flatnonzero(codes == smallest_class(codes)).tolist() + list(chosen)
        joined = list(chosen)
        for row in np.flatnonzero(codes == code).tolist():
            if row not in joined and predicted(squared, codes, row, store, k) != code:
                store.append(row)
                joined.append(row)
        kept += joined
    return sorted(kept)


def one_sided(X, codes, seeds_of, k=1):
    """Rows kept by one-sided selection before Tomek links are taken out."""
    squared = distances(X)
    kept = [i for i in range(len(codes)) if codes[i] not in seeds_of]
    for code, chosen in seeds_of.items():
        store = np.flatnonzero(codes == smallest_class(codes)).tolist() + list(chosen)
        rows = [row for row in np.flatnonzero(codes == code).tolist() if row not in chosen]
        kept += list(chosen)
        kept += [row for row in rows if predicted(squared, codes, row, store, k) != code]
    return sorted(kept)


def hardness(codes, targets, probabilities):
    """Rows kept: of each class those with the largest probability of the class, then by row number."""
    kept = []
    for code, target in enumerate(targets):
        rows = np.flatnonzero(codes == code).tolist()
        kept += sorted(rows, key=lambda i: (-probabilities[i][codes[i]], i))[:target]
    return sorted(kept)


def lloyd(points, centres, max_iter, tol):
    """Lloyd's iterations: (centres, cluster of each point, squared distances) after a last assignment."""
    limit = tol * points.var(axis=0).mean()
    clusters = None
    for _ in range(max_iter):
        before, clusters = clusters, knn.squared_distances(centres, points).argmin(axis=1)
        if before is not None and (before == clusters).all():
            break
        moved = np.array([points[clusters == c].mean(axis=0) for c in range(len(centres))])
        step, centres = ((moved - centres) ** 2).sum(), moved
        if step <= limit:
            break
    squared = knn.squared_distances(centres, points)
    return centres, squared.argmin(axis=1), squared.min(axis=1)


def central_rows(clusters, squared):
    """Of each cluster the row nearest to its centre, the first of several."""
    return sorted(
        min(np.flatnonzero(clusters == c).tolist(), key=lambda i: (squared[i], i))
        for c in np.unique(clusters)
    )


def inertia(points, centres):
    """Sum of the squared distances to the nearest centre."""
    return float(knn.squared_distances(centres, points).min(axis=1).sum())


def far_seeds(values, draws):
    """Places of seeds by k-means++, of numbers: of each round's trials the one that leaves the least sum."""
    n = len(values)
    chosen = [int(draws[0, 0] * n)]
    nearest = np.square(values - values[chosen[0]])
    for drawn in draws[1:]:
        sums = np.cumsum(nearest)
        if sums[-1] == 0.0:
            break
        places = [min(int((sums <= one * sums[-1]).sum()), n - 1) for one in drawn]
        trials = [np.minimum(nearest, np.square(values - values[place])) for place in places]
        best = int(np.argmin([np.add.reduce(trial) for trial in trials]))
        chosen.append(places[best])
        nearest = trials[best]
    return chosen
