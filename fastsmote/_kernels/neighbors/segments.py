"""Which rows a search by brute force offers to which queries."""

from typing import NamedTuple

import numpy as np


class Segments(NamedTuple):
    """Query i is row ``queries[i]``; the rows pool[starts[i]:stops[i]] but itself are offered to it."""

    pool: np.ndarray  # rows that may be neighbours
    starts: np.ndarray  # (n_queries,), ascending
    stops: np.ndarray  # (n_queries,)
    queries: np.ndarray  # (n_queries,)
