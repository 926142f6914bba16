"""The shuffle of ``numpy.random.RandomState``, swap for swap, and the list that imbalanced-learn shuffles."""

import numpy as np

from fastsmote._kernels.jit import kernel


@kernel
def draw_places(words, place, places):
    """places[i] = a word in [0, i], for i = place, place - 1, ..., until the words are used up or i is 0.

    A word is masked to the digits of i and left out where it is above i. Returns the next i.
    """
    i = np.uint32(place)
    mask = np.uint32(1)
    while mask < i:
        mask = mask << np.uint32(1) | np.uint32(1)
    for word in words:
        value = word & mask
        places[i] = value
        i -= np.uint32(value <= i)  # of another value the next one takes the place
        if i == 0:
            return np.int64(0)
        mask = mask if i > mask >> np.uint32(1) else mask >> np.uint32(1)
    return np.int64(i)


@kernel
def shuffle(items, places):
    """Swap items[i] with items[places[i]], for i from the last to 1."""
    for last in range(items.shape[0] - 1, 0, -1):
        i, j = np.uint64(last), np.uint64(places[np.uint64(last)])
        item = items[i]
        items[i] = items[j]
        items[j] = item


@kernel
def list_tied(starts, tied, rows, n, items):
    """items = i * n + c for each i and each c of tied[starts[r]:starts[r + 1]], r = rows[i], in order."""
    at = np.uint64(0)
    for i in range(rows.shape[0]):
        row = rows[i]
        for place in range(starts[row], starts[row + 1]):
            items[at] = i * n + tied[place]
            at += np.uint64(1)


@kernel
def first_of_each(items, n, winner):
    """winner[i] = the column of the first of the items of i, items as of ``list_tied``."""
    for p in range(items.shape[0] - 1, -1, -1):
        i = items[p] // n
        winner[np.uint64(i)] = items[p] - i * n
