"""Class priors: their checks, probabilities under other priors, and the most likely prior of unlabelled rows.

Inside, priors are float64 of shape (n_classes,), in the order of the columns of p; p of shape (n,) stands
for the two columns 1 - p and p.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.special
from numpy.typing import NDArray

from fastsmote._core import scores
from fastsmote._core.containers import names_of
from fastsmote._core.labels import check_labels
from fastsmote._core.public import public
from fastsmote._core.scores import infer_pos_label
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Floats
from fastsmote._kernels.probability import priors as kernels

Work = Callable[[int, int], object]

LEAST = 1e-75  # of a prior, so that products of four quotients of priors are normal numbers
_ROWS = 1 << 17  # rows per block: 1 MiB of float64, and smaller problems run without threads
_SUM_TOLERANCE = 1e-3  # of a row of p: probabilities may come as float16
_PRIOR_TOLERANCE = 1e-6  # of the sum of priors, which may come as float32
_RIDGE = 1e-12  # relative; where classes can not be told apart the information is singular
_SHRINK = 0.01  # a prior falls by this factor at most in a step, so that none is ever given up
_ASCENT = 0.01  # a Newton step stays if it gains this share of what the slope promises (Armijo's rule),
_FASTER = 0.5  # or cuts the certified distance to the maximum by this factor: gains drown in rounding there


def check_columns(p: Any) -> NDArray[Any]:
    """p as C-contiguous float32 or float64 of shape (n,) or (n, n_classes), of whatever values."""
    array = scores.read_columns(p, "p")
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise ValueError(f"p must hold probabilities as float64 or narrower. Got {array.dtype}.")
    narrow = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    array = np.ascontiguousarray(array, np.float32 if narrow else np.float64).view()
    array.flags.writeable = False  # kernels are compiled for one kind of array
    return array


def run_checked(p: NDArray[Any], work: Work | None, n_jobs: int | None) -> None:
    """``work`` on ranges of rows whose values are probabilities; ValueError if some are not."""
    find = (
        partial(kernels.first_outside, p)
        if p.ndim == 1
        else partial(kernels.first_off_simplex, p, _SUM_TOLERANCE)
    )
    first = np.full(split(len(p), _ROWS), -1, np.int64)

    def check(lo: int, hi: int) -> None:
        first[lo // _ROWS] = find(lo, hi)
        if work is not None and first[lo // _ROWS] < 0:
            work(lo, hi)

    run_ranges(check, len(p), _ROWS, n_jobs=n_jobs)
    found = first[first >= 0]
    if len(found):
        allowed = "probabilities in [0, 1]" + (", rows of which add up to 1" if p.ndim == 2 else "")
        raise ValueError(
            f"p must hold {allowed}. Got {p[found[0]]} in row {found[0]}; pass what predict_proba gives."
        )


def n_columns(p: NDArray[Any]) -> int:
    return 2 if p.ndim == 1 else p.shape[1]


def unboxed(value: Any) -> Any:
    """A 0-d array as the number in it, anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def sorted_labels(labels: Iterable[Any]) -> list[Any]:
    try:
        return sorted(labels)
    except TypeError:
        raise ValueError(
            f"Labels must be all numbers or all strings. Got {list(labels)!r}; convert some of them."
        ) from None


def in_order(prior: Any, name: str, labels: list[Any]) -> Any:
    """The priors of ``labels`` if they come by label, anything else as it is."""
    if not isinstance(prior, Mapping):
        return prior
    if len(prior) != len(labels) or set(prior) != set(labels):
        raise ValueError(f"{name} must have the labels {labels!r}. Got {list(prior)!r}.")
    return [prior[label] for label in labels]


def check_prior(prior: Any, name: str, p: NDArray[Any], labels: list[Any]) -> Floats:
    """Priors of the columns of p from a number, one number per column, or a mapping from ``labels``."""
    if isinstance(prior, Mapping) and p.ndim == 1:
        raise ValueError(
            f"{name} must be the prior of the positive class, a number, for p of shape (n_samples,). Got "
            f"{prior!r}; or pass p with a column per class."
        )
    prior = in_order(unboxed(prior), name, labels)
    if isinstance(prior, Real):
        if n_columns(p) != 2:
            raise ValueError(
                f"{name} must hold one prior per column of p, {p.shape[1]}. Got the number {prior!r}."
            )
        share = _share(prior, name)
        return np.array([1 - share, share])
    values = np.asarray(prior)
    if p.ndim == 1 or values.shape != (p.shape[1],):
        allowed = "a number" if p.ndim == 1 else f"of shape ({p.shape[1]},)"
        raise ValueError(
            f"{name} must be {allowed} for p of shape {p.shape}. Got {prior!r} of shape {values.shape}."
        )
    return check_prior_values(values, name)


