"""Ensembles whose members are fitted one after the other, to rows that the earlier ones find hard."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import AdaBoostClassifier
from sklearn.utils import _safe_indexing
from sklearn.utils.parallel import delayed

from fastsmote._core.check import check_integer
from fastsmote._core.draw import draw_distinct
from fastsmote._core.labels import Labels
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, RandomState, RowIds
from fastsmote._sampling.places import apportion
from fastsmote._sampling.strategy import UnderStrategy
from fastsmote.sklearn._ensembles import BLOCK, BalancedEnsemble, fitted, own_seed
from fastsmote.weights import balanced_subsets


class _OneAfterTheOther(BalancedEnsemble):
    """Members of which each is fitted to rows that depend on those before."""

    def _fit(self, number: int, X: Any, y: Any, rows: RowIds, seed: int) -> Any:
        return fitted(self._member(number, seed), _safe_indexing(X, rows), y[rows])

    def _own(self, member: Any, X: Any, codes: RowIds, rows: RowIds) -> Floats:
        """The probability that a member gives to the class of each of the rows."""
        blocks = (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))
        calls = (delayed(_of_own)(member, _safe_indexing(X, block), codes[block]) for block in blocks)
        return np.concatenate([np.empty(0), *self._in_threads(calls)])


def _of_own(member: Any, X: Any, codes: RowIds) -> NDArray[Any]:
    return member.predict_proba(X)[np.arange(len(codes)), codes]


def _sizes(labels: Labels, subset: RowIds) -> dict[int, int]:
    """Rows in a subset of each class that is cut."""
    counts = labels.counts_of(subset)
    return {int(code): int(counts[code]) for code in np.flatnonzero(counts < labels.counts)}


@public("fastsmote.sklearn")
class SelfPacedEnsembleClassifier(_OneAfterTheOther):
    """The mean of classifiers whose rows of the larger classes are drawn by how hard they are so far.

    Rows of a class go into bins by hardness, 1 minus the probability that the members so far give to their
    class. The first members get more rows of easy bins, the last ones as many of each bin as they can.

    Parameters
    ----------
    estimator : classifier with predict_proba, optional
        A clone of it is fitted to each subset; None is DecisionTreeClassifier().
    n_estimators, sampling_strategy, correct_prior, random_state
        As for :class:`BalancedBaggingClassifier`.
    n_bins : int, default 20
        Bins of hardness, of equal width, from 0 to 1.
    n_jobs : int, optional
        Blocks of rows that are predicted at a time, in threads (None is one): members need each other, and
        are fitted one at a time. Results do not depend on it.

    Attributes
    ----------
    estimators_, classes_, prior_, train_prior_, n_features_in_, feature_names_in_
        As for :class:`BalancedBaggingClassifier`.

    See Also
    --------
    BalancedBaggingClassifier : Rows that are drawn whatever their hardness.
    BalanceCascadeClassifier : Easy rows are left out one after the other.

    Notes
    -----
    Member 0 is fitted to the first of :func:`fastsmote.balanced_subsets`. For member i a bin of mean hardness
    h weighs 1 / (h + tan(pi / 2 * i / (n_estimators - 1))) (algorithm 1), empty bins nothing; a bin gives as
    many rows as its part of the weights (largest remainder), or all that it has, and what is then missing
    comes from the others in the same way. The paper leaves member 0 out of the result; here it counts. With
    several classes each that is cut is drawn by itself.

    Rows are no random sample of their class, so ``correct_prior`` is not exact here: it takes back the shift
    of the prior. Each member predicts all rows once: time is O(n_estimators * n_samples) predictions, in
    blocks of 65,536 rows. Beside X memory is some 60 bytes for each of its rows, one such block with what the
    estimator needs for it, and the rows of one subset.

    References
    ----------
    Liu, Z., Cao, W., Gao, Z., Bian, J., Chen, H., Chang, Y., Liu, T.-Y. (2020). Self-paced ensemble for
    highly imbalanced massive data classification. IEEE ICDE, 841-852. doi:10.1109/ICDE48307.2020.00078

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.sklearn import SelfPacedEnsembleClassifier
    >>> X, y = fastsmote.make_fraud(2000, 4, fraud_rate=0.05, random_state=0)
    >>> model = SelfPacedEnsembleClassifier(random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.7)
    True
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        n_estimators: int = 10,
        n_bins: int = 20,
        sampling_strategy: UnderStrategy = "auto",
        correct_prior: bool = False,
        random_state: RandomState = None,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(
            estimator,
            n_estimators=n_estimators,
            sampling_strategy=sampling_strategy,
            correct_prior=correct_prior,
            random_state=random_state,
            n_jobs=n_jobs,
        )
        self.n_bins = n_bins

    def _members(self, X: Any, y: Any, labels: Labels, subset: RowIds, seed: int) -> list[Any]:
        n_bins = check_integer(self.n_bins, "n_bins")
        sizes = _sizes(labels, subset)
        is_cut = np.isin(labels.codes, list(sizes))
        whole, cut = np.flatnonzero(~is_cut), np.flatnonzero(is_cut)
        members = [self._fit(0, X, y, subset, seed)]
        known = np.zeros(len(cut))
        for number in range(1, self.n_estimators):
            known += self._own(members[-1], X, labels.codes, cut)
            alpha = np.tan(np.pi / 2 * number / (self.n_estimators - 1))
            parts = [whole]
            for code, size in sizes.items():
                of_class = np.flatnonzero(labels.codes[cut] == code)
                hardness, own = 1 - known[of_class] / number, own_seed(seed, number, code)
                parts.append(cut[of_class[draw_by_hardness(hardness, size, n_bins, alpha, own)]])
            members.append(self._fit(number, X, y, np.sort(np.concatenate(parts)), seed))
        return members


