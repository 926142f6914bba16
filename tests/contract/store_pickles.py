"""Stores pickles and streams of this version, for later versions to read.

Run ``python -m contract.store_pickles`` in ``tests``, once for each version that comes out. What is stored
for a version that is out is never written again: whoever holds such a pickle has these bytes.
"""

import json
import pickle
from pathlib import Path

from contract.objects import CORE, FOLDER, STREAMS, make
from contract.record import DIGITS, digest

import fastsmote


def store(folder: Path) -> None:
    folder.mkdir()  # an error where there is one already
    answers = {}
    for name, example in CORE.items():
        made = make(example)
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(made, protocol=4))
        if name in STREAMS:
            (folder / f"{name}.bin").write_bytes(made.to_bytes())
        answers[name] = digest(example.use(made), DIGITS)
    (folder / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")


if __name__ == "__main__":
    store(FOLDER / fastsmote.__version__)
