"""The new rows of a plan, one value at a time."""

import math

import numpy as np
from reference.kernels import philox


def _between(x, y, gap):
    with np.errstate(over="ignore", invalid="ignore"):
        step = float(y - x)
    if math.isnan(x) or math.isnan(y):
        return y if math.isnan(x) else x
    x, y = float(x), float(y)
    value = x + gap * step if math.isfinite(step) else x * (1.0 - gap) + y * gap
    if gap >= 0:
        return min(max(value, min(x, y)), max(x, y))
    return value


def _noise(smoothing, i, p):
    seed, stream, group, first, deviation = smoothing
    c = int(group[i])
    a, b = philox.draw(int(seed[c]), int(stream[c]), i - int(first[c]), 1 + p // 2)
    radius = math.sqrt(-2 * math.log(1 - philox.unit(a)))
    angle = 2 * math.pi * philox.unit(b)
    return float(deviation[c, p]) * radius * (math.cos(angle) if p % 2 == 0 else math.sin(angle))


def rows(fields, X, numbers):
    """New rows of these numbers as lists, of the fields of a plan and a matrix X; not rounded to float32."""
    made = []
    for i in map(int, numbers):
        base, neighbor, gap = (fields[name][i] for name in ("base", "neighbor", "gap"))
        row = []
        for p in range(X.shape[1]):
            x = X[base, p]
            if isinstance(x, str):  # copied, or overwritten below
                row.append(x)
                continue
            value = _between(x, X[neighbor, p], float(gap))
            with np.errstate(over="ignore"):
                is_inside = np.isfinite(np.float32(value) if X.dtype == np.float32 else value)
            if gap < 0 and not (is_inside or math.isnan(value)):
                value = float(x)
            if fields["smoothing"] is not None:
                noisy = value + _noise(fields["smoothing"], i, p)
                value = noisy if math.isfinite(noisy) else value
            if fields["rules"] is not None:
                immutable, integer, low, high = (part[p] for part in fields["rules"])
                if immutable:
                    value = float(x)
                elif not math.isnan(value):
                    value = min(max(float(np.rint(value)) if integer else value, low), high)
            row.append(value)
        if fields["donors"] is not None:
            columns, donors, place = fields["donors"]
            for c, column in enumerate(columns):
                row[column] = X[donors[place[i], c], column]
        made.append(row)
    return made
