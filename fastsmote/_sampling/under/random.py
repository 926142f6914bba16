"""Random under-sampling: which rows of a class are drawn."""

from typing import Any

import numpy as np

from fastsmote._core.check import check_flag, check_seed
from fastsmote._core.draw import draw_distinct, draw_with_replacement
from fastsmote._core.intake import read_rows
from fastsmote._core.typing import RandomState
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.strategy import under_targets


def select_random(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any,
    replacement: Any,
    random_state: RandomState,
    n_jobs: int | None,
) -> Selection:
    """The decision of :func:`fastsmote.random_under_sample`."""
    seed = np.uint64(check_seed(random_state))
    replacement = check_flag(replacement, "replacement")
    intake = read_rows(X, y)
    labels = intake.labels
    targets = under_targets(sampling_strategy, labels, intake.y.given)
    kept = [np.flatnonzero((targets == labels.counts)[labels.codes])]
    for code in np.flatnonzero(targets != labels.counts):
        rows = np.flatnonzero(labels.codes == code)
        draw = draw_with_replacement if replacement else draw_distinct
        kept.append(rows[draw(seed, int(code), len(rows), int(targets[code]), n_jobs)])
    return Selection(intake, np.sort(np.concatenate(kept)))
