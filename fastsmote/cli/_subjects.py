"""What ``fastsmote bench`` compares: each subject, its data, and the peers that are called on the same.

A call is built in the worker process that makes it, so a peer is imported nowhere else.
"""

from typing import Any

from fastsmote.cli._neighbor_subjects import neighbor_subject
from fastsmote.cli._peers import Subject
from fastsmote.cli._sampler_subjects import sampler_that_draws, sampler_that_keeps
from fastsmote.cli._score_subjects import SCORES, score_subject
from fastsmote.cli._shape_subjects import shape_subjects

# tables of make_fraud and their share of frauds, None for the one that is asked for
FRAUD_TABLES = {
    "fraud": None,
    "1 % fraud": 0.01,
    "10 % fraud": 0.1,
    "categories beside": 0.01,
    "categories": 0.25,
}
LEVELS = (8, 24, 200, 3, 5, 12, 40, 2, 7, 16)  # of the categorical columns; the first three beside numbers

_SMALL: dict[str, Any] = {"table": "1 % fraud", "max_rows": 100_000}

_BESIDE: dict[str, Any] = {"table": "categories beside", "categorical_features": [30, 31, 32]}

_LARGE: dict[str, Subject] = {
    "smote": sampler_that_draws("smote", intelex=True),
    "smote_10_percent": sampler_that_draws("smote", table="10 % fraud"),
    "borderline_smote": sampler_that_draws("borderline_smote"),
    "borderline_1_percent": sampler_that_draws("borderline_smote", table="1 % fraud"),
    "kmeans_smote": sampler_that_draws(
        "kmeans_smote",
        table="1 % fraud",
        cluster_balance_threshold=0.001,
    ),
    "adasyn": sampler_that_draws("adasyn", intelex=True),
    "adasyn_1_percent": sampler_that_draws("adasyn", table="1 % fraud"),
    "adasyn_10_percent": sampler_that_draws("adasyn", table="10 % fraud"),
    "smotenc_100k": sampler_that_draws("smotenc", max_rows=100_000, **_BESIDE),
    "smotenc": sampler_that_draws("smotenc", **_BESIDE),
    "smoten": sampler_that_draws("smoten", table="categories", max_rows=20_000),
    "tomek_links": sampler_that_keeps("tomek_links", intelex=True),
    "edited_nearest_neighbours": sampler_that_keeps("edited_nearest_neighbours"),
    "enn_1_percent": sampler_that_keeps("edited_nearest_neighbours", **_SMALL),
    "repeated_enn": sampler_that_keeps("repeated_edited_nearest_neighbours", **_SMALL),
    "all_knn": sampler_that_keeps("all_knn", **_SMALL),
    "neighbourhood_cleaning_rule": sampler_that_keeps("neighbourhood_cleaning_rule", **_SMALL),
    "one_sided_selection": sampler_that_draws("one_sided_selection", **_SMALL),
    "near_miss_1": sampler_that_keeps("near_miss", version=1),
    "near_miss_2": sampler_that_keeps("near_miss", version=2, peer_max_rows=200_000),
    "smote_tomek": sampler_that_draws("smote_tomek", **_SMALL),
    "smote_enn": sampler_that_draws("smote_enn", **_SMALL),
    "random_over_sample": sampler_that_draws("random_over_sample"),
    "random_under_sample": sampler_that_draws("random_under_sample"),
    "neighbors_fraud_100k": neighbor_subject("fraud", 10_000, max_rows=100_000, calls=3),
    "neighbors_fraud_1m": neighbor_subject("fraud", 5_000, max_rows=1_000_000, calls=1),
    "neighbors_white_noise": neighbor_subject("white noise", 10_000, max_rows=100_000, calls=3),
    "neighbors_8_features": neighbor_subject("8 features", 10_000, max_rows=100_000, calls=3, trees=True),
    "neighbors_minority": neighbor_subject("1 % fraud", 2_500, max_rows=1_000_000, calls=3, minority=True),
    "precision_recall_curve": score_subject("precision_recall_curve"),
    "roc_auc_score": score_subject("roc_auc_score", patched=True),
    "average_precision_score": score_subject("average_precision_score"),
    "roc_curve": score_subject("roc_curve"),
    "weighted_precision_recall_curve": score_subject("precision_recall_curve", weighted=True),
    "weighted_roc_curve": score_subject("roc_curve", weighted=True),
    "weighted_roc_auc_score": score_subject("roc_auc_score", weighted=True),
    "weighted_average_precision_score": score_subject("average_precision_score", weighted=True),
    **SCORES,
}

# what is measured unless something is named, and the groups that run by name alone
GROUPS: dict[str, dict[str, Subject]] = {"large": _LARGE, **shape_subjects()}
SUBJECTS = {name: subject for group in GROUPS.values() for name, subject in group.items()}
