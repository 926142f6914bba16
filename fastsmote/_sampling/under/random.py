"""Random under-sampling: which rows of a class are drawn."""

from typing import Any

import numpy as np

from fastsmote._core.check import check_flag, check_seed
from fastsmote._core.intake import read_rows
from fastsmote._core.labels import check_labels
from fastsmote._core.typing import RandomState
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.places import draw_places, draw_places_within
from fastsmote._sampling.strategy import under_targets


def select_random(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any,
    replacement: Any,
    random_state: RandomState,
    n_jobs: int | None,
    clusters: Any = None,
) -> Selection:
    """The decision of :func:`fastsmote.random_under_sample`."""
    seed = np.uint64(check_seed(random_state))
    replacement = check_flag(replacement, "replacement")
    intake = read_rows(X, y)
    labels = intake.labels
    targets = under_targets(sampling_strategy, labels, intake.y.given)
    kept = [np.flatnonzero((targets == labels.counts)[labels.codes])]
    if clusters is None:
        drawn = draw_places(labels, targets, replacement, seed, n_jobs)
    else:
        cluster = check_labels(clusters, len(labels.codes), name="clusters", min_classes=1).codes
        drawn = draw_places_within(labels, cluster, targets, replacement, seed, n_jobs)
    for code, places in drawn.items():
        kept.append(np.flatnonzero(labels.codes == code)[places])
    return Selection(intake, np.sort(np.concatenate(kept)))
