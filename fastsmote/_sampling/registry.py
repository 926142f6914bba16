"""All samplers, a row each: what the command, tests, benchmarks and tables of the documentation read.

To add a sampler: its decision in a file of ``over/``, ``under/`` or ``clean/``; its row here; its function in
the face named in the row; and in ``plan.py`` or ``select/`` the function of the same name that returns the
decision alone. A row without one of these, or one of these without a row, fails ``tests/contract``.
"""

from typing import Literal, NamedTuple

Kind = Literal["over", "under", "clean", "combine"]
Columns = Literal["numbers", "mixed", "categories", "any"]


class Sampler(NamedTuple):
    """What there is to know about a sampler before it is called."""

    name: str  # of the function at the top level, and in ``plan`` or ``select``
    kind: Kind
    face: str  # module of the function
    drop_in: str | None  # class of ``fastsmote.imblearn``, where imbalanced-learn has one
    summary: str  # one line for tables and help
    columns: Columns = "numbers"  # what X may hold; "any" is what is only taken or repeated
    new_values: bool = False  # whether new rows hold values that no row of X has
    needs: str | None = None  # an argument behind y from a classifier, which is fitted where it is left out
    cleaner: str | None = None  # of a combination: the sampler that follows smote

    @property
    def decision(self) -> str:
        """The module whose function of the same name returns the decision alone."""
        return "plan" if self.kind == "over" else "select"


SAMPLERS = {
    row.name: row
    for row in (
        Sampler(
            "random_over_sample", "over", "oversample", "RandomOverSampler",
            "Repeat random rows of the smaller classes", columns="any",
        ),
        Sampler(
            "smote", "over", "oversample", "SMOTE",
            "New rows between a row and one of its nearest neighbours in the class", new_values=True,
        ),
        Sampler(
            "borderline_smote", "over", "borderline", "BorderlineSMOTE",
            "SMOTE from rows that have many neighbours of other classes", new_values=True,
        ),
        Sampler(
            "svm_smote", "over", "borderline", "SVMSMOTE",
            "SMOTE from the support vectors of a classifier", new_values=True, needs="support",
        ),
        Sampler(
            "kmeans_smote", "over", "borderline", "KMeansSMOTE",
            "SMOTE within clusters that hold enough of a class", new_values=True,
        ),
        Sampler(
            "adasyn", "over", "oversample", "ADASYN",
            "SMOTE with more new rows where classes meet", new_values=True,
        ),
        Sampler(
            "smotenc", "over", "oversample", "SMOTENC",
            "SMOTE for numbers beside categories", columns="mixed", new_values=True,
        ),
        Sampler(
            "smoten", "over", "oversample", "SMOTEN",
            "SMOTE for categories alone", columns="categories", new_values=True,
        ),
        Sampler(
            "random_under_sample", "under", "undersample", "RandomUnderSampler",
            "Keep random rows of the larger classes", columns="any",
        ),
        Sampler(
            "near_miss", "under", "undersample", "NearMiss",
            "Keep rows that lie nearest to the smallest class",
        ),
        Sampler(
            "condensed_nearest_neighbour", "under", "undersample", "CondensedNearestNeighbour",
            "Keep rows that classify the others by their nearest neighbour",
        ),
        Sampler(
            "one_sided_selection", "under", "undersample", "OneSidedSelection",
            "Condense, then remove Tomek links",
        ),
        Sampler(
            "cluster_centroids", "under", "undersample", "ClusterCentroids",
            "Replace rows by the centres of their clusters", new_values=True,
        ),
        Sampler(
            "instance_hardness_threshold", "under", "undersample", "InstanceHardnessThreshold",
            "Keep rows that a classifier finds easy", columns="any", needs="probabilities",
        ),
        Sampler(
            "tomek_links", "clean", "cleaning", "TomekLinks",
            "Remove rows of the larger classes that form Tomek links",
        ),
        Sampler(
            "edited_nearest_neighbours", "clean", "cleaning", "EditedNearestNeighbours",
            "Remove rows whose neighbours are of another class",
        ),
        Sampler(
            "repeated_edited_nearest_neighbours", "clean", "cleaning", "RepeatedEditedNearestNeighbours",
            "Edited nearest neighbours, again on what is left",
        ),
        Sampler(
            "all_knn", "clean", "cleaning", "AllKNN",
            "Edited nearest neighbours with 1, 2, ... neighbours",
        ),
        Sampler(
            "neighbourhood_cleaning_rule", "clean", "cleaning", "NeighbourhoodCleaningRule",
            "Edited nearest neighbours, and neighbours that mislead the smallest class",
        ),
        Sampler(
            "smote_tomek", "combine", "resample", "SMOTETomek",
            "SMOTE, then remove Tomek links", new_values=True, cleaner="tomek_links",
        ),
        Sampler(
            "smote_enn", "combine", "resample", "SMOTEENN",
            "SMOTE, then edited nearest neighbours", new_values=True, cleaner="edited_nearest_neighbours",
        ),
    )
}  # fmt: skip


def markdown_table() -> str:
    """The rows as a table for documents."""
    lines = ["| function | kind | what it does | X holds | decision alone | class |", "| --- " * 6 + "|"]
    for row in SAMPLERS.values():
        needs = f" (`{row.needs}`, or scikit-learn)" if row.needs else ""
        drop_in = f"`fastsmote.imblearn.{row.drop_in}`" if row.drop_in else "none"
        lines.append(
            f"| `fastsmote.{row.name}`{needs} | {row.kind} | {row.summary} | {row.columns} | "
            f"`fastsmote.{row.decision}.{row.name}` | {drop_in} |"
        )
    return "\n".join(lines) + "\n"
