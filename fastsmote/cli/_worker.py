"""One implementation in a process of its own: ``python -m fastsmote.cli._worker FOLDER SUBJECT PEER``.

Says ``{"ready": true}`` when the data are loaded and the code is compiled, then answers each JSON request,
one line each: ``{"size": n}`` runs on n rows and answers ``{"seconds": s, "peak": bytes}``; with
``"keep": path`` it also saves what of the result compares, untimed. A failure is ``{"error": text}``, and
the end.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import load_npz

from fastsmote._core import allowance
from fastsmote.cli._peers import FASTSMOTE, Call
from fastsmote.cli._show import PeakMemory
from fastsmote.cli._subjects import SUBJECTS

_WARM_ROWS = 2_000
_SHORT = 0.02  # seconds


def subset(labels: np.ndarray, size: int) -> np.ndarray | slice:
    """Rows of a stratified part of the data, ascending: at least 20 rows of the smaller class."""
    if size >= len(labels):
        return slice(None)
    frauds = np.flatnonzero(labels == 1)
    others = np.flatnonzero(labels == 0)
    n_frauds = min(len(frauds), max(20, round(len(frauds) * size / len(labels))))
    return np.sort(np.concatenate([frauds[:n_frauds], others[: size - n_frauds]]))


def _load(folder: Path, kind: str) -> tuple[Any, np.ndarray, np.ndarray]:
    """The two arguments of a call, and which of them holds the labels."""
    if kind == "rows":
        y = np.load(folder / "y.npy")
        dense = folder / "X.npy"
        return np.load(dense) if dense.exists() else load_npz(folder / "X.npz"), y, y
    y_true, y_score = np.load(folder / "y_true.npy"), np.load(folder / "y_score.npy")
    return y_true, y_score, y_true


def _timed(call: Call, arguments: tuple[Any, Any]) -> tuple[float, Any]:
    """Seconds and result of a call: of a short one, the median of some."""
    times: list[float] = []
    while sum(times) < _SHORT:
        start = time.perf_counter()
        result = call(*arguments)
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print does not get between the answers

    def send(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    allowance.close()
    folder, subject_name, peer_name = sys.argv[1:]
    subject = SUBJECTS[subject_name]
    first, second, labels = _load(Path(folder), subject.data)
    try:
        call, keep = next(peer for peer in subject.peers if peer.name == peer_name).build()
        # ours at full size: few rows are compared without the code that many rows need
        part = slice(None) if peer_name == FASTSMOTE else subset(labels, _WARM_ROWS)
        call(first[part], second[part])
    except Exception as error:  # reported in the table
        send({"error": f"{type(error).__name__}: {error}"})
        return
    send({"ready": True})
    size, arguments = len(labels), (first, second)
    for line in sys.stdin:
        request = json.loads(line)
        if request["size"] != size:
            size = request["size"]
            part = subset(labels, size)
            arguments = first[part], second[part]
        try:
            with PeakMemory() as memory:
                spent, result = _timed(call, arguments)
            if "keep" in request:
                np.savez(request["keep"], allow_pickle=False, **keep(result, *arguments))
            del result
        except Exception as error:  # reported in the table
            send({"error": f"{type(error).__name__}: {error}"})
            return
        send({"seconds": spent, "peak": memory.grown})


if __name__ == "__main__":
    main()
