"""Data that are made, beside scikit-learn's."""

from .common import found, fraud, later, sizes

fastsmote = later("fastsmote")


class MakeFraud:
    """Rows of 30 features, 1 % of them fraud."""

    covers = ("make_fraud",)
    reference = "scikit-learn's make_classification"
    params = (["fastsmote", "scikit-learn"], sizes(100_000, 1_000_000))
    param_names = ("library", "rows")

    def setup(self, library, rows):
        if library == "fastsmote":
            self.make = lambda: fastsmote.make_fraud(rows, 30, fraud_rate=0.01, random_state=0)
        else:
            make = found("sklearn.datasets", "make_classification")
            self.make = lambda: make(rows, 30, n_informative=10, weights=[0.99], random_state=0)
        self.make()

    def time_make(self, library, rows):
        self.make()

    def peakmem_make(self, library, rows):
        self.make()


class MakeImbalance:
    """Half the frauds of 10 features go."""

    covers = ("make_imbalance",)
    reference = "imbalanced-learn"
    params = (["fastsmote", "imbalanced-learn"], sizes(100_000, 1_000_000))
    param_names = ("library", "rows")

    def setup(self, library, rows):
        ours = library == "fastsmote"
        make = found("fastsmote" if ours else "imblearn.datasets", "make_imbalance")
        X, y = fraud(rows, 10, 0.01)
        self.make = lambda: make(X, y, sampling_strategy={1: rows // 200}, random_state=0)
        self.make()

    def time_make(self, library, rows):
        self.make()

    def peakmem_make(self, library, rows):
        self.make()
