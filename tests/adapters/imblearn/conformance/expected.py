"""What is known about imbalanced-learn's own suite when it runs with our classes: every id with its reason.

The lists hold for the versions in ``VERSIONS`` and ``LOWEST``; with others they are looked at anew.
"""

from importlib.metadata import version

VERSIONS = {"imbalanced-learn": "0.14", "scikit-learn": "1.9"}
LOWEST = {"imbalanced-learn": "0.13", "scikit-learn": "1.6"}

# parts of imbalanced-learn whose tests are run, one process each, with equal shares of the time
PARTS = (
    (
        "imblearn.over_sampling",
        "imblearn.under_sampling",
        "imblearn.combine",
        "imblearn.ensemble",
        "imblearn.tests.test_pipeline",
        "imblearn.tests.test_common::test_all_estimator_no_base_class",
        "imblearn.tests.test_common::test_estimators_imblearn",
        "imblearn.tests.test_common::test_check_param_validation",
        "imblearn.tests.test_common::test_strategy_as_ordered_dict",
        "imblearn.tests.test_common::test_pandas_column_name_consistency",
    ),
    ("imblearn.tests.test_common::test_estimators_compatibility_sklearn",),
)

# ids that fail with ours, at most 8; each passes without the patch
FAILURES: dict[str, str] = {}

# ids that fail with imbalanced-learn's own classes, whatever the patch
BASELINE: dict[str, str] = {}
BASELINE_OF_LOWEST = {
    "imblearn/tests/test_common.py::test_estimators_compatibility_sklearn[SMOTEN(random_state=42)-"
    "check_estimator_sparse_tag]": "SMOTEN takes sparse rows, and says that it does not",
}

# estimators whose common checks run with FASTSMOTE_CONFORMANCE=full only
LEFT_OUT = {
    "EasyEnsembleClassifier": "boosting takes half a minute; the tests of its own run, and the checks of the "
    "other ensembles",
    "InstanceHardnessThreshold": "forests take half a minute; the parent class does all of the work, in the "
    "tests of its own too",
}

# classes without any work to compile: no kernel is entered
WITHOUT_KERNELS = {
    "BalancedBaggingClassifier": "the members are scikit-learn's, their rows RandomUnderSampler's",
    "BalancedRandomForestClassifier": "the trees are scikit-learn's, their rows RandomUnderSampler's",
    "ClusterCentroids": "KMeans of scikit-learn does the work",
    "EasyEnsembleClassifier": "the members are scikit-learn's, their rows RandomUnderSampler's",
    "InstanceHardnessThreshold": "a classifier of scikit-learn does the work",
    "RUSBoostClassifier": "the members are scikit-learn's, their rows RandomUnderSampler's",
    "RandomOverSampler": "RandomState draws the rows and NumPy copies them",
    "RandomUnderSampler": "RandomState draws the rows and NumPy copies them",
    "SMOTEN": "NumPy sums distances of categories out of tables, in threads",
}


def installed() -> dict[str, str]:
    """Versions that are here, as in ``VERSIONS``."""
    return {name: ".".join(version(name).split(".")[:2]) for name in VERSIONS}
