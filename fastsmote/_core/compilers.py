"""Processes that compile kernels before they are called: numba compiles one at a time in each."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from fastsmote._kernels.signatures import COMPILED

_ROOT = str(Path(__file__).parents[2])


def compile_all(
    places: Sequence[int],
    n_processes: int,
    told: Callable[[int], object],
    settings: Mapping[str, str] | None = None,
) -> None:
    """Compile these signatures of the file into the cache, in processes with these variables set.

    ``told(done)`` is called in this thread as they get ready. An error there, or Ctrl-C, ends the processes.
    """
    work = _Work(list(places))
    environment = os.environ | dict(settings or {})
    try:
        threads = [
            threading.Thread(target=work.feed, args=(environment,), daemon=True)
            for _ in range(min(n_processes, len(places)))
        ]
        started = [thread for thread in threads if _starts(thread)]
        if places and not started:
            raise ChildProcessError("No thread can be started for the processes that compile.")
        while work.wait():
            told(work.done)
        told(work.done)
    finally:
        work.stop()
    if work.error is not None:
        raise work.error


def _starts(thread: threading.Thread) -> bool:
    try:
        thread.start()
    except RuntimeError:  # no more threads for this process or user
        return False
    return True


def _work() -> str:
    """What a process runs: it finds this package, and numba, where this process does."""
    places = [_ROOT, *filter(None, sys.path)]
    return f"import sys; sys.path[:] = {places!r}; from fastsmote._kernels.signatures import serve; serve()"


class _Work:
    """Signatures that are left, and the processes that compile them."""

    def __init__(self, places: list[int]) -> None:
        self._left, self._all = places[::-1], len(places)
        self._changed = threading.Condition()
        self._processes: list[subprocess.Popen[str]] = []
        self.done, self.error = 0, None  # type: int, Exception | None

    def wait(self) -> bool:
        """Wait until one more is done; False when all are, or none will be."""
        with self._changed:
            before = self.done
            while self.done == before and self.error is None and self.done < self._all:
                self._changed.wait(0.1)  # Ctrl-C is seen so often
            return self.done < self._all and self.error is None

    def feed(self, environment: Mapping[str, str]) -> None:
        """One process: give it a signature, hear that it is done, and again."""
        command = [sys.executable, "-P", "-c", _work()]  # -P: nothing is imported from the current folder
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        try:
            with (
                tempfile.TemporaryFile("w+", errors="replace") as said,  # a pipe would fill, unread
                subprocess.Popen(command, env=environment, stderr=said, **pipes) as process,
            ):
                with self._changed:
                    self._processes.append(process)
                while (place := self._next()) is not None:
                    self._ask(process, place, said)
                    self._tell(1)
        except Exception as error:
            self._tell(0, error)

    def _next(self) -> int | None:
        with self._changed:
            return self._left.pop() if self._left else None

    @staticmethod
    def _ask(process: subprocess.Popen[str], place: int, said: IO[str]) -> None:
        """Have one compiled; whatever else the process prints is not meant for us."""
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{place}\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.strip() == f"{COMPILED} {place}":
                return
        process.wait()
        said.seek(0)
        raise ChildProcessError(f"A process that compiles ended: {said.read()[-500:]}")

    def _tell(self, n: int, error: Exception | None = None) -> None:
        with self._changed:
            self.done += n
            self.error = self.error or error
            self._changed.notify_all()

    def stop(self) -> None:
        """End the processes; nothing that is half written stays, since files are moved into place."""
        self._left.clear()
        with self._changed:
            for process in self._processes:
                if process.poll() is None:
                    process.kill()
                    process.wait()
