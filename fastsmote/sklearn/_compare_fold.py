"""The training rows of one fold, resampled by one method after the other, which share what they can.

Samplers of a fold have one seed. Draws of an over-sampler depend on the seed and on the number of the new row
alone, so that the plan of a smaller ratio is the beginning of the plan of a larger one: all ratios are cut
from the same draws, and what takes time, the neighbours, is found once for SMOTE, Borderline-SMOTE, ADASYN
and the combinations. These and the cleaners look at one index. (One of the rows after SMOTE for both
combinations took as long as two that suit them.) Edited nearest neighbours tells the neighbourhood cleaning
rule which rows it need not look at. Results are those of the functions of these names, bit for bit.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from threading import RLock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

import fastsmote
from fastsmote._core.check import check_seed
from fastsmote._core.intake import Intake, read_numbers
from fastsmote._core.labels import Labels, check_labels, rows_by_code
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index
from fastsmote._sampling.apply import OverSampling, Selection
from fastsmote._sampling.clean import editing
from fastsmote._sampling.clean.rounds import have_parts
from fastsmote._sampling.clean.tomek import decide_without_links
from fastsmote._sampling.combine import Combination, make_rows
from fastsmote._sampling.over.adasyn import draft_adasyn
from fastsmote._sampling.over.borderline import draft_borderline
from fastsmote._sampling.over.draft import Draft, require_class_size
from fastsmote._sampling.over.neighborhood import SharedNeighborhood
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.over.smote import draft_smote
from fastsmote._sampling.registry import SAMPLERS
from fastsmote._sampling.shares import Prior
from fastsmote._sampling.strategy import clean_targets, over_targets
from fastsmote.sklearn._compare_methods import NONE, WEIGHTS, Method, takes_seed

_K, _M = 5, 10  # neighbours of SMOTE and ADASYN, and those that say what is in danger: the defaults
_K_EDITED = 3


class Resampling(NamedTuple):
    """What a model is fitted to, and the share of the positive class in it."""

    X: Any
    y: NDArray[Any]
    weights: Floats | None
    share: float
    n_rows: int
    seconds: float = 0.0


class Fold:
    """The training rows of a fold; several threads may ask it for several methods at once."""

    def __init__(self, X: Any, y: NDArray[Any], positive: Any, seed: int) -> None:
        self.X, self.y, self.positive, self.seed = X, y, positive, seed
        self.share = float(np.mean(y == positive))
        self._lock = RLock()
        self._known: dict[Any, Any] = {}

    def resample(self, method: Method) -> Resampling:
        """The rows of a method that is no ensemble."""
        if method.sampler == NONE:
            return Resampling(self.X, self.y, None, self.share, len(self.y))
        if method.sampler == WEIGHTS:
            return Resampling(self.X, self.y, fastsmote.sample_weights(self.y), 0.5, len(self.y))
        parts = self._resampled(method)
        if not isinstance(parts, tuple) or len(parts) not in (2, 3):
            raise TypeError(
                f"sampler {method.label!r} must return a tuple (X, y), or (X, y, weights). Got {type(parts)}."
            )
        y = np.asarray(parts[1])
        weights = np.asarray(parts[2], np.float64) if len(parts) == 3 else None
        share = float(np.average(y == self.positive, weights=weights))
        if not 0 < share < 1:
            raise ValueError(
                f"sampler {method.label!r} must leave rows of both classes. Got a share of {share:.0%} "
                f"of class {self.positive!r}."
            )
        return Resampling(parts[0], y, weights, share, len(y))

    def _resampled(self, method: Method) -> Any:
        name, ratio = method.sampler, method.ratio
        if not isinstance(name, str):
            return self._of_users(name)
        shared = None if isinstance(ratio, Prior) else self._shared().get(name)  # it may grow either class
        if shared is not None and self._is_matrix():
            return shared("auto" if ratio is None else ratio)
        function = getattr(fastsmote if SAMPLERS[name].needs is None else fastsmote.sklearn, name)
        options: dict[str, Any] = {} if ratio is None else {"sampling_strategy": ratio}
        if takes_seed(function):
            options["random_state"] = self.seed
        return function(self.X, self.y, n_jobs=1, **options)

    def _of_users(self, sampler: Any) -> Any:
        X, y = deepcopy(self.X), self.y.copy()  # what writes to its input harms no other method
        if not hasattr(sampler, "fit_resample"):
            return deepcopy(sampler)(X, y)  # an object that is called remembers no other fold
        return seeded(clone(sampler), self.seed).fit_resample(X, y)

    def _shared(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "smote": lambda ratio: OverSampling(*self._smote(ratio)).resampled(),
            "borderline_smote": partial(self._beside_others, _draft_borderline),
            "adasyn": partial(self._beside_others, _draft_adasyn),
            "tomek_links": lambda _: self._kept(self._unlinked()),
            "edited_nearest_neighbours": lambda _: self._kept(self._edited()),
            "neighbourhood_cleaning_rule": lambda _: self._kept(self._cleaned()),
            "smote_tomek": lambda ratio: self._combined(ratio, _without_links),
            "smote_enn": lambda ratio: self._combined(ratio, _edited),
        }

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What methods share, made by the first that asks; others wait."""
        with self._lock:
            if key not in self._known:
                self._known[key] = make()
            return self._known[key]

    def _is_matrix(self) -> bool:
        """Whether X can be read as a matrix; where not, samplers say so each in its own words."""
        try:
            self._intake()
        except (TypeError, ValueError):
            return False
        return True

    def _intake(self) -> Intake:
        return self._once("intake", partial(read_numbers, self.X, self.y, n_jobs=1))

    def _request(self, ratio: Any, name: str) -> Request:
        intake = self._intake()
        assert intake.matrix is not None
        targets = over_targets(ratio, intake.labels, self.y)
        request = Request(intake, targets, np.uint64(check_seed(self.seed)), n_jobs=1)
        require_class_size(request, _K, name)
        return request

    def _index(self) -> Index:
        """All rows, with a part for each class."""
        _, _, labels, matrix = self._intake()
        assert matrix is not None
        parts = rows_by_code(labels.codes, len(labels.counts))
        return self._once("index", partial(build_index, matrix, parts, n_jobs=1))

    def _surroundings(self) -> SharedNeighborhood:
        labels = self._intake().labels
        return self._once("surroundings", lambda: SharedNeighborhood.of(self._index(), labels, _M))

    def _smote(self, ratio: Any) -> tuple[Request, SyntheticPlan]:
        request = self._request(ratio, "k_neighbors")
        own = self._surroundings().own
        return request, draft_smote(Draft(request), lambda rows: own, _K)

    def _beside_others(self, draft: Callable[..., SyntheticPlan], ratio: Any) -> Any:
        request = self._request(ratio, "k_neighbors" if draft is _draft_borderline else "n_neighbors")
        return OverSampling(request, draft(request, self._surroundings())).resampled()

    def _combined(self, ratio: Any, clean: Callable[[Matrix, Labels], RowIds]) -> Any:
        request, plan = self._smote(ratio)
        made, after = make_rows(request, plan)
        return Combination(request, plan, made, after, clean(made, after)).resampled()

    def _kept(self, rows: RowIds) -> Any:
        return Selection(self._intake(), rows).resampled()

    def _edited(self) -> RowIds:
        return self._once("edited", partial(self._clean, editing.decide_enn, "all"))

    def _cleaned(self) -> RowIds:
        doubtful = np.setdiff1d(np.arange(len(self.y)), self._edited(), assume_unique=True)
        return self._clean(partial(editing.decide_ncr, doubtful=doubtful), 0.5)

    def _clean(self, decide: Callable[..., RowIds], how: Any) -> RowIds:
        """The rows of the larger class that a cleaner leaves, and all others."""
        intake = self._intake()
        labels = intake.labels
        cleaned, none = clean_targets("auto", labels, self.y), np.zeros_like(labels.counts)
        index = self._index() if have_parts(intake.matrix, labels) else None
        return decide(intake.matrix, labels, cleaned, _K_EDITED, how, none, 1, None, index=index)

    def _unlinked(self) -> RowIds:
        """The rows that are left without those of the larger class in Tomek links."""
        _, _, labels, matrix = self._intake()
        assert matrix is not None
        cleaned, none = clean_targets("auto", labels, self.y), np.zeros_like(labels.counts)
        return decide_without_links(matrix, labels, cleaned, none, 1, None, self._index())


