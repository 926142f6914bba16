"""Random under-sampling by counts alone: which places among the rows of a class stay."""

import numpy as np

from fastsmote._core.draw import draw_distinct, draw_with_replacement
from fastsmote._core.labels import Labels
from fastsmote._core.typing import RowIds


def draw_places(
    labels: Labels, targets: RowIds, replacement: bool, seed: np.uint64, n_jobs: int | None
) -> dict[int, RowIds]:
    """Of each class that does not keep all its rows, which it keeps: places among them, ascending.

    Only counts are looked at.
    """
    draw = draw_with_replacement if replacement else draw_distinct
    return {
        code: np.sort(draw(seed, code, int(labels.counts[code]), int(targets[code]), n_jobs))
        for code in np.flatnonzero(targets != labels.counts).tolist()
    }
