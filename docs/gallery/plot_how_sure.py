"""
How sure is my average precision?
=================================

Less than most people think, and it is the number of positives that counts. One model of payments, judged on
test sets of 1,000 to 64,000 rows with 1 % frauds: the number that a report would print, and the interval
that belongs to it.
"""

import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import fastsmote

X, y = fastsmote.make_fraud(164_000, fraud_rate=0.01, random_state=0)
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(X[:20_000], y[:20_000])
y, score = y[20_000:], model.predict_proba(X[20_000:])[:, 1]

# %%
# Each test set is a fresh piece of the rows. The bootstrap sees this piece alone.

start, found = 0, {}
for n in (1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000):
    part = slice(start, start := start + n)
    found[int(y[part].sum())] = fastsmote.bootstrap_interval(
        y[part], score[part], metric="average_precision", random_state=0
    )
for n_frauds, interval in found.items():
    print(f"{n_frauds} frauds: {interval.estimate:.2f}, 95 % from {interval.low:.2f} to {interval.high:.2f}")

figure, axes = plt.subplots(figsize=(5.2, 4), layout="constrained")
middle = [interval.estimate for interval in found.values()]
below = [interval.estimate - interval.low for interval in found.values()]
above = [interval.high - interval.estimate for interval in found.values()]
axes.errorbar(list(found), middle, (below, above), fmt="o", capsize=4, label="estimate, 95 % interval")
axes.axhline(
    fastsmote.average_precision_score(y, score), linestyle="--", color="C1", label="all 144,000 rows"
)
axes.set(xscale="log", xlabel="frauds in the test set", ylabel="average precision", ylim=(0, 1))
axes.set_xticks(list(found), list(found), rotation=45)
axes.minorticks_off()
axes.legend(loc="lower right")
plt.show()

# %%
# A dozen frauds can not tell a good model from a mediocre one. :func:`fastsmote.bootstrap_difference`
# does better when two models are compared on the same rows: what makes both hard cancels out.
