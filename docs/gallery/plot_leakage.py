"""
How good does a leak look?
==========================

The mistake that is made most: resample, then split. Here the features say nothing at all about the class,
so an honest area under the ROC curve is 0.5.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neighbors import KNeighborsClassifier

import fastsmote
from fastsmote import plot

rng = np.random.default_rng(0)
X, y = rng.normal(size=(4_000, 5)), (np.arange(4_000) % 40 == 0).astype(int)


def scores_of(X_train, y_train, X_test):
    return KNeighborsClassifier(5).fit(X_train, y_train).predict_proba(X_test)[:, 1]


plan = fastsmote.plan.smote(X, y, random_state=0)
X_all, y_all = np.concatenate([X, plan.rows(X)]), np.concatenate([y, plan.label])
shuffled = rng.permutation(len(y_all))
train, test = shuffled[len(y_all) // 2 :], shuffled[: len(y_all) // 2]
wrong = y_all[test], scores_of(X_all[train], y_all[train], X_all[test])

X_new, y_new = fastsmote.smote(X[:2_000], y[:2_000], random_state=0)
right = y[2_000:], scores_of(X_new, y_new, X[2_000:])

plot.roc({"resampled, then split": wrong, "split, then resampled": right})
plt.show()

# %%
# The report finds it, from the rows alone or with the plan:

report = fastsmote.leakage_report(X_all[train], X_all[test], plan=plan, test_rows=test)
print(report)
