"""Exact nearest and farthest rows: an index of leaves, and brute force where an index does not help.

``_neighbors`` calls these kernels, a batch of queries or a range of rows per call, and ``_sampling`` the
distance. Nothing here is approximate: float32 only decides which rows are worth an exact float64 distance.

In which order to read:

* ``distance``: the one exact distance, a fixed order of additions, so that ties are ties on every path;
* ``tree``: building the index, kd leaves of contiguous rows in rotated coordinates (``Frame``, ``Panels``);
* ``tile``: the innermost steps as LLVM vectors, 4 queries x 32 rows; ``lanes``: the same steps in NumPy;
* ``lists``: the k smallest (squared distance, row) of a query;
* ``search``: the k nearest rows of a ``Batch`` of queries, and the proof that none is missed;
* ``precede``: whether rows of a small index precede a bound, without lists;
* ``farthest``: its mirror, the k farthest rows;
* ``bits``: every row to every query, where all are zeros and ones;
* ``products``: which rows products of float32 leave to exact distances: those of BLAS, for wide rows, and
* ``few``: those of the tile, for data too small for an index; ``brute``: every row to every query, for few
  queries;
* ``segments``: the record of who is offered to whom, for the three searches by brute force that no index
  serves: ``incomplete`` (missing numbers, categories), ``categories`` alone, ``sparse`` rows;
* ``postings``: the index of sparse rows, by feature; ``sparse`` searches it, by the steps of ``sums`` too.

A new distance is a file with a kernel ``offer(..., segments, distances, indices, lo, hi)`` that hands each
(squared distance, row) to ``lists.insert``, and a space in ``_neighbors/spaces.py``.
"""
