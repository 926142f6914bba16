"""Focal loss and its derivatives with respect to raw scores, of which cross-entropy is the case gamma = 0.

Of each row, with p the probability of its own class: q = 1 - p, L = -log p and f = weight * q ** gamma give

    loss                       f L
    d/d own score              -f s                            s = q + gamma p L
    d2/d own score 2           f p (q (1 + 2 gamma) + gamma L (gamma p - q))
    d/d score of class j       f s r                           r = p_j / q
    d2/d score of class j 2    f r (gamma p r (2 q - L (1 - gamma p)) + s (1 - p_j))

Each of p, q, L and r comes from exp(score differences <= 0) without cancellation, so all of them keep
their relative accuracy however far apart the scores are. Two classes with one score z have z and 0.

exp and log are written out, with Taylor's series, because loops around them then run on vector
registers: 7 ns per row for gradient and hessian where calls of the C library took 18. They work on
``_CHUNK`` rows at a time, one step each, whose scratch stays in the first level of cache. Numbers that are
none are counted as they are read: a scan of each chunk took 1 to 4 % of the time, one of each block 4 to 5.
"""

import math

import numpy as np

from fastsmote._kernels.jit import kernel, linked
from fastsmote._kernels.scan import nonfinite, outside

_CHUNK = 256
_WIDEST = 4096  # scores at a time: fewer rows of many classes
_LOWEST = -708.0  # exp of less is below the smallest normal number, and counts as 0
SMALLEST = 2.0**-1022
_HIGHEST = 1e200  # scores further apart count as this: p is 0, and no product with L is infinite
_LOG2_E = 1 / math.log(2)
_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")  # 32 bits: its multiples by whole numbers are exact
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_ROUND = 1.5 * 2.0**52  # adding it rounds to a whole number, which is then in the lowest bits
_52 = np.int64(52)
_ROOT_HALF = np.int64(0x3FE6A09E667F3BCD)  # bits of sqrt(1/2)

# rows of the registers
_X, _E, _K, _M, _U, _C, _L, _P, _Q, _F, _REST, _OTHERS, _TOP, _LIFT = range(14)


