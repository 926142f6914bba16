"""
Is the second model better, or lucky?
=====================================

Two models of mammography, and an interval for the difference of their average precision: rows are drawn
again 1,000 times, the same for both.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import fastsmote
from fastsmote import plot

data = np.load(Path("../../asv_bench/benchmarks/mammography.npz"))  # OpenML 310
X, y = data["X"], data["y"].astype(int)
test = np.random.default_rng(0).random(len(y)) < 0.5
models = {
    "linear": make_pipeline(StandardScaler(), LogisticRegression()),
    "trees": ExtraTreesClassifier(random_state=0),
    "trees, other seed": ExtraTreesClassifier(random_state=1),
}
scores = {name: model.fit(X[~test], y[~test]).predict_proba(X[test])[:, 1] for name, model in models.items()}
plot.precision_recall({name: (y[test], score) for name, score in scores.items()})
plt.show()

# %%
# A difference whose interval holds 0 is none that these rows can show.

for one, other in (("trees", "linear"), ("trees, other seed", "trees")):
    found = fastsmote.bootstrap_difference(y[test], scores[one], scores[other], random_state=0)
    print(f"{one} - {other}: {found.estimate:+.3f}, 95 % from {found.low:+.3f} to {found.high:+.3f}")
