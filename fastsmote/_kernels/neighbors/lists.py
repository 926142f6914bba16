"""Lists of the k smallest (squared distance, index)."""

from fastsmote._kernels.jit import inlined, kernel

SORTED_UP_TO = 64  # neighbours: lists of 64 cost the same as heaps, of 1,000 ten times as much


@inlined
def insert(distances, indices, d2, index):
    """Let (d2, index) take the place of the last of the k smallest if it comes before it.

    Up to ``SORTED_UP_TO`` the list is in ascending order. A longer one is a heap, whose root is its last
    element (children of the j-th from the end: the (2 j + 1)-th and (2 j + 2)-th), and is sorted when all is
    done.
    """
    k = distances.shape[0]
    if d2 > distances[k - 1] or (d2 == distances[k - 1] and index > indices[k - 1]):
        return False
    if k > SORTED_UP_TO:
        at = k - 1
        while True:
            child = 2 * at - k
            if child < 0:
                break
            if child > 0 and (
                distances[child - 1] > distances[child]
                or (distances[child - 1] == distances[child] and indices[child - 1] > indices[child])
            ):
                child -= 1
            if distances[child] < d2 or (distances[child] == d2 and indices[child] < index):
                break
            distances[at] = distances[child]
            indices[at] = indices[child]
            at = child
        distances[at] = d2
        indices[at] = index
        return True
    at = k - 1
    while at > 0 and (distances[at - 1] > d2 or (distances[at - 1] == d2 and indices[at - 1] > index)):
        distances[at] = distances[at - 1]
        indices[at] = indices[at - 1]
        at -= 1
    distances[at] = d2
    indices[at] = index
    return True


@kernel
def merge(distances, indices, found_distances, found_indices, lo, hi):
    """Let what queries [lo, hi) have found take its place in their lists (n_queries, k).

    Found are several lists for each query (n, n_queries, k), in order. They may hold the last of the list
    that they began with: it takes the place of itself.
    """
    for i in range(lo, hi):
        for part in range(found_indices.shape[0]):
            for j in range(found_indices.shape[2]):
                d2, index = found_distances[part, i, j], found_indices[part, i, j]
                if not insert(distances[i], indices[i], d2, index):
                    break
