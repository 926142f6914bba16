"""The most likely prior of rows without labels: Newton and EM steps, and a bound of what is left to gain.

Inside, priors are of shape (n_classes,), in the order of the columns of p; p of shape (n,) stands for the two
columns 1 - p and p.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.special
from numpy.typing import NDArray

from fastsmote._core.check import check_integer, check_within
from fastsmote._core.display import ShownTable, Summary, brief, briefly
from fastsmote._core.public import public
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.typing import Floats, Matrix
from fastsmote._core.warn import warn_user
from fastsmote._kernels.probability import priors as kernels
from fastsmote._probability.prior_inputs import LEAST, check_classes, check_prior, read_p
from fastsmote._probability.priors import run_checked

ROWS = 1 << 17  # rows per cell: 1 MiB of float64, and smaller problems run without threads
_OF_TWO = 3  # sums of each cell for p of shape (n,); for others there are n_classes + 2
_RIDGE = 1e-12  # relative; where classes can not be told apart the information is singular
_SHRINK = 0.01  # a prior falls by this factor at most in a step, so that none is ever given up
_ASCENT = 0.01  # a Newton step stays if it gains this share of what the slope promises (Armijo's rule),
_FASTER = 0.5  # or cuts the certified distance to the maximum by this factor: gains drown in rounding there


class _PriorFields(NamedTuple):
    """The fields of a :class:`PriorEstimate`."""

    prior: Any
    low: Any
    high: Any
    log_likelihood: float
    n_iter: int
    converged: bool


@public("fastsmote.priors")
class PriorEstimate(ShownTable, _PriorFields):
    """The most likely class prior of unlabelled rows.

    Attributes
    ----------
    prior : float or ndarray of shape (n_classes,)
        Of the positive class for p of shape (n_samples,), else of the columns of p.
    low, high : float or ndarray of shape (n_classes,)
        Ends of the confidence interval, each class on its own, within [0, 1].
    log_likelihood : float
        Of the rows under ``prior``, less that under the prior in training: at least 0, up to rounding. Twice
        it is chi-squared with n_classes - 1 degrees of freedom where the prior has not changed.
    n_iter : int
        Passes over p.
    converged : bool
        Whether the log-likelihood is certainly within ``tol`` of its maximum.

    See Also
    --------
    estimate_prior : Returns it.
    correct_prior : Takes ``prior`` as the true prior.
    """

    __slots__ = ()

    def _summary(self) -> Summary:
        prior, low, high = (np.ravel(part) for part in (self.prior, self.low, self.high))
        ends = [
            f"{brief(p)}, from {brief(a)} to {brief(b)}" for p, a, b in zip(prior, low, high, strict=True)
        ]
        title = ends[0] if not np.ndim(self.prior) else f"{len(prior)} classes"
        classes = {f"class {i}": text for i, text in enumerate(ends)} if np.ndim(self.prior) else {}
        search = f"{self.n_iter} passes, {'converged' if self.converged else 'NOT converged'}"
        return Summary(title, {**classes, **briefly(log_likelihood=self.log_likelihood), "search": search})

    def _columns(self) -> dict[str, Any]:
        return {name: np.ravel(getattr(self, name)) for name in ("prior", "low", "high")}


Sums: TypeAlias = NDArray[np.float64]  # (n_cells, ...) of the rows in each cell of ``ROWS`` rows
Pass: TypeAlias = Callable[[Floats], Sums]  # one pass over p under a prior


class State(NamedTuple):
    """Where the search for the most likely prior is."""

    prior: Floats  # (n_classes,) adds up to 1
    slope: Floats  # (n_classes,) derivatives of the log-likelihood / n
    information: Floats  # (n_classes, n_classes) minus its second derivatives / n
    log_likelihood: float
    gap: float  # the log-likelihood is at most this below its maximum


def most_likely(look: Pass, n: int, train: Floats, max_iter: int, tol: float) -> tuple[State, int]:
    """The prior that maximises sum(log(sum(p prior / train))), and the number of passes that it took.

    ``look`` makes a pass over the n rows of p.

    A Newton step stays if it raises the likelihood enough, or halves the bound of ``_gap``, which can happen
    finitely often; else an EM step is taken instead, from where that Newton step began. EM steps never lower
    the likelihood and lead to the maximum.
    """
    state, n_iter, may_leap = _evaluate(look, n, train, train), 1, True
    best = state.gap
    while state.gap > tol and n_iter < max_iter:
        proposed = np.maximum(_newton(state) if may_leap else state.prior * state.slope, LEAST)
        proposed /= proposed.sum()
        found = _evaluate(look, n, train, proposed)
        n_iter += 1
        promised = n * float(state.slope @ (proposed - state.prior))
        risen = found.log_likelihood - state.log_likelihood >= _ASCENT * promised > 0
        if not may_leap or risen or found.gap <= _FASTER * best:
            state, may_leap = found, True
            best = min(best, found.gap)
        else:
            may_leap = False
    return state, n_iter


def _newton(state: State) -> Floats:
    """Maximum of the quadratic that touches the log-likelihood - n sum(prior), no prior below 0.

    With slope = information @ prior this minimises y' H y / 2 - (2 slope - 1)' y over y >= 0, a least squares
    problem once H = R' R. See Kim et al. (2020), doi:10.1080/10618600.2019.1689985.
    """
    ridge = _RIDGE * np.trace(state.information)
    factor = np.linalg.cholesky(state.information + ridge * np.eye(len(state.prior))).T
    target = scipy.linalg.solve_triangular(factor, 2 * state.slope - 1, trans="T")
    return np.maximum(scipy.optimize.nnls(factor, target)[0], _SHRINK * state.prior)


def _evaluate(look: Pass, n: int, train: Floats, prior: Floats) -> State:
    """One pass over p."""
    sums = look(prior)
    read = _read_two if sums.shape[1] == _OF_TWO else _read_rows
    slope, information, logs = read(sums, n, train, prior)
    return State(prior, slope, information, logs, _gap(slope, information, n))


def _gap(slope: Floats, information: Floats, n: int) -> float:
    """How far the log-likelihood is below its maximum at most, the less of two bounds.

    As it is concave: n (max(slope) - 1). As minus a sum of logarithms of linear functions is self-concordant:
    -d - log(1 - d) for a Newton decrement d < 1 in the directions that keep the sum of the priors, which is
    sharp inside where the first is sharp at borders. See Nesterov (2018), section 5.1,
    doi:10.1007/978-3-319-91578-4.
    """
    values, vectors = _along_simplex(information, n)
    decrement = math.sqrt(float((n * slope @ vectors) ** 2 @ (1 / values)))
    inside = -decrement - math.log1p(-decrement) if decrement < 1 else math.inf
    return min(n * (float(slope.max()) - 1), inside)


def _along_simplex(information: Floats, n: int) -> tuple[Floats, Floats]:
    """Eigenvalues, no smaller than rounding, and eigenvectors of the information where priors add up to 1."""
    along = scipy.linalg.null_space(np.ones((1, len(information))))
    values, vectors = np.linalg.eigh(n * along.T @ information @ along)
    least = np.finfo(np.float64).eps * n * np.trace(information)
    return np.maximum(values, least), along @ vectors


def _rarer(prior: Floats) -> int:
    return int(prior[1] <= prior[0])


def cell_sums(p: Matrix, train: Floats, prior: Floats) -> Sums:
    """Sums over the rows of p, which are one cell."""
    k = None if p.ndim == 1 else p.shape[1]
    sums = np.zeros((_OF_TWO, kernels.LANES) if k is None else (k + 2, k))
    if k is None:
        units = np.zeros(2)
        units[_rarer(prior)] = 1 / train[_rarer(prior)]
        chunk = np.empty((2, kernels.CHUNK))
        kernels.posterior_sums(p, *(prior / train), *units, chunk, sums, 0, len(p))
    else:
        kernels.posterior_sums_of_rows(p, prior / train, 1 / train, np.empty(k), sums, 0, len(p))
    return sums


def _look(p: Matrix, train: Floats, n_jobs: int | None, prior: Floats) -> Sums:
    """A pass over p in memory."""
    cells: list[Any] = [None] * split(len(p), ROWS)

    def body(block: int) -> None:
        cells[block] = cell_sums(p[block * ROWS : (block + 1) * ROWS], train, prior)

    run_blocks(body, len(cells), n_jobs=n_jobs)
    return np.stack(cells)


def _read_two(sums: Sums, n: int, train: Floats, prior: Floats) -> tuple[Floats, Floats, float]:
    """From sums for the rarer class a; those for the other follow, as prior[a] s[a] + prior[o] s[o] = 1."""
    a = _rarer(prior)
    s, square, logs = (math.fsum(sums[:, i].ravel()) for i in range(_OF_TWO))
    s, square = s / n, square / n
    rarer, other = prior[a], prior[1 - a]
    slope, information = np.empty(2), np.empty((2, 2))
    slope[[a, 1 - a]] = s, (1 - rarer * s) / other
    information[a, a] = square
    information[a, 1 - a] = information[1 - a, a] = (s - rarer * square) / other
    information[1 - a, 1 - a] = (1 - 2 * rarer * s + rarer**2 * square) / other**2
    return slope, information, logs


def _read_rows(sums: Sums, n: int, train: Floats, prior: Floats) -> tuple[Floats, Floats, float]:
    total = sums.sum(axis=0)
    lower = total[1:-1] / n
    return total[0] / n, lower + np.tril(lower, -1).T, float(total[-1, 0])


def standard_errors(state: State, n: int) -> Floats:
    """Of the priors, from the observed information."""
    values, vectors = _along_simplex(state.information, n)
    return np.sqrt(vectors**2 @ (1 / values))


class PriorRequest(NamedTuple):
    """What to search for, and how long."""

    train: Floats
    is_pair: bool  # p is of shape (n,)
    level: float
    tol: float
    max_iter: int


def read_request(
    p: Any, values: Matrix, train_prior: Any, classes: Any, confidence_level: Any, tol: Any, max_iter: Any
) -> PriorRequest:
    """What the user gave, checked; ``values`` are p, or no rows of it."""
    level = check_within(confidence_level, "confidence_level", "(0, 1)")
    tolerance = check_within(tol, "tol", "(0, inf)")
    most = check_integer(max_iter, "max_iter")
    labels = check_classes(p, values, classes, train_prior)
    train = check_prior(train_prior, "train_prior", values, labels)
    return PriorRequest(train, values.ndim == 1, level, tolerance, most)


def search(look: Pass, n: int, request: PriorRequest) -> PriorEstimate:
    """The prior of n rows, by passes over them."""
    train, is_pair, level, tolerance, most = request
    state, n_iter = most_likely(look, n, train, most, tolerance)
    converged = state.gap <= tolerance
    if not converged:
        warn_user(
            f"The log-likelihood may be {state.gap:.3g} below its maximum after {n_iter} passes. Raise "
            f"max_iter ({most}) or tol ({tolerance:g})."
        )
    z = scipy.special.ndtri(0.5 + level / 2)
    errors = z * standard_errors(state, n)
    low, high = np.maximum(state.prior - errors, 0.0), np.minimum(state.prior + errors, 1.0)
    prior, low, high = (float(v[1]) if is_pair else v for v in (state.prior, low, high))
    return PriorEstimate(prior, low, high, state.log_likelihood, n_iter, converged)


def estimate_prior(
    p: Any,
    train_prior: Any,
    classes: Any,
    confidence_level: Any,
    tol: Any,
    max_iter: Any,
    n_jobs: int | None,
) -> PriorEstimate:
    values = read_p(p)
    request = read_request(p, values, train_prior, classes, confidence_level, tol, max_iter)
    run_checked(values, None, n_jobs)
    return search(partial(_look, values, request.train, n_jobs), len(values), request)
