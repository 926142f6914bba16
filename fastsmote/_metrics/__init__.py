"""Metrics: from labels and scores to counts, and from counts to curves, areas, thresholds and intervals.

The faces ``fastsmote.metrics``, ``classification``, ``thresholds``, ``streaming`` and ``bootstrap`` stand
above this room: they hold signatures and docstrings, and each of their functions makes one call into it. The
adapters (``sklearn``, ``plot``, ``cli``) and ``_probability`` read it too. It imports ``_core`` and the
kernels of ``_kernels.metrics``, and knows nothing of sampling.

One idea carries the room: a model at a threshold is four counts, so everything is read off counts, and rows
are counted once. Read the files in this order:

1. ``ranked``: what the user gave becomes a ``Ranked`` record, scores beside one byte a row.
2. ``ranking``: the rows are dealt into runs by score, sorted in cache and merged into counts; nothing is
   argsorted, but for few rows whose kernels would have to be compiled first: ``small``. ``counts`` puts the
   groups together and tells which points of a curve are worth keeping.
3. ``sweep``: the counts at every threshold as the public record ``Sweep``. ``curves`` and ``areas`` are the
   functions of ``fastsmote.metrics``; ``averaging`` takes them over classes and labels; ``undefined`` warns.
4. ``formulas``: measures as functions of counts. ``measures`` is their registry: who offers which, with which
   exact order.
5. ``cut_point`` is one of them with its metrics. ``choice`` finds the best cut point of a sweep,
   ``thresholds`` holds the rules that ask it, ``decisions`` those of several classes and of rows with prices
   of their own.
6. ``bins``, ``stream``, ``refined``, ``positive_ranking``: sweeps of streams.
7. ``resamples`` draws the counts of a bootstrap, ``bootstrap`` makes intervals of them.
8. ``confusion`` counts predicted labels; ``label_scores``, ``imbalanced``, ``report`` and ``standard``
   read its record.

To add a measure of cut points, write it in ``formulas`` and give it a row in ``measures``; the tests say
which docstrings have to name it. A new curve goes to ``curves``, a new rule for thresholds to ``thresholds``,
and a score of predicted labels to ``label_scores``, each with a signature and a docstring in its face.
"""
