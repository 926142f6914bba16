"""``patch_imblearn``: the drop-in classes in the places where imbalanced-learn looks up its own, and back."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from typing import NamedTuple

import imblearn

import fastsmote
import fastsmote.imblearn
from fastsmote._core.public import public
from fastsmote.imblearn._tally import Tally, report

__all__ = ["PatchReport", "patch_imblearn", "patch_report", "patched_imblearn", "unpatch_imblearn"]


class _State:
    """Who wants the patch: a call that lasts, and blocks that are under way."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.lasting = False
        self.blocks = 0
        self.on = False
        self.bound: set[tuple[str, str]] = set()  # (module, name) that stood for a drop-in before the patch

    @property
    def wanted(self) -> bool:
        return self.lasting or self.blocks > 0


_state = _State()


def _renew_lock() -> None:
    _state.lock = threading.RLock()


if hasattr(os, "register_at_fork"):  # a thread that is not in the child may have held the lock
    os.register_at_fork(after_in_child=_renew_lock)


@public("fastsmote")
class PatchReport(NamedTuple):
    """What ran where in this process since it began, or since an earlier report.

    Attributes
    ----------
    patched : bool
        Whether imbalanced-learn's names stand for fastsmote's classes now.
    tallies : list of (name, where, reason, calls, seconds)
        Calls by class, "compiled" or "parent", and why in the parent class; "raised" for calls that failed.
        ``str`` makes a table of them.

    See Also
    --------
    patch_report : Makes one.
    """

    patched: bool
    tallies: list[Tally]

    def __str__(self) -> str:
        state = f"imbalanced-learn is {'patched' if self.patched else 'not patched'} now"
        if not self.tallies:
            return f"No call of a fastsmote class so far ({state})."
        rows = [("class", "ran", "calls", "seconds", "why")]
        rows += [(t.name, t.where, str(t.calls), f"{t.seconds:.3f}", t.reason) for t in self.tallies]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            f"{name:<{wide[0]}}  {where:<{wide[1]}}  {calls:>{wide[2]}}  {seconds:>{wide[3]}}  {why}".rstrip()
            for name, where, calls, seconds, why in rows
        ]
        return "\n".join([f"Calls of fastsmote's classes ({state}):", *lines])


@public("fastsmote")
def patch_imblearn() -> None:
    """Let imbalanced-learn's names stand for the classes of :mod:`fastsmote.imblearn`.

    Every module of imbalanced-learn that has bound one of these classes gets the drop-in class in its place:
    ``imblearn.over_sampling.SMOTE``, the SMOTE, TomekLinks and EditedNearestNeighbours of the combinations,
    the TomekLinks of OneSidedSelection, the RandomUnderSampler of the ensembles. Code that runs
    ``from imblearn.over_sampling import SMOTE`` later gets the drop-in. Names that were bound before in other
    packages, and objects made before, keep their class.

    Raises
    ------
    ImportError
        Without imbalanced-learn.

    See Also
    --------
    unpatch_imblearn : The way back.
    patched_imblearn : For a block.
    patch_report : What ran where.

    Notes
    -----
    Nothing is patched unless asked for; doing it twice is doing it once. It is safe from several threads
    and holds for the whole process, but not for processes that are started anew (spawn, loky): objects
    that are sent there keep the drop-in classes, names that are looked up there are imbalanced-learn's.

    The modules that define the classes keep theirs, because pickles find classes there. So do those that
    import ``NearestNeighbors`` of scikit-learn: imbalanced-learn hands sparse rows and other metrics to it.

    Examples
    --------
    >>> import fastsmote, imblearn.over_sampling
    >>> fastsmote.patch_imblearn()
    >>> imblearn.over_sampling.SMOTE is fastsmote.imblearn.SMOTE
    True
    >>> fastsmote.unpatch_imblearn()
    >>> imblearn.over_sampling.SMOTE is fastsmote.imblearn.SMOTE
    False
    """
    with _state.lock:
        _state.lasting = True
        _rebind()


