"""scikit-learn's base classes; ``_bases.pyi`` gives them types, of which scikit-learn has none."""

from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    ClassNamePrefixFeaturesOutMixin,
    MetaEstimatorMixin,
    TransformerMixin,
)
from sklearn.model_selection import BaseCrossValidator
from sklearn.neighbors._base import KNeighborsMixin

__all__ = [
    "BaseCrossValidator",
    "BaseEstimator",
    "ClassNamePrefixFeaturesOutMixin",
    "ClassifierMixin",
    "KNeighborsMixin",
    "MetaEstimatorMixin",
    "TransformerMixin",
]
