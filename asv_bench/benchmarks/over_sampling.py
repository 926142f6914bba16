"""Over-sampling beside imbalanced-learn."""

import numpy as np

from .common import FEATURES, FRAUD_RATES, ROWS, categories, fraud, later, only_where, sizes

fastsmote = later("fastsmote")
with_sklearn = later("fastsmote.sklearn")
over_sampling = later("imblearn.over_sampling")
cluster = later("sklearn.cluster")


class _OverSampling:
    reference = "imbalanced-learn"
    params = (["fastsmote", "imbalanced-learn"], ROWS, FEATURES, FRAUD_RATES)
    param_names = ("library", "rows", "features", "fraud_rate")
    timeout = 900

    def ours(self, X, y):
        raise NotImplementedError

    def theirs(self, X, y):
        raise NotImplementedError

    def data(self, rows, features, fraud_rate):
        return fraud(rows, features, fraud_rate)

    def setup(self, library, rows, features, fraud_rate):
        self.X, self.y = self.data(rows, features, fraud_rate)
        self.resample = self.ours if library == "fastsmote" else self.theirs
        self.ours(*self.data(1000, features, 0.1))

    def time_resample(self, library, rows, features, fraud_rate):
        self.resample(self.X, self.y)

    def peakmem_resample(self, library, rows, features, fraud_rate):
        self.resample(self.X, self.y)

    def track_error(self, library, rows, features, fraud_rate):
        """Largest difference between column means of the new rows and imbalanced-learn's, in deviations."""
        actual, expected = (
            sampler(self.X, self.y)[0][len(self.X) :] for sampler in (self.resample, self.theirs)
        )
        return float(np.max(np.abs(actual.mean(axis=0) - expected.mean(axis=0)) / expected.std(axis=0)))


class RandomOverSample(_OverSampling):
    covers = ("random_over_sample",)

    def ours(self, X, y):
        return fastsmote.random_over_sample(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.RandomOverSampler(random_state=0).fit_resample(X, y)


class Smote(_OverSampling):
    covers = ("smote",)

    def ours(self, X, y):
        return fastsmote.smote(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.SMOTE(random_state=0).fit_resample(X, y)


class Adasyn(_OverSampling):
    covers = ("adasyn",)

    def ours(self, X, y):
        return fastsmote.adasyn(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.ADASYN(random_state=0).fit_resample(X, y)


class BorderlineSmote(_OverSampling):
    covers = ("borderline_smote",)

    def ours(self, X, y):
        return fastsmote.borderline_smote(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.BorderlineSMOTE(random_state=0).fit_resample(X, y)


class KMeansSmote(_OverSampling):
    """Both with the clusters of one model, which are not those that either would find."""

    covers = ("kmeans_smote",)
    params = (["fastsmote", "imbalanced-learn"], ROWS, FEATURES, [0.01, 0.1])

    def ours(self, X, y):
        clusters = cluster.MiniBatchKMeans(8, random_state=0).fit_predict(X)
        return fastsmote.kmeans_smote(
            X, y, clusters=clusters, cluster_balance_threshold=0.001, random_state=0
        )

    def theirs(self, X, y):
        return over_sampling.KMeansSMOTE(cluster_balance_threshold=0.001, random_state=0).fit_resample(X, y)


class SvmSmote(_OverSampling):
    """Fitting the classifier is most of it."""

    covers = ("svm_smote", "sklearn.svm_smote")
    params = (["fastsmote", "imbalanced-learn"], [10_000], FEATURES, [0.01, 0.1])

    def ours(self, X, y):
        return with_sklearn.svm_smote(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.SVMSMOTE(random_state=0).fit_resample(X, y)


class SmoteNC(_OverSampling):
    """Three categorical columns beside the numeric ones."""

    covers = ("smotenc",)
    params = (["fastsmote", "imbalanced-learn"], ROWS, [30], [0.01])
    categorical = (30, 31, 32)

    def data(self, rows, features, fraud_rate):
        X, y = fraud(rows, features, fraud_rate)
        return np.column_stack([X, categories(y, (8, 24, 200))]), y

    def ours(self, X, y):
        return fastsmote.smotenc(X, y, categorical_features=self.categorical, random_state=0)

    def theirs(self, X, y):
        return over_sampling.SMOTENC(self.categorical, random_state=0).fit_resample(X, y)


class SmoteN(_OverSampling):
    """Columns of 3 to 40 categories. imbalanced-learn has a matrix of the rare class per column."""

    covers = ("smoten",)
    params = (["fastsmote", "imbalanced-learn"], sizes(20_000, 1_000_000), [10], [0.01, 0.25])

    def data(self, rows, features, fraud_rate):
        y = fraud(rows, 8, fraud_rate)[1]
        return categories(y, np.linspace(3, 40, features).astype(int)), y

    def setup(self, library, rows, features, fraud_rate):
        if library != "fastsmote" and rows * fraud_rate > 10_000:
            raise NotImplementedError("a matrix of more than 800 MB per column")
        super().setup(library, rows, features, fraud_rate)

    def ours(self, X, y):
        return fastsmote.smoten(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.SMOTEN(random_state=0).fit_resample(X, y)

    @only_where(lambda library, rows, features, fraud_rate: rows * fraud_rate <= 10_000)
    def track_error(self, library, rows, features, fraud_rate):
        """Largest difference between the share of a category in the new rows and in imbalanced-learn's."""
        actual, expected = (
            sampler(self.X, self.y)[0][len(self.X) :] for sampler in (self.resample, self.theirs)
        )
        categories = np.arange(self.X.max() + 1)[:, np.newaxis, np.newaxis]
        return float(
            np.abs((actual == categories).mean(axis=1) - (expected == categories).mean(axis=1)).max()
        )
