"""
Why does imbalance break training and metrics?
==============================================

*Why imbalance breaks training & metrics*, a chapter of a book on data, with neither author nor date in its
text. It says: accuracy grades the base rate; resampling moves the share that a model sees and adds no
information; SMOTE makes new points and has its price; weights and thresholds do as much without a row; and
whatever is done, judge at the real share, by precision and recall.

Nearly all of it holds up here. Two sentences do not: see the traps.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

import fastsmote
from fastsmote import plot

# %%
# Its figures
# -----------
# A test for a condition that one of a hundred has finds 90 % of the cases, and calls 8 % of the healthy
# ill. Counting and adding suffice for the rest: the shares after resampling, and the weight of a rare
# class.

rng = np.random.default_rng(0)
X = np.concatenate([rng.normal(0.0, 1.0, (950, 2)), rng.normal(2.4, 1.0, (50, 2))])
y = np.repeat([0, 1], [950, 50])
over = fastsmote.random_over_sample(X, y, random_state=0)
under = fastsmote.random_under_sample(X, y, random_state=0)

rng = np.random.default_rng(1)
few = np.concatenate([rng.normal(0.0, 1.0, (90, 2)), rng.normal(2.6, 0.7, (10, 2))])
label = np.repeat([0, 1], [90, 10])
plan = fastsmote.plan.smote(few, label, k_neighbors=5, random_state=0)
new, rare = plan.rows(few), few[label == 1]
inside = (new >= rare.min(axis=0)) & (new <= rare.max(axis=0))

ten_times_rarer = fastsmote.class_weights(np.repeat([0, 1], [1_000, 100]))
figures = pd.DataFrame(
    {
        "precision of the test, 90 of 882": [0.102, fastsmote.precision_at(0.9, 0.08, prevalence=0.01)],
        "share of the rare class": [0.05, y.mean()],
        "share, over-sampled": [0.5, over[1].mean()],
        "share, under-sampled": [0.5, under[1].mean()],
        "rows that under-sampling keeps": [100, len(under[1])],
        "rows that SMOTE makes": [80, len(new)],
        "share after SMOTE": [0.5, np.mean(np.append(label, plan.label))],
        "new rows inside the box of the real ones": [1.0, inside.all(axis=1).mean()],
        "weight of a class ten times rarer": [10, ten_times_rarer[1] / ten_times_rarer[0]],
    },
    index=["printed", "here"],
).T
figures.map("{:.3g}".format)

# %%
# All are the same, as they must be: no seed changes a count. Another share is another word,
# ``fastsmote.Share(0.2)``.

share = fastsmote.random_over_sample(X, y, sampling_strategy=fastsmote.Share(0.2), random_state=0)[1].mean()
print(f"{share:.3f}")

# %%
# Its listing of thresholds
# -------------------------
# Made-up scores of 10,000 rows, 100 of them positive. The chapter counts with ``score > tau``, three
# passes over the rows; here one pass counts all thresholds, and ``strict=True`` says which way ties go.

rng = np.random.default_rng(3)
score = np.concatenate([rng.beta(5, 2, 100), rng.beta(2, 6, 9_900)])
positive = np.repeat([1, 0], [100, 9_900])
sweep = fastsmote.confusion_sweep(positive, score)


def line(tau):
    """Counted in the plain way of the listing, and read off the sweep."""
    called, cut = score > tau, sweep.at(tau, strict=True)
    counted = (called & (positive == 1)).sum(), (called & (positive == 0)).sum()
    return {
        "TP counted": counted[0],
        "TP here": cut.tp,
        "FP counted": counted[1],
        "FP here": cut.fp,
        "FP expected": 9_900 * beta(2, 6).sf(tau),
        "precision": cut.precision,
        "recall": cut.recall,
        "accuracy": (cut.tp + cut.tn) / len(score),
    }


listing = pd.DataFrame({f"tau {tau}": line(tau) for tau in (0.5, 0.3, 0.1)}).T
listing.map("{:.4g}".format)

# %%
# The text prints no output of this listing, so the column beside it is the distribution that its scores
# are drawn from. "Never positive" has an accuracy of 0.99, better than any of the three.
#
# Its instrument
# --------------
# The rarer the class, the nearer accuracy comes to 1, and recall to 0: one linear model of two normal
# clouds, for each share, and the mean of eight draws.

shares = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)


def dial(share, seed):
    rng = np.random.default_rng(seed)
    label = (rng.random(40_000) < share).astype(int)
    rows = rng.normal(size=(40_000, 2)) + 1.2 * label[:, np.newaxis]
    p = LogisticRegression().fit(rows[:20_000], label[:20_000]).predict_proba(rows[20_000:])[:, 1]
    cuts = fastsmote.confusion_sweep(label[20_000:], p)
    half, prior = cuts.at(0.5), cuts.at(label[:20_000].mean())
    return (half.tp + half.tn) / 20_000, half.recall, prior.recall, cuts.roc_auc, cuts.average_precision


dialled = pd.DataFrame(
    [np.mean([dial(share, seed) for seed in range(8)], axis=0) for share in shares],
    columns=[
        "accuracy at 0.5",
        "recall at 0.5",
        "recall at the prior",
        "area under ROC",
        "average precision",
    ],
    index=shares,
)
figure, axes = plt.subplots(figsize=(5.2, 5), layout="constrained")
for name, style in zip(dialled, ("o-", "s--", "D-.", "^:", "v-"), strict=True):
    axes.plot(shares, dialled[name], style, label=name)
axes.set(xscale="log", xlabel="share of the rare class", ylim=(-0.02, 1.02))
axes.set_xticks(shares, [f"{share:.1%}" for share in shares], rotation=45)
axes.minorticks_off()
axes.invert_xaxis()
figure.legend(loc="outside lower center", ncols=2)
plt.show()

# %%
# A trap: nothing is wrong with the model
# ---------------------------------------
# "The model has stopped learning", says the chapter. It has not: the area under the ROC curve stands
# still, and at a threshold that goes down with the share recall stands still, too. What fell is the
# number of rows above 0.5. Average precision falls because positives are rare, and no training changes
# that.
#
# "No amount of resampling fixes this", of precision at a low share, is right. The same alarms at 90 %
# recall, with and without:

rng = np.random.default_rng(0)
label = (rng.random(40_000) < 0.01).astype(int)
rows = rng.normal(size=(40_000, 2)) + 1.2 * label[:, np.newaxis]
train, test = slice(0, 20_000), slice(20_000, None)
ways = {
    "as it is": (rows[train], label[train]),
    "over-sampled": fastsmote.random_over_sample(rows[train], label[train], random_state=0),
    "SMOTE": fastsmote.smote(rows[train], label[train], random_state=0),
}
precision = {}
for name, part in ways.items():
    p = LogisticRegression().fit(*part).predict_proba(rows[test])[:, 1]
    precision[name] = fastsmote.threshold_at(
        fastsmote.confusion_sweep(label[test], p), min_recall=0.9
    ).precision
print({name: round(value, 3) for name, value in precision.items()})

# %%
# A trap: who is whose neighbour
# ------------------------------
# The listing of SMOTE leaves out the first of the sorted neighbours as the row itself. Where a row has a
# copy, the first may be the copy, and the row becomes its own neighbour: a new row that is an old one.
# Here a row is never its own neighbour, whatever its copies.

copies = np.repeat(rare, 2, axis=0)
distance = np.sqrt(((copies[:, np.newaxis] - copies) ** 2).sum(axis=-1))
by_listing = np.argsort(distance, axis=1)[:, 1:6]
own = (by_listing == np.arange(20)[:, np.newaxis]).any(axis=1).sum()
_, found = fastsmote.nearest_neighbors(copies, n_neighbors=5)
own_here = (found == np.arange(20)[:, np.newaxis]).any(axis=1).sum()
print(f"rows that are their own neighbour: {own} of 20 by the listing, {own_here} here")

# %%
# Two more, in words. SMOTE-Tomek and SMOTE-ENN do not remove majority points alone: links lose both ends,
# ENN cleans each class. And ADASYN does not go by density: it counts neighbours of other classes.
#
# Its four mistakes
# -----------------
# The chapter has no exercises. It ends with the four classic mistakes; each is one call.

mistakes = {}

# 1. Accuracy:
never = np.zeros_like(positive)
mistakes["accuracy of 'never'"] = fastsmote.accuracy_score(positive, never)
mistakes["balanced accuracy of 'never'"] = fastsmote.balanced_accuracy_score(positive, never)
mistakes["Matthews' coefficient of 'never'"] = fastsmote.matthews_corrcoef(positive, never)

# 2. Resampled, then split, on features that say nothing:
noise, coin = np.random.default_rng(0).normal(size=(2_000, 5)), (np.arange(2_000) % 20 == 0).astype(int)
X_left, X_right, y_left, y_right = train_test_split(
    *fastsmote.smote(noise, coin, random_state=0), random_state=0
)
lucky = KNeighborsClassifier(5).fit(X_left, y_left).predict_proba(X_right)[:, 1]
mistakes["area of a leak, no signal at all"] = fastsmote.roc_auc_score(y_right, lucky)
report = fastsmote.leakage_report(X_left, X_right)

# 3. The area under ROC of the chapter's own scores:
mistakes["area under ROC at 99 : 1"] = sweep.roc_auc
mistakes["precision at 0.5"] = sweep.at(0.5).precision
mistakes["average precision"] = sweep.average_precision

# 4. Threshold 0.5, where a miss costs 100 and an alarm 5:
choice = fastsmote.cost_threshold(sweep, cost_fp=5, cost_fn=100)
half = sweep.at(0.5)
mistakes["cost at 0.5"] = 5 * half.fp + 100 * half.fn
mistakes[f"cost at {choice.threshold:.2f}"] = choice.value
print(report)
pd.Series(mistakes).map("{:,.3g}".format).to_frame("here")

# %%
# These scores are no probabilities, so the cheapest threshold lies above 0.5 and not below: alarms are
# what is dear. The curve that shows it all at once, with the choice on it:

plot.precision_recall(sweep, choice=choice, title="The chapter's 10,000 scores")
plt.show()

# %%
# Focal loss
# ----------
# Its third lever beside weights and thresholds. One row in the middle counts as much as this, by hand and
# here:

by_hand = -0.25 * (1 - 0.5) ** 2 * np.log(0.5)
print(f"{by_hand:.6f} {fastsmote.focal_loss([1], [0.5], gamma=2.0, alpha=0.25):.6f}")
