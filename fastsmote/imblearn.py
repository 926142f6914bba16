"""imbalanced-learn's resamplers, compiled: change the import, and the numbers stay.

Each class inherits from imbalanced-learn's of the same name, so parameters and their validation, attributes,
tags, containers and ``isinstance`` are imbalanced-learn's, and draws come from ``RandomState`` in its order:
the same ``random_state`` gives the same output. What a class does not cover runs in its parent, which is
logged by ``fastsmote.imblearn`` at level DEBUG and counted.

Threads are FASTSMOTE_NUM_THREADS or all usable cores, where a class has no ``n_jobs``.
"""

from fastsmote._imblearn.nominal import SMOTEN, SMOTENC
from fastsmote._imblearn.over import ADASYN, SMOTE, SVMSMOTE, BorderlineSMOTE, KMeansSMOTE, RandomOverSampler
from fastsmote._imblearn.under import (
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
