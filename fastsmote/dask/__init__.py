"""Dask arrays and frames, resampled where their partitions are: the rows that one piece would give.

Needs dask and distributed: ``pip install "fastsmote[dask]"``.

At the call the labels are computed once, and only counts come back. All else is a graph: partitions come out
in their order, followed by partitions of new rows. The rows of the smaller classes are gathered by a task, so
that a worker that is lost is made up for by Dask. Draws depend on the seed and row numbers, so that no result
depends on the partitions, on the workers, or on how often a task was run. Compute X and y in one call,
``dask.compute(X_resampled, y_resampled)``, or keep them on the workers with ``dask.persist``: two calls do
the work twice. Samplers of two passes or more hold the partitions on the workers in between.

:mod:`fastsmote.dask.select` and :mod:`fastsmote.dask.plan` give the decisions alone.
"""

from fastsmote._core.extras import require

require("dask", "fastsmote.dask", "dask", "distributed", "pandas")

from fastsmote.dask import plan, select
from fastsmote.dask._clean import edited_nearest_neighbours, neighbourhood_cleaning_rule, tomek_links
from fastsmote.dask._combine import smote_enn, smote_tomek
from fastsmote.dask._over import adasyn, borderline_smote, random_over_sample, smote, smotenc
from fastsmote.dask._under import near_miss, random_under_sample

__all__ = [
    "adasyn",
    "borderline_smote",
    "edited_nearest_neighbours",
    "near_miss",
    "neighbourhood_cleaning_rule",
    "plan",
    "random_over_sample",
    "random_under_sample",
    "select",
    "smote",
    "smote_enn",
    "smote_tomek",
    "smotenc",
    "tomek_links",
]
