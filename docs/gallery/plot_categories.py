"""
How do I mix numbers and categories?
====================================

Adult is a census: numbers and words for each person, and whether the income is above 50,000 dollars. SMOTE
on one-hot codes makes people who are 0.3 married; SMOTE-NC gives each new row the words that most of its
neighbours have.
"""

from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import fastsmote

people = pd.read_csv(Path("../data/adult.csv.gz"))  # one row in four of UCI's Adult
y = people.pop("income") == ">50K"
people = people.drop(columns=["fnlwgt", "education"])  # a weight, and education_num in words
words = people.columns[people.dtypes != "int64"]

print(f"{len(people):,} people, {y.mean():.0%} above 50,000 dollars")

# %%
# One-hot codes first: how many of the new people are between two words?

numbers = people.columns.difference(words, sort=False)
people[numbers] = StandardScaler().fit_transform(people[numbers])  # no column is to rule the distance
coder = OneHotEncoder(sparse_output=False).fit(people[words])
codes = np.concatenate([people[numbers], coder.transform(people[words])], axis=1)
made = fastsmote.smote(codes, y, random_state=0)[0][len(y) :]
ends = len(numbers) + np.cumsum([0, *(len(found) for found in coder.categories_)])
between = [np.mean(made[:, a:b].max(axis=1) < 1) for a, b in pairwise(ends)]
print(
    f"{np.mean((made[:, len(numbers) :] % 1).any(axis=1)):.0%} of the new rows are, in one column or another"
)

figure, axes = plt.subplots(figsize=(5.2, 3.6), layout="constrained")
bars = axes.barh(words, between)
axes.bar_label(bars, fmt="{:.0%}", padding=3)
axes.set(xlabel="new rows between two words", xlim=(0, 0.2))
axes.set_xticks((0, 0.05, 0.1, 0.15, 0.2))
axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
axes.invert_yaxis()
plt.show()

# %%
# SMOTE-NC takes the frame as it is. All its words are words that there are:

new, _ = fastsmote.smotenc(people, y, categorical_features="auto", random_state=0)
new = new.iloc[len(y) :]
print(all(set(new[word]) <= set(people[word]) for word in words))

# %%
# Is the model better for it? Half of the people train it, average precision is that of the other half.

test = np.random.default_rng(0).random(len(y)) < 0.5
train = people[~test], y[~test]
ways = {
    "as it is": train,
    "SMOTE-NC": fastsmote.smotenc(*train, categorical_features="auto", random_state=0),
}
for name, (rows, label) in ways.items():
    coded = np.hstack([rows[numbers], coder.transform(rows[words])])
    model = LogisticRegression(max_iter=1000).fit(coded, label)
    p = model.predict_proba(codes[test])[:, 1]
    print(f"{name}: average precision {fastsmote.average_precision_score(y[test], p):.3f}")

# %%
# It is not: at 24 % positives a linear model needs no new rows, of either kind.
