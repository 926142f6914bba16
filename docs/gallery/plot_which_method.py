"""
Which resampling is best for my data?
=====================================

Try them, within folds, and ask whether any difference is more than luck. Phoneme with its oral vowels made
rare, one in ten, and a tree: :func:`fastsmote.compare` resamples the training rows of each fold alone,
corrects the probabilities, chooses thresholds on other folds, and gives intervals that hold for all methods
together.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.tree import DecisionTreeClassifier

import fastsmote

table = np.loadtxt(Path("../data/phoneme.csv.gz"), delimiter=",", skiprows=1)
X, y = table[:, :-1], table[:, -1].astype(int)
X, y = fastsmote.make_imbalance(X, y, sampling_strategy={1: 424}, random_state=0)

found = fastsmote.compare(
    X,
    y,
    estimators=DecisionTreeClassifier(min_samples_leaf=10),
    samplers=["class_weight", "random_over_sample", "random_under_sample", "smote", "tomek_links"],
    metrics=["average_precision", "f1", "brier"],
    random_state=0,
)
print(found)

# %%
# The same as pictures: how they rank, whether probabilities are right, and the differences.

figure, axes = plt.subplots(3, 1, figsize=(5.2, 15), layout="constrained")
found.plot(axes)
plt.show()

# %%
# For this tree nothing is better than the rows as they are with the threshold moved, and under-sampling
# is worse. "Nothing" is an answer that a table of single numbers would not have given: each of them
# differs.
