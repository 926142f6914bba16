"""Benchmarks on tables of other shapes, group by group: ``--only`` takes the name of a group, too."""

from typing import Any

from fastsmote._sampling.registry import SAMPLERS
from fastsmote.cli._neighbor_subjects import self_join_subject
from fastsmote.cli._peers import Subject
from fastsmote.cli._sampler_subjects import sampler_that_draws, sampler_that_keeps
from fastsmote.cli._shapes import SHAPES

_SMALL = (200, 1_000)  # rows
_TABLES_OF = {"mixed": "small, categories beside", "categories": "small, categories"}

# Name of the subject: table, and n_neighbors where it is not that of the others; None is all others.
_SEARCHES: dict[str, dict[str, tuple[Any, ...]]] = {
    "wide": {
        "neighbors_500x20000": ("500 x 20,000",),
        "neighbors_500x20000_float32": ("500 x 20,000, float32",),
        "neighbors_2000x5000": ("2,000 x 5,000",),
        "neighbors_2000x1000": ("2,000 x 1,000",),
        "neighbors_20000x300": ("20,000 x 300",),
        "index_500x20000": ("500 x 20,000", 5, True),
        "index_2000x5000": ("2,000 x 5,000", 5, True),
    },
    "few": {
        "neighbors_2000x64": ("2,000 x 64",),
        "neighbors_1000x150": ("1,000 x 150",),
        "neighbors_1000x64": ("1,000 x 64",),
        "neighbors_500x300": ("500 x 300",),
        "neighbors_400x100": ("400 x 100",),
        "neighbors_200x600": ("200 x 600",),
    },
    "one_hot": {"neighbors_one_hot_20000x200": ("one-hot, 20,000 x 200",)},
    "long_lists": {"neighbors_all_others": ("3,000 x 5", None)},
    "sparse": {"neighbors_sparse": ("texts",)},
}

_ON_WIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "enn": ("edited_nearest_neighbours", {}),
    "near_miss_1": ("near_miss", {"version": 1}),
    "near_miss_2": ("near_miss", {"version": 2}),
    "near_miss_3": ("near_miss", {"version": 3}),
    "adasyn": ("adasyn", {}),
    "borderline_smote": ("borderline_smote", {}),
    "tomek_links": ("tomek_links", {}),
    "one_sided_selection": ("one_sided_selection", {}),
}

_ON_FEW: dict[str, tuple[str, str, dict[str, Any]]] = {
    f"{name}_1000x150": (sampler, "1,000 x 150", options) for name, (sampler, options) in _ON_WIDE.items()
} | {
    "smote_enn_1000x150": ("smote_enn", "1,000 x 150", {}),
    "cluster_centroids_2000x600": ("cluster_centroids", "2,000 x 600", {}),
    "kmeans_smote_2000x64": ("kmeans_smote", "2,000 x 64", {"cluster_balance_threshold": 0.001}),
}

_ON_FEW_TEXTS = _ON_WIDE | {"smote": ("smote", {}), "random_over_sample": ("random_over_sample", {})}

# Name of the subject: sampler, table, options.
_SAMPLINGS: dict[str, dict[str, tuple[str, str, dict[str, Any]]]] = {
    "wide": {
        f"{name}_{shape}": (sampler, table, options)
        for shape, table in {"2000x5000": "2,000 x 5,000", "500x20000": "500 x 20,000"}.items()
        for name, (sampler, options) in _ON_WIDE.items()
    },
    "few": _ON_FEW,
    "one_hot": {
        "smote_one_hot_100000x500": ("smote", "one-hot, 100,000 x 500", {}),
        "smote_one_hot_30000x500": ("smote", "one-hot, 30,000 x 500", {}),
        "smote_one_hot_20000x200": ("smote", "one-hot, 20,000 x 200", {}),
        "enn_one_hot_20000x200": ("edited_nearest_neighbours", "one-hot, 20,000 x 200", {}),
    },
    "long_lists": {
        "enn_mode_500": (
            "edited_nearest_neighbours",
            "5,000 x 10",
            {"n_neighbors": 500, "kind_sel": "mode"},
        ),
        "all_knn_50": ("all_knn", "5,000 x 10", {"n_neighbors": 50, "max_rows": 2_000}),
        "cluster_centroids_3000x5": ("cluster_centroids", "3,000 x 5", {}),
    },
    "sparse": {
        f"{name}_sparse": (name, "texts", {})
        for name in ("smote", "borderline_smote", "tomek_links", "edited_nearest_neighbours", "near_miss")
    }
    | {
        f"{name}_sparse_{rows}_rows": (sampler, "few texts", {"max_rows": rows} | options)
        for rows in _SMALL
        for name, (sampler, options) in _ON_FEW_TEXTS.items()
    }
    | {
        "random_over_sample_sparse": ("random_over_sample", "texts", {}),
        "kmeans_smote_sparse": ("kmeans_smote", "few texts", {"max_rows": 20_000}),
    },
    "small": {
        f"{name}_{rows}_rows": (name, _TABLES_OF.get(row.columns, "small"), {"max_rows": rows})
        for rows in _SMALL
        for name, row in SAMPLERS.items()
        if row.drop_in is not None
    },
}


def _sampler(name: str, table: str, options: dict[str, Any]) -> Subject:
    row = SAMPLERS[name]
    make = sampler_that_keeps if row.kind == "clean" or name == "near_miss" else sampler_that_draws
    places = {"categorical_features": [7, 8, 9]} if row.columns == "mixed" else {}
    return make(name, table=table, **{"max_rows": SHAPES[table].rows} | places | options)


def shape_subjects() -> dict[str, dict[str, Subject]]:
    """Subjects of each group."""
    groups: dict[str, dict[str, Subject]] = {}
    for group in ("wide", "few", "one_hot", "long_lists", "sparse", "small"):
        searches = _SEARCHES.get(group, {}).items()
        samplings = _SAMPLINGS.get(group, {}).items()
        groups[group] = {
            name: self_join_subject(table, SHAPES[table].rows, *how) for name, (table, *how) in searches
        } | {name: _sampler(*of) for name, of in samplings}
    return groups