def check_prior_values(values: NDArray[Any], name: str) -> Floats:
    """One prior per class, which add up to 1."""
    shares = np.array([_share(value, name) for value in values.tolist()])
    total = math.fsum(shares)
    if abs(total - 1) > _PRIOR_TOLERANCE:
        raise ValueError(f"{name} must hold numbers that add up to 1. Got a sum of {total!r}.")
    return shares / total


def check_share(prior: Any, name: str) -> float:
    """One number in (0, 1)."""
    if not isinstance(prior, Real):
        raise ValueError(f"{name} must be a number, or one number per class. Got {prior!r}.")
    return _share(prior, name)


def _share(prior: Any, name: str) -> float:
    if isinstance(prior, bool | np.bool_) or not isinstance(prior, Real) or not LEAST <= float(prior) < 1:
        raise ValueError(
            f"{name} must hold numbers between 0 and 1, both excluded, {LEAST} at least. Got {prior!r}."
        )
    return float(prior)


def check_classes(p: Any, values: NDArray[Any], classes: Any, *priors: Any) -> list[Any]:
    """Labels of the columns ``values`` of p: ``classes``, names of a frame, or of a mapping, sorted.

    Empty where nothing has labels.
    """
    known = next((prior for prior in priors if isinstance(prior, Mapping)), None)
    names = names_of(p)
    if classes is not None:
        labels = _column_labels(classes, values)
        if known is not None and set(labels) != set(known):
            raise ValueError(f"classes must hold the labels {list(known)!r}, once each. Got {labels!r}.")
        if names is not None and set(names) == set(labels) and names != labels:
            raise ValueError(
                f"classes must be in the order of the columns of p, {names!r}. Got {labels!r}; leave it out."
            )
        return labels
    if known is None or values.ndim == 1:
        return []
    labels = sorted_labels(known)
    if len(labels) != values.shape[1]:
        raise ValueError(
            f"p must have one column per class, {len(labels)} for {labels!r}. Got {values.shape[1]} columns."
        )
    if names is None:
        return labels
    if set(names) != set(labels):
        raise ValueError(
            f"p must have columns that are named as the classes, {labels!r}. Got {names!r}; pass the labels "
            "in the order of the columns as classes."
        )
    return names


def _column_labels(classes: Any, values: NDArray[Any]) -> list[Any]:
    if values.ndim == 1:
        raise ValueError(
            f"classes is for p with a column per class. Got {classes!r} and p of shape {values.shape}; leave "
            "it out."
        )
    labels = np.asarray(classes, object)
    if labels.shape != values.shape[1:] or len(set(labels.tolist())) != len(labels):
        raise ValueError(
            f"classes must hold the labels of the {values.shape[1]} columns of p, once each. Got {classes!r}."
        )
    return labels.tolist()


def rescale(p: NDArray[Any], train: Floats, true: Floats, n_jobs: int | None) -> NDArray[Any]:
    """p under the priors ``true`` instead of ``train``; ValueError if p are no probabilities."""
    weights = true / train  # the largest is at least 1, as both add up to 1
    out = np.empty_like(p)
    work: Work = (
        partial(kernels.rescale, p, *weights, out)
        if p.ndim == 1
        else partial(kernels.rescale_rows, p, weights, out)
    )
    run_checked(p, work, n_jobs)
    return out


def counts_of(source: Any) -> tuple[dict[Any, float], dict[Any, float]]:
    """Counts per class before and after resampling."""
    if hasattr(source, "counts_before"):
        return source.counts_before, source.counts_after
    if not isinstance(source, tuple | list) or len(source) != 2:
        raise TypeError(
            "source must be what a sampler returned, a SyntheticPlan, or a pair (before, after) of labels or "
            f"counts. Got {type(source).__name__}."
        )
    before, after = (_count(part, name) for part, name in zip(source, ("before", "after"), strict=True))
    return before, after


def _count(labels: Any, name: str) -> dict[Any, float]:
    if not isinstance(labels, Mapping):
        found = check_labels(labels, name=f"labels {name}", min_classes=1)
        return dict(zip(found.classes.tolist(), found.counts.tolist(), strict=True))
    sorted_labels(labels)
    for label, count in labels.items():
        if isinstance(count, bool) or not isinstance(count, Real) or not 0 <= float(count) < math.inf:
            raise ValueError(
                f"counts {name} must be numbers of at least 0. Got {count!r} for class {label!r}."
            )
    return dict(labels)


def shares_of(counts: Mapping[Any, float], labels: list[Any], when: str) -> Floats:
    """Counts as priors, in the order of ``labels``."""
    missing = [label for label in labels if not counts.get(label)]
    unknown = [label for label in counts if label not in labels]
    if missing or unknown:
        raise ValueError(
            f"source must have rows of the same classes before and after. Got {when} resampling none of "
            f"{missing!r}, and unknown {unknown!r}: a class without rows has no odds to correct."
        )
    values = np.array([counts[label] for label in labels], np.float64)
    return values / values.sum()


