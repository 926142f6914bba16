"""imbalanced-learn's resamplers and ensembles, accelerated: change the import, and the numbers stay.

Each class inherits from imbalanced-learn's of the same name, so parameters and their validation, attributes,
tags and ``isinstance`` are imbalanced-learn's, and draws come from ``RandomState`` in its order:
the same ``random_state`` gives the same output. What a class does not cover runs in its parent, which is
logged by ``fastsmote.imblearn`` at level DEBUG and counted.

X and y come back in their containers: imbalanced-learn's, subclasses of pandas' frames, and frames and
columns of polars and pyarrow, whose new rows are those of the same frame of pandas (which must be installed).
Rows that were there come back as they were, where imbalanced-learn rounds whole numbers beyond 2**53 beside
floats and makes floats of decimals; an array of objects stays one where float64 does not hold them. NaN and
infinity are errors also under ``sklearn.config_context(assume_finite=True)``.

Threads are FASTSMOTE_NUM_THREADS or all usable cores, where a class has no ``n_jobs``.

**Where what is**, in the order to read it. ``_accelerated``: the base of all classes, which decides where a
call runs and checks arrays once. ``_tally``: the record of what ran where. ``_frames``: containers on the
way in and back. ``_originals``: rows that were there. ``_overrides``: subclasses of users. ``_nearest``:
scikit-learn's NearestNeighbors with the engine's speed. Then the classes: ``_over``, ``_nominal``
(over-samplers), ``_rows`` (the base of those that keep rows), ``_cleaning``, ``_condensing``, ``_under``,
``_combine``, and ``_ensemble`` (classifiers whose sampler is ours). ``_patch`` puts them into
imbalanced-learn's modules.

**Adding a class.** Inherit from ``RespectsOverrides`` (or ``Interpolating``, ``KeepsRows``) and from
imbalanced-learn's class of the same name, in this order. Say in ``_why_parent`` which calls are left to the
parent, and do the others in ``_resample_fast`` (``_kept`` where rows are kept), by a function of the engine
and with the parent's draws. Name the class in ``__all__`` here and in the sampler's row of
``fastsmote._sampling.registry``: the tests against imbalanced-learn, the patch and the benchmarks go over
these names.
"""

from fastsmote._core.extras import require

require("imblearn", "fastsmote.imblearn", "sklearn", "imblearn")

from fastsmote.imblearn._accelerated import Accelerated
from fastsmote.imblearn._cleaning import (
    AllKNN,
    EditedNearestNeighbours,
    NeighbourhoodCleaningRule,
    RepeatedEditedNearestNeighbours,
    TomekLinks,
)
from fastsmote.imblearn._combine import SMOTEENN, SMOTETomek
from fastsmote.imblearn._condensing import CondensedNearestNeighbour, OneSidedSelection
from fastsmote.imblearn._ensemble import (
    BalancedBaggingClassifier,
    BalancedRandomForestClassifier,
    EasyEnsembleClassifier,
    RUSBoostClassifier,
)
from fastsmote.imblearn._frames import in_containers
from fastsmote.imblearn._nearest import ExactNeighbors  # noqa: F401 (pickles of fitted samplers name it)
from fastsmote.imblearn._nominal import SMOTEN, SMOTENC, MixedNeighbors  # noqa: F401 (as ExactNeighbors)
from fastsmote.imblearn._over import ADASYN, SMOTE, SVMSMOTE, BorderlineSMOTE, KMeansSMOTE, RandomOverSampler
from fastsmote.imblearn._tally import Tally  # noqa: F401 (pickles of reports name it)
from fastsmote.imblearn._under import (
    ClusterCentroids,
    InstanceHardnessThreshold,
    NearMiss,
    RandomUnderSampler,
)
from fastsmote.imblearn._versions import UntestedVersionWarning, warn_untested  # noqa: F401 (for filters)

__all__ = [
    "ADASYN",
    "SMOTE",
    "SMOTEENN",
    "SMOTEN",
    "SMOTENC",
    "SVMSMOTE",
    "AllKNN",
    "BalancedBaggingClassifier",
    "BalancedRandomForestClassifier",
    "BorderlineSMOTE",
    "ClusterCentroids",
    "CondensedNearestNeighbour",
    "EasyEnsembleClassifier",
    "EditedNearestNeighbours",
    "InstanceHardnessThreshold",
    "KMeansSMOTE",
    "NearMiss",
    "NeighbourhoodCleaningRule",
    "OneSidedSelection",
    "RUSBoostClassifier",
    "RandomOverSampler",
    "RandomUnderSampler",
    "RepeatedEditedNearestNeighbours",
    "SMOTETomek",
    "TomekLinks",
]

warn_untested()
for _class in (ClusterCentroids, InstanceHardnessThreshold, SMOTEENN, SMOTETomek):  # not of Accelerated
    _class.fit_resample = in_containers(_class.fit_resample)
    _class.fit_resample.__doc__ = Accelerated.fit_resample.__doc__
for _name in __all__:  # where pickles look for a class
    globals()[_name].__module__ = __name__
