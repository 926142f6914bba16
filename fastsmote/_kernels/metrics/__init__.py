"""Scores in order without an argsort: integer keys, runs, merged counts; bins of streams; bootstrap.

``_metrics`` calls these kernels, and ``_probability`` the exact sums of ``stream``.

In which order to read:

* ``sweep``: scores as keys whose order is that of descending scores; rows dealt into runs, runs merged into
  counts at each distinct score (``CurveEntries``), a place looked up among few keys (``KeyTable``);
* ``sort``: runs sorted in cache, with or without a weight for each key;
* ``stream``: rows counted in bins of scores, and weights dealt exactly into layers of integers;
* ``bootstrap``: multiplicities of cells drawn from ``Urns``, and curves read from them;
* ``confusion``: rows per pair of hard labels.

Counts are integers and sums of weights have a fixed order, so results do not depend on blocks. A kernel that
serves rows with and without weights takes ``weights`` as an argument that may be None.
"""