class State(NamedTuple):
    """Where the search for the most likely prior is."""

    prior: Floats  # (n_classes,) adds up to 1
    slope: Floats  # (n_classes,) derivatives of the log-likelihood / n
    information: Floats  # (n_classes, n_classes) minus its second derivatives / n
    log_likelihood: float
    gap: float  # the log-likelihood is at most this below its maximum


def most_likely(
    p: NDArray[Any], train: Floats, max_iter: int, tol: float, n_jobs: int | None
) -> tuple[State, int]:
    """The prior that maximises sum(log(sum(p prior / train))), and the number of passes that it took.

    A Newton step stays if it raises the likelihood enough, or halves the bound of ``_gap``, which can happen
    finitely often; else an EM step is taken instead, from where that Newton step began. EM steps never lower
    the likelihood and lead to the maximum.
    """
    state, n_iter, may_leap = _look(p, train, train, n_jobs), 1, True
    best = state.gap
    while state.gap > tol and n_iter < max_iter:
        proposed = np.maximum(_newton(state) if may_leap else state.prior * state.slope, LEAST)
        proposed /= proposed.sum()
        found = _look(p, train, proposed, n_jobs)
        n_iter += 1
        promised = len(p) * float(state.slope @ (proposed - state.prior))
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


def _look(p: NDArray[Any], train: Floats, prior: Floats, n_jobs: int | None) -> State:
    """One pass over p."""
    look = _look_at_two if p.ndim == 1 else _look_at_rows
    slope, information, logs = look(p, train, prior, n_jobs)
    return State(prior, slope, information, logs, _gap(slope, information, len(p)))


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


def _look_at_two(
    p: NDArray[Any], train: Floats, prior: Floats, n_jobs: int | None
) -> tuple[Floats, Floats, float]:
    """Sums for the rarer class a; those for the other follow, as prior[a] s[a] + prior[o] s[o] = 1."""
    a = int(prior[1] <= prior[0])
    units = np.zeros(2)
    units[a] = 1 / train[a]
    sums = np.zeros((split(len(p), _ROWS), 3, kernels.LANES))

    def body(block: int) -> None:
        lo, hi = block * _ROWS, min(len(p), (block + 1) * _ROWS)
        chunk = np.empty((2, kernels.CHUNK))
        kernels.posterior_sums(p, *(prior / train), *units, chunk, sums[block], lo, hi)

    run_blocks(body, len(sums), n_jobs=n_jobs)
    s, square, logs = (math.fsum(sums[:, i].ravel()) for i in range(3))
    s, square = s / len(p), square / len(p)
    own, other = prior[a], prior[1 - a]
    slope, information = np.empty(2), np.empty((2, 2))
    slope[[a, 1 - a]] = s, (1 - own * s) / other
    information[a, a] = square
    information[a, 1 - a] = information[1 - a, a] = (s - own * square) / other
    information[1 - a, 1 - a] = (1 - 2 * own * s + own**2 * square) / other**2
    return slope, information, logs


def _look_at_rows(
    p: NDArray[Any], train: Floats, prior: Floats, n_jobs: int | None
) -> tuple[Floats, Floats, float]:
    k = p.shape[1]
    sums = np.zeros((split(len(p), _ROWS), k + 2, k))

    def body(block: int) -> None:
        lo, hi = block * _ROWS, min(len(p), (block + 1) * _ROWS)
        kernels.posterior_sums_of_rows(p, prior / train, 1 / train, np.empty(k), sums[block], lo, hi)

    run_blocks(body, len(sums), n_jobs=n_jobs)
    total = sums.sum(axis=0)
    lower = total[1:-1] / len(p)
    return total[0] / len(p), lower + np.tril(lower, -1).T, float(total[-1, 0])


def standard_errors(state: State, n: int) -> Floats:
    """Of the priors, from the observed information."""
    values, vectors = _along_simplex(state.information, n)
    return np.sqrt(vectors**2 @ (1 / values))


@public("fastsmote.priors")
class PriorEstimate(NamedTuple):
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
    """

    prior: Any
    low: Any
    high: Any
    log_likelihood: float
    n_iter: int
    converged: bool


def positive_last(counts: dict[Any, float], pos_label: Any) -> list[Any]:
    if len(counts) != 2:
        raise ValueError(
            f"p must have one column per class for {len(counts)} classes, {sorted(counts)!r}. Got p of shape "
            "(n_samples,)."
        )
    positive = infer_pos_label(list(counts), pos_label)
    if positive not in counts:
        raise ValueError(f"pos_label must be one of {sorted(counts)!r}. Got {positive!r}.")
    return sorted(counts, key=lambda label: bool(label == positive))


def check_open(value: Any, name: str, top: float) -> float:
    if isinstance(value, bool) or not isinstance(value, float | int | np.number) or not 0 < value < top:
        raise ValueError(f"{name} must be a number above 0 and below {top:g}. Got {value!r}.")
    return float(value)
