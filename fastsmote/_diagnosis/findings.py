"""What ``fastsmote.advise`` reads from a data set before any rule is asked."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import take
from fastsmote._core.equal_rows import Tables, group_equal_rows
from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.public import public
from fastsmote._core.typing import Progress
from fastsmote._diagnosis.scale import scaled, spaced
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.search import find_nearest

FEWEST = 10  # rows of a class: fewer, and 5 folds hold one or two
NOISE = 0.30  # share of noise from which a class is not interpolated
_LARGE, _MANY = 100_000, 1_000  # rows, and rows of the minority, of large data
_ASKED = 20_000  # rows that are asked for their neighbours, over all classes
_ASKED_OF_A_CLASS = 200  # at least


@public("fastsmote.advice")
class Surroundings(NamedTuple):
    """How the rows of a class lie among the others, as shares of the rows asked (Han et al., 2005).

    Nearest are the nearest of the different rows; equal rows of several classes count for each by its share.

    Attributes
    ----------
    n_asked : int
        Rows of the class that were asked, all or evenly spaced ones.
    noise : float
        Share with no row of their class among their nearest.
    danger : float
        The others: neither noise nor safe.
    safe : float
        Share with more than half of their nearest, and of the rows equal to them, in their own class.
    """

    n_asked: int
    noise: float
    danger: float
    safe: float


@public("fastsmote.advice")
class Findings(NamedTuple):
    """What was read from the data.

    Attributes
    ----------
    n_rows, n_features : int
        Shape of X.
    counts : dict
        Rows of each class.
    minority, majority : label
        The class with the most rows, and the smallest other one with 10 rows or more, or without such a class
        the smallest other one; of equal ones the first.
    n_minority, n_majority : int
        Their rows.
    share : float
        n_minority / (n_minority + n_majority); in two classes the share of the minority.
    n_repeated : int
        Rows whose features equal those of an earlier row.
    n_conflicting : int
        Rows whose features equal those of a row of another class.
    n_incomplete : int
        Rows with a missing value.
    missing_columns, categorical_columns : list
        Names, or numbers, of columns with missing values and of columns that hold no numbers.
    n_neighbors : int
        Neighbours that were looked at.
    surroundings : dict
        ``Surroundings`` of each class but the majority; empty where rows could not be compared.
    model : str or None
        The model family.
    """

    n_rows: int
    n_features: int
    counts: dict[Any, int]
    minority: Any
    majority: Any
    n_minority: int
    n_majority: int
    share: float
    n_repeated: int
    n_conflicting: int
    n_incomplete: int
    missing_columns: list[Any]
    categorical_columns: list[Any]
    n_neighbors: int
    surroundings: dict[Any, Surroundings]
    model: str | None

    @property
    def noise(self) -> float:
        """Share of minority rows without their like among their nearest; 0 where unknown."""
        return self.surroundings[self.minority].noise if self.minority in self.surroundings else 0.0

    @property
    def safe(self) -> float:
        """Share of safe minority rows; 0 where unknown."""
        return self.surroundings[self.minority].safe if self.minority in self.surroundings else 0.0

    @property
    def is_large(self) -> bool:
        return self.n_rows >= _LARGE and self.n_minority >= _MANY

    @property
    def small_classes(self) -> list[Any]:
        """Classes with too few rows to learn from or to measure with."""
        return [label for label, count in self.counts.items() if count < FEWEST]

    @property
    def noisy_classes(self) -> list[Any]:
        """Classes but the minority of which many rows are noise."""
        others = [(label, s) for label, s in self.surroundings.items() if label != self.minority]
        return [label for label, s in others if s.noise >= NOISE]


def find(
    tables: Tables,
    names: list[Any],
    labels: Labels,
    model: str | None,
    n_neighbors: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> Findings:
    """Counts, equal rows, missing values, and neighbours of the rows of all classes but the largest."""
    n = len(tables.matrix)
    n_features = len(tables.numeric) + len(tables.categorical)
    groups = group_equal_rows(tables, n_jobs)
    missing = np.isnan(tables.matrix), tables.codes < 0
    empty = np.zeros(n_features, bool)
    for columns, absent in zip((tables.numeric, tables.categorical), missing, strict=True):
        empty[columns] = absent.any(axis=0)
    incomplete = missing[0].any(axis=1)
    largest = int(labels.counts.argmax())
    # in the order of sizes: those with enough rows, those with fewer, the largest
    enough = np.where(labels.counts < FEWEST, n, 0)
    enough[largest] = 2 * n
    smallest = int((labels.counts + enough).argmin())
    few, most = int(labels.counts[smallest]), int(labels.counts[largest])
    classes = labels.classes.tolist()
    return Findings(
        n_rows=n,
        n_features=n_features,
        counts=dict(zip(classes, labels.counts.tolist(), strict=True)),
        minority=classes[smallest],
        majority=classes[largest],
        n_minority=few,
        n_majority=most,
        share=few / (few + most),
        n_repeated=n - int(groups.max()) - 1,
        n_conflicting=_count_conflicting(groups, labels.codes),
        n_incomplete=int((incomplete | missing[1].any(axis=1)).sum()),
        missing_columns=[names[j] for j in np.flatnonzero(empty)],
        categorical_columns=[names[j] for j in tables.categorical],
        n_neighbors=n_neighbors,
        surroundings=_surroundings(
            tables, groups, labels, np.flatnonzero(~incomplete), n_neighbors, n_jobs, progress
        ),
        model=model,
    )


def _count_conflicting(groups: NDArray[np.int64], codes: NDArray[np.int64]) -> int:
    """Rows in groups of equal rows that hold several classes."""
    n_groups = int(groups.max()) + 1
    lowest, highest = np.full(n_groups, codes.max()), np.zeros(n_groups, np.int64)
    np.minimum.at(lowest, groups, codes)
    np.maximum.at(highest, groups, codes)
    return int((lowest < highest)[groups].sum())


def _surroundings(
    tables: Tables,
    groups: NDArray[np.int64],
    labels: Labels,
    rows: NDArray[np.int64],
    k: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> dict[Any, Surroundings]:
    """Among the different rows, in the order of their hashes: no order of rows, or of classes, decides ties.

    A row of several classes counts for each by its share.
    """
    if tables.matrix.shape[1] == 0:
        return {}
    if tables.codes.shape[1]:
        groups = group_equal_rows(tables._replace(codes=tables.codes[:, :0]), n_jobs)
    _, first, place, sizes = np.unique(
        groups[rows], return_index=True, return_inverse=True, return_counts=True
    )
    if len(first) <= k:
        return {}
    n_classes = len(labels.classes)
    largest = int(labels.counts.argmax())
    most = max(_ASKED_OF_A_CLASS, _ASKED // (n_classes - 1))
    members = np.sort(place * n_classes + labels.codes[rows])  # of each row the place and the class
    by_class = rows_by_code(members % n_classes, n_classes)
    asked = np.concatenate([spaced(own, most) for code, own in enumerate(by_class) if code != largest])
    if len(asked) == 0:
        return {}
    places, codes = np.divmod(members[asked], n_classes)
    every = np.arange(len(first))
    space = scaled(take(tables.matrix, rows[first], n_jobs=n_jobs), every, n_jobs)
    index = build_index(space, n_jobs=n_jobs)
    _, found = find_nearest(index, k, rows=places, n_jobs=n_jobs, progress=progress)

    def share(places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of the rows at each place, those of the class that asks."""
        keys = places * n_classes + codes
        own = np.searchsorted(members, keys, "right") - np.searchsorted(members, keys)
        return own / sizes[places]

    near = share(found.T).sum(axis=0)
    noise, safe = near == 0.0, (2 * near > k) & (2 * share(places) > 1.0)
    around, classes = {}, labels.classes.tolist()
    for code in np.unique(codes).tolist():
        own = codes == code
        shares = (float(part[own].mean()) for part in (noise, ~noise & ~safe, safe))
        around[classes[code]] = Surroundings(int(own.sum()), *shares)
    return around
