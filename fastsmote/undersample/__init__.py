"""Under-sampling in the user's container: decide which rows stay, then take them."""

from fastsmote.undersample._chosen import (
    cluster_centroids,
    condensed_nearest_neighbour,
    instance_hardness_threshold,
    near_miss,
    one_sided_selection,
)
from fastsmote.undersample._random import random_under_sample

__all__ = [
    "cluster_centroids",
    "condensed_nearest_neighbour",
    "instance_hardness_threshold",
    "near_miss",
    "one_sided_selection",
    "random_under_sample",
]
