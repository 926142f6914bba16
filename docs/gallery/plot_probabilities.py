"""
Why does my model cry wolf after resampling?
============================================

Balanced rows teach a model that every second case is positive. scikit-learn's breast cancer data, with
malignant cases made rare, one in ten: a logistic regression on the rows as they are, after random over-
sampling, and with the shift of the prior taken back.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import fastsmote
from fastsmote import plot

X, y = load_breast_cancer(return_X_y=True)
y = 1 - y  # malignant is 1
rare = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:40]])
X, y = X[rare][:, :3], y[rare]

p = {"as it is": np.zeros(len(y)), "over-sampled": np.zeros(len(y)), "corrected": np.zeros(len(y))}
for train, test in StratifiedKFold(10, shuffle=True, random_state=0).split(X, y):
    model = make_pipeline(StandardScaler(), LogisticRegression())
    p["as it is"][test] = model.fit(X[train], y[train]).predict_proba(X[test])[:, 1]
    resampled = fastsmote.random_over_sample(X[train], y[train], random_state=0)
    p["over-sampled"][test] = model.fit(*resampled).predict_proba(X[test])[:, 1]
    p["corrected"][test] = fastsmote.correct_prior_from(resampled, p["over-sampled"][test])

for name, values in p.items():
    print(f"{name}: {values.sum():.0f} malignant expected of {y.sum()}")

# %%
# Bars are intervals: few rows say little about a bin.

plot.reliability({name: (y, values) for name, values in p.items()}, n_bins=5)
plt.show()

# %%
# One call gives back what resampling took. A forest needs a calibrator instead:
# :func:`fastsmote.fit_isotonic` or :func:`fastsmote.fit_beta`.
