"""
Is balancing classes a bad idea?
================================

*Balancing Classes in Classification Problems*, by Matt Kaye, April 1, 2023, asks what happens to
probabilities when classes are made equal. One feature of the Wisconsin breast cancer data, the thickness of
clumps, is enough: balanced models see too many tumours, whether rows are dropped or SMOTE makes new ones. Its
conclusion: imbalance is information, so be careful with "fixing" it.

All of it comes out here. What the article leaves open is the way back, one call. One remark before:
scikit-learn's ``load_breast_cancer`` is another set, of 569 rows, and thickness is not in it.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

import fastsmote
from fastsmote import plot

table = np.genfromtxt("../data/breast-cancer-wisconsin.data", delimiter=",")  # UCI, W. Wolberg, CC BY 4.0
X, y = table[:, 1:2], (table[:, -1] == 4).astype(int)  # malignant is 1
print(f"{(y == 0).sum()} benign, {y.sum()} malignant: {y.mean():.7f}")

# %%
# Three models
# ------------
# R's ``glm`` has no penalty. scikit-learn's logistic regression has one unless it is told otherwise.

rows = {
    "original": (X, y),
    "undersampled": fastsmote.random_under_sample(X, y, random_state=0),
    "SMOTE": fastsmote.smote(X, y, random_state=0),
}


def fit(X, y):
    return LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-9).fit(X, y)


models = {name: fit(*part) for name, part in rows.items()}
here = pd.DataFrame(
    {name: [model.intercept_[0], model.coef_[0, 0]] for name, model in models.items()},
    index=["intercept", "thickness"],
)
printed = pd.DataFrame(
    {
        "original": [-5.1601677, 0.9354593],
        "undersampled": [-4.4911164, 0.9400247],
        "SMOTE": [-4.4639646, 0.9173742],
    },
    index=here.index,
)
print(f"with scikit-learn's own penalty: {LogisticRegression().fit(X, y).intercept_[0]:.4f}")
pd.concat({"printed": printed, "here": here}).T.map("{:.7f}".format)

# %%
# The first line is the same to the last digit. The others depend on which rows were drawn, by R there and by
# another generator here. Forty draws tell how much:

draws = {
    name: np.array([fit(*sampler(X, y, random_state=seed)).intercept_[0] for seed in range(40)])
    for name, sampler in {"undersampled": fastsmote.random_under_sample, "SMOTE": fastsmote.smote}.items()
}
for name, intercepts in draws.items():
    print(f"{name}: intercepts {intercepts.mean():.2f} on average, from {intercepts.min():.2f}", end=" ")
    print(f"to {intercepts.max():.2f}; printed {printed[name]['intercept']:.2f}")

# %%
# A trap: this SMOTE makes nothing new
# ------------------------------------
# Thickness is a whole number from 1 to 10, so nearly all neighbours are equal rows, and between equal rows
# there is nothing to interpolate. A plan tells it before a row is made:

plan = fastsmote.plan.smote(X, y, random_state=0)
copies = (X[plan.base] == X[plan.neighbor]).mean()
print(f"{copies:.0%} of {len(plan.base)} new rows repeat an old one")

# %%
# Calibration
# -----------
# The article draws three plots; here they are one, with the way back. What a sampler returns knows the counts
# before and after, so that :func:`fastsmote.correct_prior_from` needs nothing else.

p = {name: model.predict_proba(X)[:, 1] for name, model in models.items()}
p["SMOTE, corrected"] = fastsmote.correct_prior_from(rows["SMOTE"], p["SMOTE"])
plot.reliability({name: (y, values) for name, values in p.items()}, n_bins=5)
plt.show()

# %%
# Only the intercept moves
# ------------------------
# For logistic models the correction is one number, that of the odds. It is the same for both balanced models,
# and it takes the printed intercepts back, too.

offset = fastsmote.logit_offset(train_prior=0.5, true_prior=y.mean())
corrected = pd.DataFrame({"printed": printed.loc["intercept"], "here": here.loc["intercept"]})
corrected.loc[["undersampled", "SMOTE"]] += offset
expected = pd.Series({name: values.sum() for name, values in p.items()})
print(f"offset {offset:.4f}; {expected.round(1).to_dict()} malignant expected, {y.sum()} there")
corrected.round(3)

# %%
# A model without features knows the share alone: 0.5 after balancing, and 0.3447783 when it is corrected.

no_information = fastsmote.correct_prior(0.5, train_prior=0.5, true_prior=y.mean())
print(f"{no_information:.7f}")

# %%
# A forest
# --------
# The article fits a random forest to the rows of SMOTE and finds it less wrong, but wrong. On thickness alone
# a forest is little more than the share of each of ten values, so the correction brings it near to the truth
# as well.

forest = RandomForestClassifier(300, random_state=0).fit(*rows["SMOTE"])
p["forest"] = forest.predict_proba(X)[:, 1]
p["forest, corrected"] = fastsmote.correct_prior_from(rows["SMOTE"], p["forest"])
for name in ("SMOTE", "forest", "forest, corrected"):
    error = fastsmote.expected_calibration_error(y, p[name])
    print(f"{name}: calibration error {error:.3f}, {p[name].sum():.0f} malignant expected")

# %%
# These rows are those of training, as in the article: two numbers fitted to 699 rows leave little to learn by
# heart. Nine features and trees leave much, so from here on models are judged on rows that they have not
# seen.
#
# When to rebalance, 1: the share is known to be wrong
# ----------------------------------------------------
# Of 1,000 patients 400 are malignant, but in the population 20 % are. The class to cut is then the *smaller*
# one, which a ratio can not say. A :class:`fastsmote.Prior` can; correcting probabilities costs no rows at
# all.

patients, malignant = np.arange(1000)[:, np.newaxis], np.repeat([0, 1], [600, 400])
prior = fastsmote.Prior({1: 0.2})
cut = fastsmote.random_under_sample(patients, malignant, sampling_strategy=prior, random_state=0)
print(f"{cut.counts_after}, or without losing a row: ", end="")
print(f"p = 0.4 becomes {fastsmote.correct_prior(0.4, train_prior=0.4, true_prior=0.2):.1f}")

# %%
# When to rebalance, 2: boosting, SMOTE and Platt
# -----------------------------------------------
# SMOTE, a booster and a Platt scaler behind it may better F1 and area, says the article. Let us see, with all
# nine features of the rows that are complete. Part of it can not be: Platt's map rises, so that it changes no
# order, no area, and no F1 at its best threshold. SMOTE would have to do it.

complete = table[~np.isnan(table).any(axis=1)]
X_all, y_all = complete[:, 1:-1], (complete[:, -1] == 4).astype(int)
booster = HistGradientBoostingClassifier(max_iter=50, random_state=0)
found = fastsmote.compare(
    X_all,
    y_all,
    estimators=booster,
    samplers="smote",
    metrics=["roc_auc", "f1", "brier", "calibration_error"],
    random_state=0,
)
print(found.verdict)
found.to_frame()[["method", "roc_auc", "f1", "brier", "calibration_error"]].round(4)

# %%
# A comparison keeps the probabilities of rows that were not trained on. Platt's map is fitted to half of them
# here, and all ways are judged on the other half:

fitted = np.arange(len(found.y)) % 2 == 0
raw = found.raw[1]
ways = {
    "as it is": found.raw[0],
    "SMOTE": raw,
    "SMOTE, corrected": found.corrected[1],
    "SMOTE, Platt": fastsmote.fit_platt(found.y[fitted], raw[fitted])(raw),
}
judged = pd.DataFrame(index=["ROC AUC", "best F1", "Brier score", "malignant expected"])
for name, values in ways.items():
    truth, held = found.y[~fitted], values[~fitted]
    best = fastsmote.best_threshold(fastsmote.confusion_sweep(truth, held), "f1")
    area, brier = fastsmote.roc_auc_score(truth, held), fastsmote.brier_score(truth, held)
    judged[name] = [area, best.f1, brier, held.sum()]
print(f"{truth.sum()} malignant")
judged.T.round(4)

# %%
# Nothing is gained: with all features the classes lie well apart, and then neither SMOTE nor a way back
# matters much.
