"""Combinations of ``fastsmote.imblearn``: over-sampling and cleaning, both compiled."""

from typing import Any

import imblearn.combine as parents

from fastsmote.imblearn._cleaning import EditedNearestNeighbours, TomekLinks
from fastsmote.imblearn._common import run
from fastsmote.imblearn._over import SMOTE


class SMOTEENN(parents.SMOTEENN):  # type: ignore[misc]
    """imbalanced-learn's SMOTEENN, of compiled parts.

    Parameters, attributes, results and errors are those of :class:`imblearn.combine.SMOTEENN`. Samplers of
    your own are taken as they are: pass those of ``fastsmote.imblearn``. Cleaning can differ where distances
    tie, as among synthetic rows on a grid, or lose digits there (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SMOTEENN
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = SMOTEENN(random_state=0).fit_resample(X, y)
    >>> len(y) < len(y_resampled) <= 1800
    True
    """

    smote_: Any
    enn_: Any

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        if self.smote is None:
            self.smote_ = SMOTE(**self.smote_.get_params(deep=False))
        if self.enn is None:
            self.enn_ = EditedNearestNeighbours(**self.enn_.get_params(deep=False))

    def _fit_resample(self, X: Any, y: Any) -> Any:
        parent = super()._fit_resample
        return run(self, _foreign(SMOTE, self.smote, EditedNearestNeighbours, self.enn), parent, parent, X, y)


class SMOTETomek(parents.SMOTETomek):  # type: ignore[misc]
    """imbalanced-learn's SMOTETomek, of compiled parts.

    Parameters, attributes, results and errors are those of :class:`imblearn.combine.SMOTETomek`. Samplers of
    your own are taken as they are: pass those of ``fastsmote.imblearn``. Cleaning can differ where distances
    tie, as among synthetic rows on a grid, or lose digits there (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SMOTETomek
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = SMOTETomek(random_state=0).fit_resample(X, y)
    >>> len(y) < len(y_resampled) <= 1800
    True
    """

    smote_: Any
    tomek_: Any

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        if self.smote is None:
            self.smote_ = SMOTE(**self.smote_.get_params(deep=False))
        if self.tomek is None:
            self.tomek_ = TomekLinks(**self.tomek_.get_params(deep=False))

    def _fit_resample(self, X: Any, y: Any) -> Any:
        parent = super()._fit_resample
        return run(self, _foreign(SMOTE, self.smote, TomekLinks, self.tomek), parent, parent, X, y)


def _foreign(smote: type, own_smote: Any, cleaner: type, own_cleaner: Any) -> str | None:
    """Why a combination is not compiled: a sampler of imbalanced-learn was given."""
    for ours, given in ((smote, own_smote), (cleaner, own_cleaner)):
        if given is not None and not isinstance(given, ours):
            return f"{type(given).__module__}.{type(given).__name__} was given"
    return None
