"""Under-sampling and cleaning decisions: which rows stay.

Every function returns the indices of the rows that stay, ascending, int64; the function of the same name at
top level takes those rows of X and y in their containers. Weights, groups and anything else that goes with
the rows is taken by the same indices.
"""

from fastsmote.select._clean import (
    all_knn,
    edited_nearest_neighbours,
    neighbourhood_cleaning_rule,
    repeated_edited_nearest_neighbours,
    smote_enn,
    smote_tomek,
    tomek_link_pairs,
    tomek_links,
)
from fastsmote.select._under import (
    cluster_centroids,
    condensed_nearest_neighbour,
    instance_hardness_threshold,
    near_miss,
    one_sided_selection,
    random_under_sample,
)

__all__ = [
    "all_knn",
    "cluster_centroids",
    "condensed_nearest_neighbour",
    "edited_nearest_neighbours",
    "instance_hardness_threshold",
    "near_miss",
    "neighbourhood_cleaning_rule",
    "one_sided_selection",
    "random_under_sample",
    "repeated_edited_nearest_neighbours",
    "smote_enn",
    "smote_tomek",
    "tomek_link_pairs",
    "tomek_links",
]
