"""imbalanced-learn's resamplers, compiled: change the import, and the numbers stay.

Each class inherits from imbalanced-learn's of the same name, so parameters and their validation, attributes,
tags and ``isinstance`` are imbalanced-learn's, and draws come from ``RandomState`` in its order:
the same ``random_state`` gives the same output. What a class does not cover runs in its parent, which is
logged by ``fastsmote.imblearn`` at level DEBUG and counted.

X and y come back in their containers: imbalanced-learn's, and frames and columns of polars and pyarrow, whose
values are those of the same frame of pandas (which must be installed). NaN and infinity are errors also under
``sklearn.config_context(assume_finite=True)``.

Threads are FASTSMOTE_NUM_THREADS or all usable cores, where a class has no ``n_jobs``.
"""

from fastsmote.imblearn._common import Accelerated, Tally, in_containers  # noqa: F401 (pickles name Tally)
from fastsmote.imblearn._nearest import ExactNeighbors  # noqa: F401 (pickles of fitted samplers name it)
from fastsmote.imblearn._nominal import SMOTEN, SMOTENC, MixedNeighbors  # noqa: F401 (as ExactNeighbors)
from fastsmote.imblearn._over import ADASYN, SMOTE, SVMSMOTE, BorderlineSMOTE, KMeansSMOTE, RandomOverSampler
from fastsmote.imblearn._under import (
    SMOTEENN,
    AllKNN,
    ClusterCentroids,
    CondensedNearestNeighbour,
    EditedNearestNeighbours,
    InstanceHardnessThreshold,
    NearMiss,
    NeighbourhoodCleaningRule,
    OneSidedSelection,
    RandomUnderSampler,
    RepeatedEditedNearestNeighbours,
    SMOTETomek,
    TomekLinks,
)

__all__ = [
    "ADASYN",
    "SMOTE",
    "SMOTEENN",
    "SMOTEN",
    "SMOTENC",
    "SVMSMOTE",
    "AllKNN",
    "BorderlineSMOTE",
    "ClusterCentroids",
    "CondensedNearestNeighbour",
    "EditedNearestNeighbours",
    "InstanceHardnessThreshold",
    "KMeansSMOTE",
    "NearMiss",
    "NeighbourhoodCleaningRule",
    "OneSidedSelection",
    "RandomOverSampler",
    "RandomUnderSampler",
    "RepeatedEditedNearestNeighbours",
    "SMOTETomek",
    "TomekLinks",
]

for _class in (ClusterCentroids, InstanceHardnessThreshold, SMOTEENN, SMOTETomek):  # not of Compiled
    _class.fit_resample = in_containers(_class.fit_resample)
    _class.fit_resample.__doc__ = Accelerated.fit_resample.__doc__
for _name in __all__:  # where pickles look for a class
    globals()[_name].__module__ = __name__
