"""
Do ten models on ten under-samples beat one?
============================================

An under-sample of mammography keeps one normal image in 42 and throws the rest away. Ten of them, one model
each, see ten times as many. Against one model on all rows, and one on a single under-sample:
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

import fastsmote

data = np.load(Path("../../asv_bench/benchmarks/mammography.npz"))  # OpenML 310
X, y = data["X"], data["y"].astype(int)

learners = {
    "tree": DecisionTreeClassifier(min_samples_leaf=5, random_state=0),
    "linear": make_pipeline(StandardScaler(), LogisticRegression()),
}


def score(learner, train, subsets, test):
    """The mean probability of one model for each subset of the training rows."""
    models = (learner.fit(X[train[rows]], y[train[rows]]) for rows in subsets)
    return np.mean([model.predict_proba(X[test])[:, 1] for model in models], axis=0)


found = {name: [] for name in learners}
for split in range(5):
    test = np.random.default_rng(split).random(len(y)) < 0.5
    train = np.flatnonzero(~test)
    subsets = fastsmote.balanced_subsets(y[train], 10, random_state=split)
    for name, learner in learners.items():
        ways = [slice(None)], [subsets[0]], subsets
        found[name].append(
            [fastsmote.average_precision_score(y[test], score(learner, train, way, test)) for way in ways]
        )

# %%
# Each mark is one of five halves.

figure, axes = plt.subplots(figsize=(5.2, 4), layout="constrained")
for place, (name, marker) in enumerate(zip(found, "os", strict=True)):
    values = np.array(found[name])
    x = np.arange(3) + 0.2 * place - 0.1
    axes.plot(np.tile(x, (5, 1)).T, values.T, marker, color=f"C{place}", fillstyle="none")
    style = ("-", "--")[place] + marker
    axes.plot(x, values.mean(axis=0), style, color=f"C{place}", label=f"{name}, mean")
axes.set_xticks(range(3), ["all rows", "one\nunder-sample", "ten\nunder-samples"])
axes.set(ylabel="average precision", xlim=(-0.5, 2.5), ylim=(0, 0.7))
axes.legend(loc="lower right")
plt.show()

# %%
# Ten beat one by far, above all for trees. But they only get back to what one model reaches on all rows:
# take them where all rows are too many to train on. :class:`fastsmote.sklearn.BalancedBaggingClassifier`
# does it in one object, and corrects the probabilities.
