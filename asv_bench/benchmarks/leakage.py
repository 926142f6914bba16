"""Leakage between a train and a test part, and advice, against pandas and scikit-learn."""

import numpy as np

from .common import fraud, later, needs, sizes, some

fastsmote = later("fastsmote")
neighbors = later("sklearn.neighbors")
pd = later("pandas")
preprocessing = later("sklearn.preprocessing")

N_COPIES = 200


class Leakage:
    """Four fifths of the rows against one fifth: copies, near copies, and rows that were resampled first."""

    covers = ("leakage_report",)
    reference = "pandas for equal rows, scikit-learn for near ones"
    params = (sizes(10_000, 100_000, 1_000_000), some("copies", "smote"))
    param_names = ("n", "mistake")
    timeout = 600

    def setup(self, n, mistake):
        X, y = fraud(n // 2 if mistake == "smote" else n, 30, 0.01)
        if mistake == "smote":
            X, y = fastsmote.smote(X, y, random_state=0)
        order = np.random.default_rng(0).permutation(len(X))
        self.train, self.test = np.split(X[order], [4 * len(X) // 5])
        self.y_test = y[order][len(self.train) :]
        if mistake == "copies":
            noise = 1e-6 * np.random.default_rng(1).normal(size=(N_COPIES, 30))
            self.test[:N_COPIES] = self.train[:N_COPIES] + noise
        fastsmote.leakage_report(self.train[:2000], self.test[:500])  # compiles, or loads, the kernels

    def report(self):
        return fastsmote.leakage_report(self.train, self.test, y_test=self.y_test)

    def time_ours(self, n, mistake):
        self.report()

    def peakmem_ours(self, n, mistake):
        self.report()

    @needs("pandas")
    def time_pandas_equal_rows(self, n, mistake):
        """Which test rows equal a train row, and nothing else."""
        known = pd.MultiIndex.from_frame(pd.DataFrame(self.train))
        pd.MultiIndex.from_frame(pd.DataFrame(self.test)).isin(known)

    def time_sklearn_near_rows_of_1000(self, n, mistake):
        """The nearest train row of 1,000 test rows, and nothing else."""
        scaler = preprocessing.StandardScaler().fit(self.train)
        index = neighbors.NearestNeighbors(n_neighbors=1, algorithm="brute", n_jobs=-1).fit(
            scaler.transform(self.train)
        )
        index.kneighbors(scaler.transform(self.test[:1000]))

    def track_error(self, n, mistake):
        """Share of the planted copies that are missed; with SMOTE, of the minority rows that were asked."""
        report = self.report()
        if mistake == "copies":
            return 1 - np.isin(np.arange(N_COPIES), report.near_pairs[:, 0]).mean()
        asked = min(int(self.y_test.sum()), report.n_lines_asked // 2)
        return max(0.0, 1 - len(report.line_triples) / asked)


class Advice:
    """Findings and rules; scikit-learn searches the same neighbours of the minority."""

    covers = ("advise",)
    reference = "scikit-learn's neighbours of 100 rows"
    params = sizes(10_000, 100_000, 1_000_000)
    param_names = ("n",)
    timeout = 600

    def setup(self, n):
        self.X, self.y = fraud(n, 30, 0.01)
        fastsmote.advise(self.X[:2000], np.arange(2000) % 10 == 0)

    def time_ours(self, n):
        fastsmote.advise(self.X, self.y)

    def peakmem_ours(self, n):
        fastsmote.advise(self.X, self.y)

    def time_sklearn_neighbors_of_100(self, n):
        index = neighbors.NearestNeighbors(n_neighbors=6, algorithm="brute", n_jobs=-1).fit(self.X)
        index.kneighbors(self.X[self.y == 1][:100])
