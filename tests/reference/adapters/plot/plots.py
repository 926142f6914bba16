"""What curves in pictures must show, from the definitions."""

from bisect import bisect_right


def counts_at(y_true, y_score, threshold):
    """True and false positives by score >= threshold."""
    called = [y for y, score in zip(y_true, y_score, strict=True) if score >= threshold]
    return sum(called), len(called) - sum(called)


def least_cost(y_true, y_score, probability_cost):
    """Lowest FNR x + FPR (1 - x) over all thresholds and calling nobody (Drummond and Holte 2006)."""
    n_pos = sum(y_true)
    n_neg = len(y_true) - n_pos
    costs = [probability_cost]
    for threshold in set(y_score):
        tp, fp = counts_at(y_true, y_score, threshold)
        costs.append((n_pos - tp) / n_pos * probability_cost + fp / n_neg * (1 - probability_cost))
    return min(costs)


def step_area(x, y):
    """Area under steps that have, from one x to the next, the height of the latter."""
    return sum((x[i] - x[i - 1]) * y[i] for i in range(1, len(x)))


def covered(x, y, edges):
    """Lowest and highest y of the line through the points, in each column and at each jump over an edge."""
    columns = {}
    jumps = []
    for i in range(len(x)):
        column = bisect_right(edges, x[i])
        low, high = columns.get(column, (y[i], y[i]))
        columns[column] = min(low, y[i]), max(high, y[i])
        if i and bisect_right(edges, x[i - 1]) != column:
            jumps.append((x[i - 1], y[i - 1], x[i], y[i]))
    return columns, jumps
