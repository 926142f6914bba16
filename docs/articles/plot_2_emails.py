"""
Which way to balance 950 against 50?
====================================

*Balancing the Imbalanced*, a post in the DEV Community, goes through the ways to balance 950 emails that are
not spam against 50 that are: fewer rows, more rows, weights, SMOTE, ADASYN, cluster centroids, Tomek links.
Each has something wrong with it, says the post, so split before you balance, and look at more than accuracy.

It has no data; "I'll edit this post to add an example" is what it promises. Here is one.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

import fastsmote


def emails(n_ham, n_spam, seed):
    """Two numbers of each email: two crowds that are not spam, spam between them, and one that strayed."""
    rng = np.random.default_rng(seed)
    crowd = np.array([[0.0, 0.0], [4.0, 1.0]])[rng.integers(2, size=n_ham)]
    spam = rng.normal([2.2, 2.4], 0.6, (n_spam, 2))
    spam[0] = [-2.5, 3.0]
    return np.concatenate([crowd + rng.normal(size=(n_ham, 2)), spam]), np.repeat([0, 1], [n_ham, n_spam])


X, y = emails(950, 50, 0)

# %%
# Its figures
# -----------
# A model that always says "not spam" is right 95 times of 100. What sampling does to 950 and 50 needs no
# model.

never = np.zeros(1000)
under = fastsmote.random_under_sample(X, y, random_state=0)
over = fastsmote.plan.random_over_sample(X, y, random_state=0)
uses = 1 + np.bincount(over.base, minlength=1000)[950:]
weights = fastsmote.class_weights(y)
figures = pd.DataFrame(
    {
        "accuracy of 'never spam'": [0.95, fastsmote.accuracy_score(y, never)],
        "recall of 'never spam'": [0.0, fastsmote.recall_score(y, never)],
        "rows lost by under-sampling": [900, 1000 - len(under[1])],
        "uses of a spam, over-sampled": [19, uses.mean()],
        "weight of a spam, of another's": [19, weights[1] / weights[0]],
    },
    index=["printed", "here"],
).T
balanced = fastsmote.balanced_accuracy_score(y, never)
print(
    f"balanced accuracy of 'never spam': {balanced}; a spam is used from {uses.min()} to {uses.max()} times"
)
figures.map("{:g}".format)

# %%
# What each method does
# ---------------------
# Grey are the rows that are not spam, orange those that are, blue what is new. The post calls SMOTE
# "cluster-based", with lines between all rows of spam. It is not: it goes from a row to one of its five
# nearest, and clusters are what :func:`fastsmote.kmeans_smote` looks for. ADASYN goes where others are near,
# centroids replace rows, and Tomek links remove few.

kept = fastsmote.select.tomek_links(X, y)
ways = {
    "SMOTE": fastsmote.plan.smote(X, y, random_state=0),
    "ADASYN": fastsmote.plan.adasyn(X, y, random_state=0),
    "k-means SMOTE": fastsmote.plan.kmeans_smote(X, y, cluster_balance_threshold=0.04, random_state=0),
}
centroids, labels = fastsmote.cluster_centroids(X, y, random_state=0)
figure, axes = plt.subplots(2, 3, figsize=(9, 6), sharex=True, sharey=True, layout="constrained")
panels = dict(zip(["as it is", *ways, "cluster centroids", "Tomek links"], axes.flat, strict=True))
for name, ax in panels.items():
    others, spam = X[:950], X[950:]
    if name in ways:
        ax.scatter(*ways[name].rows(X).T, s=3, color="C0")
        title = f"{name}: {len(ways[name].base)} new"
    elif name == "cluster centroids":
        ax.scatter(*centroids[labels == 0].T, s=12, color="C0", zorder=3)
        title = f"{name}: {np.sum(labels == 0)} for 950"
    elif name == "Tomek links":
        others = X[kept[kept < 950]]
        ax.scatter(*np.delete(X, kept, axis=0).T, s=30, marker="x", color="C0")
        title = f"{name}: {1000 - len(kept)} removed"
    else:
        title = name
    ax.scatter(*others.T, s=3, color="0.7", zorder=0)
    ax.scatter(*spam.T, s=12, color="C1", edgecolor="black", linewidth=0.4)
    ax.set_title(title)
plt.show()

# %%
# A trap: one outlier makes more of its kind
# ------------------------------------------
# The post warns of it. A plan knows what each new row was made of, so the warning becomes a number, and
# leaving out what strayed becomes one line.

plan = ways["SMOTE"]
strayed = (plan.base == 950) | (plan.neighbor == 950)
inside = plan.rows(X, np.flatnonzero(~strayed))
print(
    f"{strayed.sum()} of {len(plan.base)} new rows are made of the one that strayed; {len(inside)} are left"
)

# %%
# A trap: balance, then split
# ---------------------------
# "Create your train-test split BEFORE you balance your classes!" Here is why. A tree that is tested on copies
# of what it has learnt looks nearly perfect.


def tree(X_train, y_train, X_test):
    return DecisionTreeClassifier(random_state=0).fit(X_train, y_train).predict(X_test)


X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.4, random_state=0)
X_over, y_over = fastsmote.random_over_sample(X, y, random_state=0)
leaky = train_test_split(X_over, y_over, stratify=y_over, test_size=0.4, random_state=0)
recalls = {
    "balanced, then split": fastsmote.recall_score(leaky[3], tree(leaky[0], leaky[2], leaky[1])),
    "split, then balanced": fastsmote.recall_score(
        y_test, tree(*fastsmote.random_over_sample(X_train, y_train, random_state=0), X_test)
    ),
}
print({name: round(recall, 2) for name, recall in recalls.items()})

# %%
# The report needs no model:

report = fastsmote.leakage_report(leaky[0], leaky[1], y_train=leaky[2], y_test=leaky[3])
print(report)

# %%
# Weights are over-sampling without rows
# --------------------------------------
# ``class_weight="balanced"`` counts each spam 19 times, as over-sampling does on average. So it moves
# probabilities as far, which the post does not say, and the way back is the same call.

model = LogisticRegression(C=np.inf, class_weight="balanced").fit(X_train, y_train)
weighted = model.predict_proba(X_test)[:, 1]
resampled = fastsmote.random_over_sample(X_train, y_train, random_state=0)
repeated = LogisticRegression(C=np.inf).fit(*resampled).predict_proba(X_test)[:, 1]
spam = {
    "there are": y_test.sum(),
    "as it is": LogisticRegression(C=np.inf).fit(X_train, y_train).predict_proba(X_test)[:, 1].sum(),
    "weighted": weighted.sum(),
    "over-sampled": repeated.sum(),
    "weighted, corrected": fastsmote.correct_prior_from(y_train, weighted, weights="balanced").sum(),
    "over-sampled, corrected": fastsmote.correct_prior_from(resampled, repeated).sum(),
}
pd.DataFrame({"spam expected": spam}).map("{:.0f}".format)

# %%
# Its exercise: which one, then?
# ------------------------------
# The post leaves it to you to find the "magical Goldilocks zone". One call tries all of the post's methods
# within folds, so that nothing leaks, and says whether any of them helps.

found = fastsmote.compare(
    X,
    y,
    estimators=DecisionTreeClassifier(min_samples_leaf=5),
    samplers=[
        "class_weight",
        "random_under_sample",
        "random_over_sample",
        "smote",
        "adasyn",
        "cluster_centroids",
        "tomek_links",
    ],
    metrics=["average_precision", "roc_auc", "f1"],
    random_state=0,
)
print(found.verdict)
found.to_frame()[["method", "average_precision", "roc_auc", "f1", "n_rows"]].round(2)

# %%
# "Confusion matrix is friend": that of the data as they are, each row at the threshold that is best on other
# folds, and at 0.5.

for name, called in {"chosen": found.called[0], "0.5": found.corrected[0] >= 0.5}.items():
    print(f"threshold {name}:", fastsmote.confusion_matrix(found.y, called).tolist())

# %%
# Code that has aged
# ------------------
# imbalanced-learn has dropped ``fit_sample``, which the post calls. The name still gets an answer here:

try:
    fastsmote.fit_sample(X, y)
except AttributeError as error:
    print(error)
