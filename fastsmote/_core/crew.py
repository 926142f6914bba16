"""Threads that stay between the jobs of one call, and end with it.

A call of the package hands out some ten to a hundred jobs. To start a thread for each takes 20 microseconds,
to wake one that waits 7. Public functions open a ``Crew`` for the time of a call; the driver
(``fastsmote._core.threads``) sends its helpers there. A crew belongs to the thread that calls, so that calls
side by side do not share one. Where none is open, threads are started for each job.
"""

import os
import threading
import weakref
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable

_here = threading.local()
_END_SECONDS = 0.05  # a thread that has not ended by then has not begun, and ends when it does
_ALONE_SECONDS = 1.0  # so often one that waits looks whether its crew is still there


class _Member:
    """A thread that waits for tasks; None ends it, and so does the end of its crew, however that came."""

    def __init__(self, crew: "Crew") -> None:
        self._crew = weakref.ref(crew)
        self._tasks: deque[Callable[[], object] | None] = deque()
        self._sleeps, self._lives = threading.Lock(), threading.Lock()
        self._sleeps.acquire()
        self._lives.acquire()

    def start(self) -> None:
        start_new_thread(self._stay, ())

    def give(self, task: Callable[[], object] | None) -> None:
        """Only the thread that calls lets the lock go; where it is free, the last time was not seen yet."""
        self._tasks.append(task)
        if self._sleeps.locked():
            self._sleeps.release()

    def wait(self) -> None:
        """Until it has ended, or a moment."""
        if self._lives.acquire(timeout=_END_SECONDS):
            self._lives.release()

    def _stay(self) -> None:
        try:
            while self._is_called():
                while self._tasks:
                    task = self._tasks.popleft()
                    if task is None:
                        return
                    task()
                    del task  # what belongs to the call is the caller's alone from here on
        finally:
            self._lives.release()

    def _is_called(self) -> bool:
        while not self._sleeps.acquire(timeout=_ALONE_SECONDS):
            if self._crew() is None:
                return False
        return True


class Crew:
    """The threads of the call that it is opened for, ``with Crew():``; inside another one it does nothing."""

    def __init__(self) -> None:
        self._members: list[_Member] = []
        self._process = os.getpid()

    def __enter__(self) -> None:
        if open_crew() is None:
            _here.crew = self

    def __exit__(self, *_: object) -> None:
        if open_crew() is not self:
            return
        _here.crew = None
        if not self._members:
            return
        try:
            self._dismiss()
        except BaseException:  # Ctrl-C
            self._dismiss()
            raise

    def send(self, place: int, task: Callable[[], object]) -> None:
        """Let the member at a place do a task, who is started where the place is the next one."""
        if os.getpid() != self._process:  # in the child of a fork there are none
            self._members, self._process = [], os.getpid()
        if place < len(self._members):
            self._members[place].give(task)
            return
        member = _Member(self)
        member.give(task)
        self._members.append(member)  # first: a Ctrl-C may come once it runs
        try:
            member.start()
        except (RuntimeError, MemoryError):
            self._members.pop()
            raise

    def _dismiss(self) -> None:
        if os.getpid() != self._process:
            return
        for member in self._members:
            member.give(None)
        for member in self._members:
            member.wait()


def open_crew() -> Crew | None:
    """The crew of the call that this thread makes."""
    return getattr(_here, "crew", None)
