"""Under-samplers: how many rows of a class stay is given, which ones is decided here.

One file for each method: ``random``, ``near_miss``, ``hardness`` (instance hardness threshold),
``condensing`` (condensed neighbours, one-sided selection), ``centroids`` (clusters, whose centres may replace
the rows) with its rounds in ``lloyd``, those of sparse rows in ``sparse_lloyd``. ``subsets`` deals a class
out to several balanced subsets, one after the other.

Each function that a face calls reads X and y, takes counts of rows from ``_sampling.strategy`` and returns a
``Selection`` of ascending row numbers, or a ``Replacement``. ``condensing`` is half a cleaner: it reads
classes as cleaners do, and uses their links and warnings. ``over/`` uses ``centroids`` for its clusters.
"""
