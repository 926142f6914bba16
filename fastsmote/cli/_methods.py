"""The methods that the commands offer: names of functions of fastsmote, and which options they take."""

import enum
import inspect

import fastsmote


class Method(enum.StrEnum):
    """Methods on the command line."""

    smote = "smote"
    borderline_smote = "borderline_smote"
    adasyn = "adasyn"
    smotenc = "smotenc"
    smoten = "smoten"
    random_over_sample = "random_over_sample"
    smote_tomek = "smote_tomek"
    smote_enn = "smote_enn"
    random_under_sample = "random_under_sample"
    near_miss = "near_miss"
    tomek_links = "tomek_links"
    edited_nearest_neighbours = "edited_nearest_neighbours"
    repeated_edited_nearest_neighbours = "repeated_edited_nearest_neighbours"
    all_knn = "all_knn"
    neighbourhood_cleaning_rule = "neighbourhood_cleaning_rule"
    condensed_nearest_neighbour = "condensed_nearest_neighbour"
    one_sided_selection = "one_sided_selection"


# methods whose new rows are new numbers
INTERPOLATE = ("smote", "borderline_smote", "adasyn", "smotenc", "smoten")
# methods that take text as categories
TAKE_TEXT = ("smotenc", "smoten")
# the cleaner of the second half of a combination
CLEANS_WITH = {"smote_tomek": "tomek_links", "smote_enn": "edited_nearest_neighbours"}


def takes(method: str, option: str) -> bool:
    """Whether the function has a parameter of that name."""
    return option in inspect.signature(getattr(fastsmote, method)).parameters


def neighbors_option(method: str) -> str | None:
    """The parameter that counts neighbours: SMOTE's in a combination."""
    return next((name for name in ("k_neighbors", "n_neighbors") if takes(method, name)), None)
