"""
Does SMOTE rank better than doing nothing?
==========================================

Often not. Mammography has 11,183 images, 2.3 % of them with calcifications, and six numbers for each. Three
learners are trained on half of the rows as they are, after SMOTE, and after random under-sampling; average
precision is that of the other half, over five splits.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

import fastsmote

data = np.load(Path("../../asv_bench/benchmarks/mammography.npz"))  # OpenML 310
X, y = data["X"], data["y"].astype(int)

learners = {
    "linear": make_pipeline(StandardScaler(), LogisticRegression()),
    "neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier(20)),
    "tree": DecisionTreeClassifier(min_samples_leaf=5, random_state=0),
}
found = {"as it is": [], "SMOTE": [], "under-sampled": []}
for split in range(5):
    test = np.random.default_rng(split).random(len(y)) < 0.5
    X_train, y_train = X[~test], y[~test]
    rows = {
        "as it is": (X_train, y_train),
        "SMOTE": fastsmote.smote(X_train, y_train, random_state=split),
        "under-sampled": fastsmote.random_under_sample(X_train, y_train, random_state=split),
    }
    for name, part in rows.items():
        scores = [learner.fit(*part).predict_proba(X[test])[:, 1] for learner in learners.values()]
        found[name].append([fastsmote.average_precision_score(y[test], score) for score in scores])

# %%
# Lines show the lowest and the highest of the five splits.

figure, axes = plt.subplots(figsize=(5.2, 4), layout="constrained")
places = np.arange(len(learners))
looks = {"as it is": ("C0", ""), "SMOTE": ("C1", "//"), "under-sampled": ("C7", "xx")}
for shift, (name, values) in enumerate(found.items()):
    mean, low, high = (reduce(values, axis=0) for reduce in (np.mean, np.min, np.max))
    color, hatch = looks[name]
    x, error = places + 0.27 * shift, (mean - low, high - mean)
    axes.bar(
        x,
        mean,
        0.25,
        yerr=error,
        color=color,
        hatch=hatch,
        label=name,
        ecolor=plt.rcParams["text.color"],
        capsize=3,
    )
axes.set_xticks(places + 0.27, learners)
axes.set(ylabel="average precision", ylim=(0, 0.8))
axes.legend(loc="upper right", ncols=3)
plt.show()

# %%
# Every learner ranks best on the rows as they are. If you need more alerts, move the threshold.