@public("fastsmote")
def unpatch_imblearn() -> None:
    """Give imbalanced-learn its own classes back, everywhere; without a patch, nothing happens.

    A ``with patched_imblearn()`` block that is under way, here or in another thread, ends with its own exit.

    See Also
    --------
    patch_imblearn : The patch.
    """
    with _state.lock:
        _state.lasting = False
        _rebind()


@public("fastsmote")
@contextlib.contextmanager
def patched_imblearn() -> Iterator[None]:
    """``with patched_imblearn():`` patches imbalanced-learn within the block, as :func:`patch_imblearn` does.

    Blocks nest and overlap between threads: the last one to end gives the classes back, unless
    :func:`patch_imblearn` was called.

    See Also
    --------
    patch_imblearn : Without an end.

    Examples
    --------
    >>> import fastsmote, imblearn.over_sampling
    >>> with fastsmote.patched_imblearn():
    ...     sampler = imblearn.over_sampling.SMOTE(random_state=0)
    >>> isinstance(sampler, fastsmote.imblearn.SMOTE), isinstance(sampler, imblearn.over_sampling.SMOTE)
    (True, True)
    """
    with _state.lock:
        _state.blocks += 1
        _rebind()
    try:
        yield
    finally:
        with _state.lock:
            _state.blocks -= 1
            _rebind()


@public("fastsmote")
def patch_report(since: PatchReport | None = None) -> PatchReport:
    """Whether the patch is on, and what fastsmote's classes did so far: where it ran, how often, how long.

    Parameters
    ----------
    since : PatchReport, optional
        An earlier report, whose calls are left out. None is all calls.

    Returns
    -------
    PatchReport
        Print it for a table. Calls are counted with or without a patch, in this process only. The time of a
        combination includes that of its parts.

    See Also
    --------
    patch_imblearn : The patch.

    Examples
    --------
    >>> import fastsmote
    >>> before = fastsmote.patch_report()
    >>> with fastsmote.patched_imblearn():
    ...     pass  # fit a model
    >>> print(fastsmote.patch_report(since=before))
    No call of a fastsmote class so far (imbalanced-learn is not patched now).
    """
    with _state.lock:
        tallies = report()
        if since is not None:
            earlier = {tally[:3]: tally for tally in since.tallies}
            tallies = [_since(tally, earlier.get(tally[:3])) for tally in tallies]
        return PatchReport(_state.wanted, [tally for tally in tallies if tally.calls])


def _since(tally: Tally, earlier: Tally | None) -> Tally:
    if earlier is None:
        return tally
    return tally._replace(calls=tally.calls - earlier.calls, seconds=tally.seconds - earlier.seconds)


def _of_imblearn(name: str) -> bool:
    return name.partition(".")[0] == imblearn.__name__


def _pairs() -> list[tuple[type, type]]:
    """(class of imbalanced-learn, drop-in class that inherits from it under the same name)."""
    drop_ins = [getattr(fastsmote.imblearn, name) for name in fastsmote.imblearn.__all__]
    return [
        (next(c for c in cls.__mro__ if c.__name__ == cls.__name__ and _of_imblearn(c.__module__)), cls)
        for cls in drop_ins
    ]


def _rebind() -> None:
    """Put the wanted class wherever a module of imbalanced-learn has bound the other.

    What stood for a drop-in class before the patch stays.
    """
    modules = [module for name, module in list(sys.modules.items()) if _of_imblearn(name)]
    begins = _state.wanted and not _state.on
    if begins:
        _state.bound.clear()
    for original, drop_in in _pairs():
        found, wanted = (original, drop_in) if _state.wanted else (drop_in, original)
        for module in modules:
            for name, value in list(vars(module).items()):
                place = (module.__name__, name)
                if begins and value is drop_in:
                    _state.bound.add(place)
                elif value is found and module.__name__ != original.__module__ and place not in _state.bound:
                    setattr(module, name, wanted)
    _state.on = _state.wanted
