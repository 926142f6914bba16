"""Neighbours: exact searches of rows, with an index and without, and the spaces that samplers search.

The samplers, the diagnosis and the drop-ins import this room; it imports ``_core`` and the kernels of
``_kernels/neighbors``. Its face is ``fastsmote.neighbors``.

To read it, from the bottom up:

1. ``distance``: squared scaled distances, which all searches compare, and the way back to the user's units.
2. ``coordinates`` and ``build``: where the axes of an index come from, and how rows become leaves and boxes.
   ``index`` is the record that comes out: parts of leaves, one or more for each class.
3. ``search``: the nearest and the farthest rows of many queries, batch by batch; why it is exact stands in
   ``_kernels/neighbors/search.py``. Without an index: ``brute`` and ``few``, and when that is faster, and few
   rows by ``tiles`` of float32 first; ``loose``, by ``products`` of BLAS, for wide rows and where few rows
   would have to wait for the compiler; ``bits``, for rows of zeros and ones; ``long_lists``, where a list
   holds a good part of all rows; ``inverted``, for sparse rows, feature by feature.
4. ``predicates``: what resamplers need to know without the k nearest rows: is a neighbour the nearest, do so
   many rows of one class come before one of another.
5. ``spaces``: rows with missing values and categories, which over-samplers search too.
6. ``query``, ``labelled_index``, ``neighbor_index``, ``stored``: what users call. Checks, then one of the
   above; the public class; and the index as plain arrays for pickles.
7. ``value_difference``: distances of categories by the classes in them, for users alone.

Words: a *query* is a row that is searched for; an index holds *parts*; ``rows`` and ``ids`` are row numbers;
*precede* is by (squared distance, row number), the order of all answers, so that ties have one.

A new question to an index goes into ``predicates`` if it needs less than the k nearest rows, and gets a
method in ``neighbor_index`` that calls a function with checks in ``labelled_index``. A new distance becomes a
class in ``spaces`` with a kernel that offers rows to queries; an index can serve it only if boxes bound the
distance from below. Whoever changes what ``stored`` writes raises its version.
"""