def _draft_borderline(request: Request, surroundings: SharedNeighborhood) -> SyntheticPlan:
    return draft_borderline(Draft(request), surroundings, _K, _M)


def _draft_adasyn(request: Request, surroundings: SharedNeighborhood) -> SyntheticPlan:
    return draft_adasyn(Draft(request), surroundings, _K)


def _without_links(made: Matrix, labels: Labels) -> RowIds:
    every = np.ones(len(labels.counts), bool)
    return decide_without_links(made, labels, every, np.zeros_like(labels.counts), 1, None)


def _edited(made: Matrix, labels: Labels) -> RowIds:
    every, none = np.ones(len(labels.counts), bool), np.zeros_like(labels.counts)
    return editing.decide_enn(made, labels, every, _K_EDITED, "all", none, 1, None)


def read_positive(y: Any) -> tuple[NDArray[Any], Any]:
    """Labels of two classes, and the positive one: that of fewer rows, of equally many the second."""
    labels = check_labels(y)
    if len(labels.classes) != 2:
        raise ValueError(
            f"y must have two classes. Got {len(labels.classes)}; compare one class against the rest, such "
            "as compare(X, y == label)."
        )
    return labels.classes[labels.codes], labels.classes[int(labels.counts[1] <= labels.counts[0])]


def seeded(model: Any, seed: int) -> Any:
    """The model with a seed wherever it has none."""
    given = model.get_params() if hasattr(model, "get_params") else {}
    return (
        model.set_params(
            **{
                name: seed % 2**32
                for name, value in given.items()
                if value is None and name.rpartition("__")[2] == "random_state"
            }
        )
        if given
        else model
    )