def new_registers(n_classes: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Scratch of a block of rows, as floats and as their bits; one row for each of the letters above."""
    floats = np.empty((14, max(min(_CHUNK * n_classes, _WIDEST), n_classes)))
    return floats, floats.view(np.int64)


@linked
def _exp(x, e, e_bits, k, k_bits, n):
    """e = exp(x) for x <= 0."""
    for i in range(n):
        shifted = x[i] * _LOG2_E + _ROUND
        whole = shifted - _ROUND
        r = (x[i] - whole * _LN2_HIGH) - whole * _LN2_LOW
        t = 1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800))))
        t += r * r * r * r * r * (1 / 479001600 + r * (1 / 6227020800))
        t = 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * t))))
        normal = x[i] >= _LOWEST
        e[i] = 1 + (r + r * r * t) if normal else 0.0
        k[i] = shifted if normal else _ROUND
    for i in range(n):
        e_bits[i] += k_bits[i] << _52


@linked
def _log(u, u_bits, c, k, m, m_bits, out, n):
    """out = log(u + c) for normal u > 0 and a c that is less than half a unit in the last place of u."""
    for i in range(n):
        whole = (u_bits[i] - _ROOT_HALF) >> _52
        m_bits[i] = u_bits[i] - (whole << _52)
        k[i] = np.float64(whole)
    for i in range(n):
        w = (m[i] - 1) / (m[i] + 1)
        v = w * w
        t = 1 / 13 + v * (1 / 15 + v * (1 / 17 + v * (1 / 19 + v * (1 / 21))))
        t = 1 / 3 + v * (1 / 5 + v * (1 / 7 + v * (1 / 9 + v * (1 / 11 + v * t))))
        out[i] = k[i] * _LN2_HIGH + (2 * w + (2 * w * v * t + (k[i] * _LN2_LOW + c[i] / u[i])))


@linked
def _power(registers, exponent, n):
    """F *= Q ** exponent: squarings for the whole part, exp and log for the rest."""
    floats, bits = registers
    base, q, f = floats[_U], floats[_Q], floats[_F]
    whole = np.int64(math.floor(exponent))
    rest = exponent - whole
    for i in range(n):
        base[i] = q[i]
    while whole > 0:
        if whole & 1:
            for i in range(n):
                f[i] *= base[i]
        whole >>= 1
        for i in range(n):
            base[i] *= base[i]
    if rest > 0:
        x, factor, c = floats[_X], floats[_M], floats[_C]
        for i in range(n):
            base[i] = max(q[i], SMALLEST)
            c[i] = 0.0
        _log(base, bits[_U], c, floats[_K], floats[_M], bits[_M], x, n)
        for i in range(n):
            x[i] = min(rest * x[i], 0.0)
        _exp(x, factor, bits[_M], floats[_K], bits[_K], n)
        for i in range(n):
            f[i] *= factor[i]


@linked
def _weigh(codes, class_weight, weight, start, f, n):
    """F = weight of the class, times that of the row where there are any: an empty array has none."""
    own = codes[start : start + n]
    for i in range(n):
        f[i] = class_weight[own[i]]
    if weight.shape[0] > 0:
        weights = weight[start : start + n]
        for i in range(n):
            f[i] *= weights[i]


@linked
def _read_binary(p, codes, start, u, c, q, n):
    """U + C = probability of the row's own class, Q = 1 - that; how many p are no probability."""
    rows, code = p[start : start + n], codes[start : start + n]
    n_wrong = 0
    for i in range(n):
        x = np.float64(rows[i])
        n_wrong += outside(x)
        own = code[i] != 0
        other = 1.0 - x
        residue = (1.0 - other) - x
        u[i] = x if own else other
        c[i] = 0.0 if own else residue
        q[i] = other if own else x
    return n_wrong


@linked
def _read_rows(p, codes, start, u, c, q, n, tolerance):
    """The same for probabilities of shape (n, n_classes), whose rows add up to 1."""
    n_wrong = 0
    for i in range(n):
        total = 0.0
        some = False
        for j in range(p.shape[1]):
            x = np.float64(p[start + i, j])
            some |= outside(x)
            total += x
        n_wrong += some or abs(total - 1.0) > tolerance
        u[i] = np.float64(p[start + i, codes[start + i]])
        c[i] = 0.0
        q[i] = 1.0 - u[i]
    return n_wrong


@kernel
def sum_losses(p, codes, class_weight, weight, gamma, tolerance, registers, lo, hi):
    """Sum of the losses of rows [lo, hi), and how many of them hold no probabilities.

    ``p`` is (n,), of class 1, or (n, n_classes). A probability of the own class below the smallest normal
    number counts as that.
    """
    floats, bits = registers
    u, c, q, f, losses = floats[_U], floats[_C], floats[_Q], floats[_F], floats[_L]
    total, n_wrong = 0.0, 0
    for start in range(lo, hi, _CHUNK):
        n = min(_CHUNK, hi - start)
        if p.ndim == 1:
            n_wrong += _read_binary(p, codes, start, u, c, q, n)
        else:
            n_wrong += _read_rows(p, codes, start, u, c, q, n, tolerance)
        for i in range(n):
            u[i] = max(u[i], SMALLEST)
        _log(u, bits[_U], c, floats[_K], floats[_M], bits[_M], losses, n)
        _weigh(codes, class_weight, weight, start, f, n)
        _power(registers, gamma, n)
        for i in range(n):
            losses[i] *= -f[i]
        for i in range(n, _CHUNK):
            losses[i] = 0.0
        width = _CHUNK // 2
        while width > 0:  # halves added to halves: in vectors, and with an error that grows with log n
            for i in range(width):
                losses[i] += losses[width + i]
            width //= 2
        total += losses[0]
    return total, n_wrong


@linked
def _own_slope(p, q, L, gamma):
    return q + gamma * p * L


@linked
def _own_bend(p, q, L, gamma):
    return p * (q * (1 + 2 * gamma) + gamma * L * (gamma * p - q))


@linked
def _spread(z, positive, start, e, floats, n):
    """P, Q and L of rows with one score each, from E = exp(-|z|) and L = log(1 + E)."""
    p, q, L = floats[_P], floats[_Q], floats[_L]
    for i in range(n):
        s = min(max(np.float64(z[start + i]), -_HIGHEST), _HIGHEST)
        s = s if positive[start + i] else -s
        larger = 1 / (1 + e[i])
        smaller = e[i] * larger
        ahead = s >= 0
        p[i] = larger if ahead else smaller
        q[i] = smaller if ahead else larger
        L[i] -= min(s, 0.0)


@kernel
def _finish(positive, start, gamma, floored, floats, gradient, hessian, n):
    """Derivatives of rows with one score each, from P, Q, L and F."""
    p, q, L, f = floats[_P], floats[_Q], floats[_L], floats[_F]
    for i in range(n):
        slope = f[i] * _own_slope(p[i], q[i], L[i], gamma)
        gradient[start + i] = -slope if positive[start + i] else slope
    for i in range(n):
        bend = f[i] * _own_bend(p[i], q[i], L[i], gamma)
        hessian[start + i] = max(bend, f[i] * p[i] * q[i]) if floored else bend


@kernel
def differentiate(score, positive, class_weight, weight, gamma, floored, out, registers, lo, hi):
    """Gradient (out[0]) and hessian (out[1]) of rows [lo, hi) with respect to one raw score per row.

    ``floored``: a hessian is at least that of cross-entropy with the weight f held fixed, f p q. Returns how
    many scores are not finite.
    """
    floats, bits = registers
    gradient, hessian = out[0], out[1]
    x, e, u, c = floats[_X], floats[_E], floats[_U], floats[_C]
    n_wrong = 0
    for start in range(lo, hi, _CHUNK):
        n = min(_CHUNK, hi - start)
        for i in range(n):
            z = np.float64(score[start + i])
            x[i] = -abs(z)
            n_wrong += nonfinite(z)
        _exp(x, e, bits[_E], floats[_K], bits[_K], n)
        for i in range(n):
            u[i] = 1 + e[i]
            c[i] = e[i] - (u[i] - 1)
        _log(u, bits[_U], c, floats[_K], floats[_M], bits[_M], floats[_L], n)
        _spread(score, positive, start, e, floats, n)
        _weigh(positive, class_weight, weight, start, floats[_F], n)
        _power(registers, gamma, n)
        _finish(positive, start, gamma, floored, floats, gradient, hessian, n)
    return n_wrong


@linked
def _center(score, start, n, x, highest, tops):
    """X = scores less the highest of their row, class by class; TOP = its class; how many are not finite."""
    n_wrong = 0
    for i in range(n):
        highest[i] = score[start + i, 0]
        tops[i] = 0
    for j in range(1, score.shape[1]):
        for i in range(n):
            z = np.float64(score[start + i, j])
            above = z > highest[i]
            highest[i] = z if above else highest[i]
            tops[i] = j if above else tops[i]
    for j in range(score.shape[1]):
        for i in range(n):
            z = np.float64(score[start + i, j])
            x[j * n + i] = max(z - highest[i], -_HIGHEST)
            n_wrong += nonfinite(z)
    return n_wrong


@kernel
def _gather(codes, start, n, n_classes, registers):
    """REST and OTHERS: sums of E without the highest and without the own class; P and LIFT: its E and X."""
    floats, tops = registers[0], registers[1][_TOP]
    x, e, rests, others, p, lift = (
        floats[_X], floats[_E], floats[_REST], floats[_OTHERS], floats[_P], floats[_LIFT],
    )  # fmt: skip
    for i in range(n):
        rests[i] = 0.0
        others[i] = 0.0
    for j in range(n_classes):
        for i in range(n):
            rests[i] += 0.0 if tops[i] == j else e[j * n + i]
        for i in range(n):
            own = codes[start + i] == j
            others[i] += 0.0 if own else e[j * n + i]
            p[i] = e[j * n + i] if own else p[i]
            lift[i] = x[j * n + i] if own else lift[i]


@linked
def _row_terms(gamma, floored, p, q, L, f, slope, bend, own_bend):
    for i in range(p.shape[0]):
        slope[i] = f[i] * _own_slope(p[i], q[i], L[i], gamma)
    for i in range(p.shape[0]):
        bend[i] = f[i] * gamma * p[i] * (2 * q[i] - L[i] * (1 - gamma * p[i]))
    for i in range(p.shape[0]):
        own = f[i] * _own_bend(p[i], q[i], L[i], gamma)
        own_bend[i] = max(own, f[i] * p[i] * q[i]) if floored else own


@linked
def _class_terms(j, codes, tops, floored, r, terms, g, h):
    """Gradient and hessian of one class from r = p_j / q of the rows."""
    q, f, left_of_top, slope, bend, own_bend = terms
    for i in range(r.shape[0]):
        left = left_of_top[i] if tops[i] == j else 1 - r[i] * q[i]  # 1 - p_j
        off = bend[i] * r[i] + slope[i] * left
        off = max(off, f[i] * q[i] * left) if floored else off
        h[i] = own_bend[i] if codes[i] == j else r[i] * off
    for i in range(r.shape[0]):
        g[i] = -slope[i] if codes[i] == j else slope[i] * r[i]


@linked
def _finish_rows(codes, start, gamma, floored, floats, tops, gradient, hessian, n):
    """Derivatives of rows with one score for each class, from P, Q, L, F and the sums of E."""
    p, q, L, f = floats[_P][:n], floats[_Q][:n], floats[_L][:n], floats[_F][:n]
    slope, bend, own_bend = floats[_U][:n], floats[_C][:n], floats[_M][:n]  # free by now, as X and K
    shrink, left_of_top = floats[_OTHERS][:n], floats[_REST][:n]
    _row_terms(gamma, floored, p, q, L, f, slope, bend, own_bend)
    for i in range(n):
        shrink[i] = 1 / shrink[i] if shrink[i] > 0 else 0.0
    for i in range(n):
        left_of_top[i] = left_of_top[i] / (1 + left_of_top[i])
    terms = (q, f, left_of_top, slope, bend, own_bend)
    g, h = floats[_X][:n], floats[_K][:n]
    mine, tops = codes[start : start + n], tops[:n]
    for j in range(gradient.shape[1]):
        r = floats[_E][j * n : (j + 1) * n]
        for i in range(n):
            r[i] *= shrink[i]
        _class_terms(j, mine, tops, floored, r, terms, g, h)
        for i in range(n):
            gradient[start + i, j] = g[i]
            hessian[start + i, j] = h[i]


@kernel
def differentiate_rows(score, codes, class_weight, weight, gamma, floored, out, registers, lo, hi):
    """The same with respect to softmax scores (n, n_classes); the hessian is its diagonal."""
    floats, bits = registers
    n_classes = score.shape[1]
    x, e, u, c = floats[_X], floats[_E], floats[_U], floats[_C]
    p, q, L, lift = floats[_P], floats[_Q], floats[_L], floats[_LIFT]
    rests, others, tops = floats[_REST], floats[_OTHERS], bits[_TOP]
    step = max(1, min(_CHUNK, floats.shape[1] // n_classes))
    n_wrong = 0
    for start in range(lo, hi, step):
        n = min(step, hi - start)
        n_wrong += _center(score, start, n, x, lift, tops)
        _exp(x, e, bits[_E], floats[_K], bits[_K], n * n_classes)
        _gather(codes, start, n, n_classes, registers)
        for i in range(n):
            u[i] = 1 + rests[i]
            c[i] = rests[i] - (u[i] - 1)
        for i in range(n):
            p[i] /= u[i]
            q[i] = others[i] / u[i]
        _log(u, bits[_U], c, floats[_K], floats[_M], bits[_M], L, n)
        for i in range(n):
            L[i] -= lift[i]
        _weigh(codes, class_weight, weight, start, floats[_F], n)
        _power(registers, gamma, n)
        _finish_rows(codes, start, gamma, floored, floats, tops, out[0], out[1], n)
    return n_wrong
