"""What small questions may cost in NumPy where kernels would have to be compiled: one rule for all topics."""

from collections.abc import Callable, Hashable
from typing import Any

from fastsmote._kernels.jit import is_at_hand


class Allowance:
    """Nanoseconds that a process may spend on NumPy, for one topic, before its kernels are compiled.

    The switch depends on sizes alone, those of all questions so far, and on whether compiled code is at hand.
    With as much as half of what compiling costs, who asks little is never kept waiting, and who asks much
    pays half as much again at most.

    Parameters
    ----------
    budget : float
        Nanoseconds, as callers estimate them from sizes.
    kernel_for : callable
        A kernel and arguments of the types that it is called with, for a kind of question: where there is
        code for these, there is code for the topic.
    """

    are_open = True  # all of them

    def __init__(self, budget: float, kernel_for: Callable[..., tuple[Any, ...]]) -> None:
        self.budget, self.spent = budget, 0.0
        self.compiled: set[tuple[Hashable, ...]] = set()  # kinds whose code was found
        self._kernel_for = kernel_for

    def is_compiled(self, *kind: Hashable) -> bool:
        """Whether compiled code is at hand for a kind of question."""
        if kind not in self.compiled:
            if not is_at_hand(*self._kernel_for(*kind)):
                return False
            self.compiled.add(kind)
        return True

    def covers(self, cost: float) -> bool:
        return self.are_open and self.spent + cost <= self.budget

    def spend(self, cost: float) -> None:
        self.spent += cost


def close() -> None:
    """From now on kernels answer all questions: for clocks, which are to see compiled code."""
    Allowance.are_open = False
