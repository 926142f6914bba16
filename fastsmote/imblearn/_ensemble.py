"""Ensembles of ``fastsmote.imblearn``: imbalanced-learn's, for which the accelerated sampler draws rows."""

from collections.abc import Callable
from typing import Any, Self

import imblearn.ensemble as parents

from fastsmote._core.foreign import refuse_unread
from fastsmote.imblearn._tally import run_and_count
from fastsmote.imblearn._under import RandomUnderSampler

_MEMBERS = "the members do the work"


def _accelerated(sampler: Any) -> RandomUnderSampler:
    """The accelerated class with the parameters of imbalanced-learn's."""
    return RandomUnderSampler(**sampler.get_params(deep=False))


def _fitted(model: Any, fit: Callable[..., Any], X: Any, y: Any, *weight: Any) -> Any:
    """What ``fit`` of imbalanced-learn gives, counted; tables that are not in memory are refused before."""
    refuse_unread(X, "X")
    refuse_unread(y, "y")
    return run_and_count(model, _MEMBERS, fit, fit, X, y, *weight)


class BalancedBaggingClassifier(parents.BalancedBaggingClassifier):  # type: ignore[misc]
    """imbalanced-learn's BalancedBaggingClassifier with an accelerated sampler.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.ensemble.BalancedBaggingClassifier`. A ``sampler`` that you pass is taken as it is: pass
    those of ``fastsmote.imblearn``.

    See Also
    --------
    fastsmote.sklearn.BalancedBaggingClassifier : Of subsets that share out the rows.
    EasyEnsembleClassifier : With boosting in each member.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import BalancedBaggingClassifier
    >>> X, y = fastsmote.make_fraud(1000, 4, fraud_rate=0.1, random_state=0)
    >>> bool(BalancedBaggingClassifier(random_state=0).fit(X, y).score(X, y) > 0.8)
    True
    """

    sampler_: Any

    def fit(self, X: Any, y: Any) -> Self:
        """Fit the members; parameters and result as in imbalanced-learn.

        See Also
        --------
        fastsmote.patch_report : What ran where.
        """
        return _fitted(self, super().fit, X, y)

    def _validate_estimator(self, *default: Any) -> None:
        if self.sampler is None:
            self.sampler_ = _accelerated(self.sampler_)
        super()._validate_estimator(*default)


class BalancedRandomForestClassifier(parents.BalancedRandomForestClassifier):  # type: ignore[misc]
    """imbalanced-learn's BalancedRandomForestClassifier with an accelerated sampler.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.ensemble.BalancedRandomForestClassifier`.

    See Also
    --------
    BalancedBaggingClassifier : Any classifier in the place of trees.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import BalancedRandomForestClassifier
    >>> X, y = fastsmote.make_fraud(1000, 4, fraud_rate=0.1, random_state=0)
    >>> bool(BalancedRandomForestClassifier(10, random_state=0).fit(X, y).score(X, y) > 0.8)
    True
    """

    base_sampler_: Any

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the trees; parameters and result as in imbalanced-learn.

        See Also
        --------
        fastsmote.patch_report : What ran where.
        """
        return _fitted(self, super().fit, X, y, sample_weight)

    def _validate_estimator(self, *default: Any) -> None:
        super()._validate_estimator(*default)
        self.base_sampler_ = _accelerated(self.base_sampler_)


class EasyEnsembleClassifier(parents.EasyEnsembleClassifier):  # type: ignore[misc]
    """imbalanced-learn's EasyEnsembleClassifier with an accelerated sampler.

    Parameters, attributes, results and errors are those of :class:`imblearn.ensemble.EasyEnsembleClassifier`.

    See Also
    --------
    fastsmote.sklearn.EasyEnsembleClassifier : Of subsets that share out the rows.
    RUSBoostClassifier : One boosted classifier that draws rows for each of its steps.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import EasyEnsembleClassifier
    >>> X, y = fastsmote.make_fraud(1000, 4, fraud_rate=0.1, random_state=0)
    >>> bool(EasyEnsembleClassifier(2, random_state=0).fit(X, y).score(X, y) > 0.8)
    True
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Fit the members; parameters and result as in imbalanced-learn.

        See Also
        --------
        fastsmote.patch_report : What ran where.
        """
        return _fitted(self, super().fit, X, y)

    def _validate_estimator(self, *default: Any) -> None:
        super()._validate_estimator(*default)
        name, sampler = self.estimator_.steps[0]
        self.estimator_.steps[0] = (name, _accelerated(sampler))


class RUSBoostClassifier(parents.RUSBoostClassifier):  # type: ignore[misc]
    """imbalanced-learn's RUSBoostClassifier with an accelerated sampler.

    Parameters, attributes, results and errors are those of :class:`imblearn.ensemble.RUSBoostClassifier`.

    See Also
    --------
    EasyEnsembleClassifier : Several boosted classifiers, each of rows that are drawn once.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import RUSBoostClassifier
    >>> X, y = fastsmote.make_fraud(1000, 4, fraud_rate=0.1, random_state=0)
    >>> bool(RUSBoostClassifier(n_estimators=10, random_state=0).fit(X, y).score(X, y) > 0.8)
    True
    """

    base_sampler_: Any

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the members; parameters and result as in imbalanced-learn.

        See Also
        --------
        fastsmote.patch_report : What ran where.
        """
        return _fitted(self, super().fit, X, y, sample_weight)

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        self.base_sampler_ = _accelerated(self.base_sampler_)
