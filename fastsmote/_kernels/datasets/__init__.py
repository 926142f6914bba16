"""Synthetic data: one pure function of (seed, row), without a maths library, so that all machines agree.

``fastsmote.datasets`` calls ``fraud``: ``mark_frauds`` draws the labels, ``fill_near_normal`` the layout of
the clusters, and ``fill_rows`` the rows of a block, from the records ``Clusters`` and ``Quantiles``.

A new data set is a file of its own, with streams of the generator that no other file uses.
"""
