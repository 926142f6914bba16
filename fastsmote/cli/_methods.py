"""The methods that the commands offer: all samplers of fastsmote, and which options they take."""

import enum
import inspect
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import fastsmote
from fastsmote.cli._show import UserError


class Method(enum.StrEnum):
    """Methods on the command line."""

    smote = "smote"
    borderline_smote = "borderline_smote"
    svm_smote = "svm_smote"
    kmeans_smote = "kmeans_smote"
    adasyn = "adasyn"
    smotenc = "smotenc"
    smoten = "smoten"
    random_over_sample = "random_over_sample"
    smote_tomek = "smote_tomek"
    smote_enn = "smote_enn"
    random_under_sample = "random_under_sample"
    near_miss = "near_miss"
    cluster_centroids = "cluster_centroids"
    instance_hardness_threshold = "instance_hardness_threshold"
    tomek_links = "tomek_links"
    edited_nearest_neighbours = "edited_nearest_neighbours"
    repeated_edited_nearest_neighbours = "repeated_edited_nearest_neighbours"
    all_knn = "all_knn"
    neighbourhood_cleaning_rule = "neighbourhood_cleaning_rule"
    condensed_nearest_neighbour = "condensed_nearest_neighbour"
    one_sided_selection = "one_sided_selection"


COPY_ROWS = ("random_over_sample", "random_under_sample")  # never look at the features
TAKE_TEXT = ("smotenc", "smoten")  # as categories
NEED_CLASSIFIER = ("svm_smote", "instance_hardness_threshold")  # which scikit-learn fits
INTERPOLATE = ("smote", "borderline_smote", "svm_smote", "kmeans_smote", "adasyn", "smotenc", "smoten")
# the cleaner of the second half of a combination
CLEANS_WITH = {"smote_tomek": "tomek_links", "smote_enn": "edited_nearest_neighbours"}


def check_installed(method: str) -> None:
    """Refuse a method that fits a classifier where scikit-learn is missing."""
    if method in NEED_CLASSIFIER and find_spec("sklearn") is None:
        raise UserError(
            f"--method {method} fits a classifier of scikit-learn, which is not installed: "
            "pip install scikit-learn"
        )


def function_of(method: str) -> Callable[..., Any]:
    """The public function of a method; with a classifier to fit, that of ``fastsmote.sklearn``."""
    home = import_module("fastsmote.sklearn") if method in NEED_CLASSIFIER else fastsmote
    return getattr(home, method)


def takes(method: str, option: str) -> bool:
    """Whether the function has a parameter of that name."""
    return option in inspect.signature(function_of(method)).parameters


def neighbors_option(method: str) -> str | None:
    """The parameter that counts neighbours: SMOTE's in a combination."""
    return next((name for name in ("k_neighbors", "n_neighbors") if takes(method, name)), None)
