"""
Five ways to handle imbalance: which one wins?
==============================================

*Handling Class Imbalance*, a hands-on tutorial with neither author nor date in its text. On made-up data
with "95 % negative, 5 % positive" it fits one linear model five ways: as it is, with class weights,
over-sampled, under-sampled, after SMOTE. It ends with a guide to what suits when, and with four exercises.

The text prints no output. So its code is the witness: what scikit-learn's functions give on its data stands
beside what fastsmote gives, and its own samplers, rewritten with their seeds, beside these.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import NearestNeighbors

import fastsmote
from fastsmote import plot
from fastsmote.sklearn import BalancedBaggingClassifier, ThresholdClassifier


def data(share, n_samples=2_000):
    return make_classification(
        n_samples, 20, weights=[1 - share, share], n_informative=5, random_state=42, flip_y=0.05
    )


X, y = data(0.05)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=42)
print(f"{y.sum()} of {len(y)} are positive: {y.mean():.1%}")

# %%
# A trap: its 5 % are not 5 %
# ---------------------------
# ``flip_y=0.05`` gives one label in twenty at random, half of these positive. So more than a third of the
# positives have nothing to do with the features, and no model can find them. That, and not imbalance, is
# why recall stays low in all that follows.

clean = make_classification(2_000, 20, weights=[0.95, 0.05], n_informative=5, random_state=42, flip_y=0)[1]
print(f"without flips {clean.mean():.1%} would be positive")

# %%
# Its figures
# -----------

model = LogisticRegression(max_iter=200).fit(X_train, y_train)
p, called = model.predict_proba(X_test)[:, 1], model.predict(X_test)
sweep = fastsmote.confusion_sweep(y_test, p)
best = fastsmote.best_threshold(sweep, "f1")

precision, recall, thresholds = metrics.precision_recall_curve(y_test, p)
f1 = 2 * precision[:-1] * recall[:-1] / (precision[:-1] + recall[:-1] + 1e-10)
at = f1.argmax()
weighted = LogisticRegression(class_weight="balanced", max_iter=200).fit(X_train, y_train)
p_weighted = weighted.predict_proba(X_test)[:, 1]
focal = np.where(y_test == 1, 0.25 * (1 - p) ** 2 * -np.log(p), 0.75 * p**2 * -np.log(1 - p)).mean()
never = np.zeros_like(y_test)
figures = pd.DataFrame(
    {
        "accuracy of 'always negative'": [1 - y_test.mean(), fastsmote.accuracy_score(y_test, never)],
        "accuracy of the model": [
            metrics.accuracy_score(y_test, called),
            fastsmote.accuracy_score(y_test, called),
        ],
        "recall of the model": [metrics.recall_score(y_test, called), fastsmote.recall_score(y_test, called)],
        "average precision": [metrics.average_precision_score(y_test, p), sweep.average_precision],
        "best threshold for F1": [thresholds[at], best.threshold],
        "precision there": [precision[at], best.precision],
        "recall there": [recall[at], best.recall],
        "area under ROC, weighted": [
            metrics.roc_auc_score(y_test, p_weighted),
            fastsmote.roc_auc_score(y_test, p_weighted),
        ],
        "log loss": [metrics.log_loss(y_test, p), fastsmote.log_loss(y_test, p)],
        "focal loss": [focal, fastsmote.focal_loss(y_test, p, gamma=2.0, alpha=0.25)],
    },
    index=["its code", "here"],
).T
figures.map("{:.4f}".format)

# %%
# Its methods, side by side
# -------------------------
# Its samplers draw from NumPy's old generator, those of fastsmote from one that counts; the rows differ,
# the counts do not.


def its_over_sampling(X, y):
    rng, rare = np.random.RandomState(42), np.flatnonzero(y == 1)
    return np.concatenate([np.arange(len(y)), rng.choice(rare, (y == 0).sum() - len(rare), replace=True)])


def its_under_sampling(X, y):
    rng, n = np.random.RandomState(42), (y == 1).sum()
    return np.concatenate([rng.choice(np.flatnonzero(y == label), n, replace=False) for label in (0, 1)])


def its_smote(X, y, k=5):
    rng, rare = np.random.RandomState(42), X[y == 1]
    near = NearestNeighbors(n_neighbors=k + 1).fit(rare).kneighbors(rare, return_distance=False)[:, 1:]
    made = []
    for _ in range((y == 0).sum() - len(rare)):
        i = rng.randint(len(rare))
        j, gap = rng.choice(near[i]), rng.random()
        made.append(rare[i] + gap * (rare[j] - rare[i]))
    return np.concatenate([X, made]), np.append(y, np.ones(len(made), dtype=int))


def fit(X, y, **options):
    return LogisticRegression(max_iter=200, **options).fit(X, y).predict_proba(X_test)[:, 1]


over, under = its_over_sampling(X_train, y_train), its_under_sampling(X_train, y_train)
its_rows = {
    "oversampling": (X_train[over], y_train[over]),
    "undersampling": (X_train[under], y_train[under]),
    "SMOTE": its_smote(X_train, y_train),
}
rows = {
    "oversampling": fastsmote.random_over_sample(X_train, y_train, random_state=42),
    "undersampling": fastsmote.random_under_sample(X_train, y_train, random_state=42),
    "SMOTE": fastsmote.smote(X_train, y_train, random_state=42),
}
weights = fastsmote.class_weights(y_train)
its_scores = {
    "baseline": p,
    "class weights": p_weighted,
    **{name: fit(*part) for name, part in its_rows.items()},
}
scores = {
    "baseline": p,
    "class weights": fit(X_train, y_train, class_weight=weights),
    **{name: fit(*part) for name, part in rows.items()},
}
methods = pd.DataFrame(
    {
        ("average precision", "its code"): {
            name: metrics.average_precision_score(y_test, score) for name, score in its_scores.items()
        },
        ("average precision", "here"): {
            name: fastsmote.average_precision_score(y_test, score) for name, score in scores.items()
        },
        ("recall at 0.5", "its code"): {
            name: metrics.recall_score(y_test, score >= 0.5) for name, score in its_scores.items()
        },
        ("recall at 0.5", "here"): {
            name: fastsmote.recall_score(y_test, score >= 0.5) for name, score in scores.items()
        },
    }
)
print({name: np.bincount(label).tolist() for name, (_, label) in rows.items()})
methods.map("{:.3f}".format)

# %%
# Recall at 0.5 jumps from nothing for four of five. Average precision does not: all four rank a little
# worse than the model that was left alone, and call more rows. How much worse:

plot.precision_recall({name: (y_test, score) for name, score in scores.items()})
plt.show()
differences = {
    name: fastsmote.bootstrap_difference(y_test, score, scores["baseline"], random_state=0)
    for name, score in scores.items()
    if name != "baseline"
}
for name, found in differences.items():
    print(f"{name} - baseline: {found.estimate:+.3f}, 95 % from {found.low:+.3f} to {found.high:+.3f}")

# %%
# A trap: the threshold saw the test
# ----------------------------------
# The threshold of best F1 is chosen on the rows that then judge it. Chosen within the training rows it is
# not as good, and that is the honest number.

tuned = ThresholdClassifier(LogisticRegression(max_iter=200), metric="f1").fit(X_train, y_train)
honest = fastsmote.f1_score(y_test, tuned.predict(X_test))
print(
    f"F1 {best.value:.3f} as printed, {honest:.3f} with threshold {tuned.threshold_:.3f} of the training rows"
)

# %%
# A trap: probabilities
# ---------------------
# Nothing in the tutorial says that four of the five models expect several times the positives that there
# are.

expected = {
    "there are": y_test.sum(),
    "baseline": scores["baseline"].sum(),
    "SMOTE": scores["SMOTE"].sum(),
    "SMOTE, corrected": fastsmote.correct_prior_from(rows["SMOTE"], scores["SMOTE"]).sum(),
    "class weights": scores["class weights"].sum(),
    "class weights, corrected": fastsmote.correct_prior_from(
        y_train, scores["class weights"], weights="balanced"
    ).sum(),
}
pd.DataFrame({"positives expected": expected}).map("{:.0f}".format)

# %%
# Its guide
# ---------
# "SMOTE + class weights" below 5 %. Once SMOTE has made the classes equal, balanced weights are all 1 and
# do nothing:

print(fastsmote.class_weights(rows["SMOTE"][1]))

# %%
# What the data say, rather than a table of shares, is asked by one call:

compared = fastsmote.compare(
    X_train,
    y_train,
    estimators=LogisticRegression(max_iter=200),
    samplers=["class_weight", "random_over_sample", "random_under_sample", "smote"],
    metrics=["average_precision", "f1", "brier"],
    random_state=0,
)
print(compared.verdict)

# %%
# Exercise 1: at what share does it stop to matter?
# -------------------------------------------------
# Thresholds are chosen on other folds, for each method. Then there is nothing that could stop: neither
# weights nor SMOTE are better at any share. At 50 % SMOTE has nothing to make.

ratios = {}
for share in (0.01, 0.05, 0.1, 0.25, 0.5):
    found = fastsmote.compare(
        *data(share),
        estimators=LogisticRegression(max_iter=200),
        samplers=["class_weight", "smote"] if share < 0.5 else ["class_weight"],
        metrics=["f1", "average_precision"],
        random_state=0,
    )
    ratios[share] = found.to_frame().set_index("method")["f1"], found.verdict
print({verdict.split("; ")[0] for _, verdict in ratios.values()})
pd.DataFrame({f"{share:.0%}": f1 for share, (f1, _) in ratios.items()}).map("{:.3f}".format)

# %%
# Exercise 2: a miss costs ten alarms
# -----------------------------------
# If probabilities are right, 1 / 11. The search over all cut points of the rows at hand needs no such
# belief, but rows that are not judged afterwards:

cheapest = fastsmote.cost_threshold(sweep, cost_fp=1, cost_fn=10)
exact = fastsmote.calibrated_threshold(1, 10)
print(f"{exact:.4f} by the formula, {cheapest.threshold:.4f} by the rows: cost {cheapest.value:.0f}")

# %%
# Exercise 3: ten models on ten under-samples
# -------------------------------------------

ten = BalancedBaggingClassifier(LogisticRegression(max_iter=200), n_estimators=10, random_state=0)
p_ten = ten.fit(X_train, y_train).predict_proba(X_test)[:, 1]
against = fastsmote.bootstrap_difference(y_test, p_ten, p, random_state=0)
print(f"ten - one: {against.estimate:+.3f}, 95 % from {against.low:+.3f} to {against.high:+.3f}")

# %%
# Exercise 4: macro, weighted, micro
# ----------------------------------
# Micro F1 is accuracy, weighted F1 nearly so: both grade the common class. Report the rare class, or
# macro F1.

averages = {
    average: [
        fastsmote.f1_score(y_test, label, average=average) for label in (never, called, p >= best.threshold)
    ]
    for average in ("binary", "macro", "weighted", "micro")
}
pd.DataFrame(averages, index=["always negative", "at 0.5", "at the best"]).map("{:.3f}".format)
