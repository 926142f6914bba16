"""Over-samplers: for each new row a base row, a neighbour and a gap, and then the rows.

``request`` reads the arguments that all share into a ``Request``; ``draft`` draws base rows and gaps class by
class and ends in a ``SyntheticPlan``: ``plan``, with its parts in ``records``, what is looked at before
kernels read it in ``checked``, and its pickle in ``state``. ``materialize`` makes the rows of a plan,
``sparse`` those of sparse matrices; ``concatenate`` joins plans.
``neighborhood`` tells how a class lies among the others. ``categories`` and ``column_rules`` read what holds
for columns.

One file for each method: ``smote`` is the shortest and the one to read first; then ``random``, ``adasyn``,
``borderline`` (with SVM-SMOTE), ``kmeans``, ``nominal`` (SMOTE-NC and SMOTE-N). Each has
``plan_x(X, y, ...)``, which a face calls, and ``decide_x(request, ...)`` on what was read.

A method that is a choice of base, neighbour and gap needs a file here and nothing else of this folder. A new
kind of value in new rows is a record in ``records`` and a step in ``materialize.fill``.
"""