def draw_by_hardness(hardness: Floats, size: int, n_bins: int, alpha: float, seed: int) -> RowIds:
    """Places of ``size`` rows, drawn from bins of hardness by the weights of the bins."""
    bins = np.clip((hardness * n_bins).astype(np.int64), 0, n_bins - 1)
    counts = np.bincount(bins, minlength=n_bins)
    sums = np.bincount(bins, hardness, n_bins)
    mean = np.divide(sums, counts, out=np.zeros(n_bins), where=counts > 0)
    taken = shared_out(1 / (mean + alpha), counts, size)
    parts = [
        np.flatnonzero(bins == one)[draw_distinct(np.uint64(seed), one, int(counts[one]), int(n), None)]
        for one, n in enumerate(taken)
        if n
    ]
    return np.concatenate(parts)


def shared_out(weights: Floats, room: RowIds, total: int) -> RowIds:
    """``total`` in proportion to ``weights``, but no more than there is room for; the rest to the others."""
    taken = np.zeros_like(room)
    while (left := total - int(taken.sum())) > 0:
        is_open = taken < room
        more = apportion(np.where(is_open, weights, 0.0), left)
        taken = np.minimum(taken + more, room)
    return taken


@public("fastsmote.sklearn")
class BalanceCascadeClassifier(_OneAfterTheOther):
    """The mean of classifiers, of which each leaves out the rows of the larger classes that it knows best.

    Parameters
    ----------
    estimator : classifier with predict_proba, optional
        A clone of it is fitted to each subset; None is AdaBoostClassifier().
    n_estimators, sampling_strategy, correct_prior, random_state
        As for :class:`BalancedBaggingClassifier`.
    n_jobs : int, optional
        As for :class:`SelfPacedEnsembleClassifier`.

    Attributes
    ----------
    estimators_, classes_, prior_, train_prior_, n_features_in_, feature_names_in_
        As for :class:`BalancedBaggingClassifier`.

    See Also
    --------
    EasyEnsembleClassifier : Subsets that do not depend on each other.
    SelfPacedEnsembleClassifier : Keeps some of the easy rows.

    Notes
    -----
    Each member is fitted to the first of :func:`fastsmote.balanced_subsets` of the rows that are left. Of a
    class of N rows that is cut to m, member i of T then leaves N (m / N) ** ((i + 1) / (T - 1)) rows, those
    to whose class it gives the lowest probability (of equal ones the first), so that m are left for the last
    one (algorithm 2, where a threshold leaves as many). The members' probabilities are averaged where the
    paper adds up the scores of all weak learners.

    Rows are no random sample of their class, so ``correct_prior`` is not exact here: it takes back the shift
    of the prior. Time and memory as for :class:`SelfPacedEnsembleClassifier`, over the rows that are left.

    References
    ----------
    As for :class:`EasyEnsembleClassifier`.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.sklearn import BalanceCascadeClassifier
    >>> X, y = fastsmote.make_fraud(2000, 4, fraud_rate=0.05, random_state=0)
    >>> model = BalanceCascadeClassifier(n_estimators=3, random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.7)
    True
    """

    def _default(self) -> Any:
        return AdaBoostClassifier()

    def _members(self, X: Any, y: Any, labels: Labels, subset: RowIds, seed: int) -> list[Any]:
        sizes, last = _sizes(labels, subset), self.n_estimators - 1
        left, members = np.arange(len(labels.codes)), [self._fit(0, X, y, subset, seed)]
        for number in range(1, self.n_estimators):
            stay = [left[~np.isin(labels.codes[left], list(sizes))]]
            for code, size in sizes.items():
                rows, n = left[labels.codes[left] == code], int(labels.counts[code])
                n_left = round(n * (size / n) ** (number / last))
                known = self._own(members[-1], X, labels.codes, rows)
                stay.append(rows[np.argsort(known, kind="stable")[:n_left]])
            left = np.sort(np.concatenate(stay))
            rows = left
            if sizes:
                codes, own = labels.codes[left], own_seed(seed, number, 0)
                rows = left[balanced_subsets(codes, 1, sampling_strategy=sizes, random_state=own)[0]]
            members.append(self._fit(number, X, y, rows, seed))
        return members
