"""The samplers that work on blocks, by the names that they have on whole tables."""

from collections.abc import Callable
from typing import Any, NamedTuple

from fastsmote._blocks.clean import tomek_links
from fastsmote._blocks.combine import smote_enn, smote_tomek
from fastsmote._blocks.decision import Decision
from fastsmote._blocks.editing import edited_nearest_neighbours, neighbourhood_cleaning_rule
from fastsmote._blocks.near_miss import near_miss
from fastsmote._blocks.nominal import smotenc
from fastsmote._blocks.over import adasyn, borderline_smote, random_over_sample, smote
from fastsmote._blocks.under import random_under_sample


class BlockSampler(NamedTuple):
    """A sampler on blocks."""

    decide: Callable[..., Decision]
    n_passes: int  # over all columns, before rows are copied; where least counts bind there may be more


_FOR_LEAST_COUNTS = {"neighbourhood_cleaning_rule": 2}  # passes over rows that would go without ``min_count``


BLOCK_SAMPLERS = {
    "random_under_sample": BlockSampler(random_under_sample, 0),
    "random_over_sample": BlockSampler(random_over_sample, 1),
    "smote": BlockSampler(smote, 1),
    "smotenc": BlockSampler(smotenc, 1),
    "adasyn": BlockSampler(adasyn, 2),
    "borderline_smote": BlockSampler(borderline_smote, 2),
    "tomek_links": BlockSampler(tomek_links, 4),
    "edited_nearest_neighbours": BlockSampler(edited_nearest_neighbours, 3),
    "neighbourhood_cleaning_rule": BlockSampler(neighbourhood_cleaning_rule, 3),
    "near_miss": BlockSampler(near_miss, 2),
    "smote_tomek": BlockSampler(smote_tomek, 4),
    "smote_enn": BlockSampler(smote_enn, 3),
}


def most_passes(method: str, options: dict[str, Any]) -> int:
    """How many passes a sampler makes at most, for whoever has to plan them before the first one."""
    binds = options.get("min_count") is not None
    return BLOCK_SAMPLERS[method].n_passes + (_FOR_LEAST_COUNTS.get(method, 0) if binds else 0)
