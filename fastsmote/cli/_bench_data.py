"""The data of ``fastsmote bench``: one folder of arrays per table, which each worker loads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import save_npz

from fastsmote.cli._shapes import SHAPES, categories, make_shape
from fastsmote.cli._subjects import FRAUD_TABLES, LEVELS
from fastsmote.datasets import make_fraud

_MIN_POSITIVES = 20


def make_table(folder: Path, table: str, n: int, rate: float) -> list[str]:
    """Save the data of a table; returns notes."""
    folder.mkdir()
    if table == "scores":
        return _make_scores(folder, n, rate)
    if table in FRAUD_TABLES:
        rate, notes = _positives(n, FRAUD_TABLES[table] or rate)
        X, y = make_fraud(n, fraud_rate=rate)
        if table == "categories beside":
            X = np.column_stack([X, _categories(y, LEVELS[:3])])
        elif table == "categories":
            X = _categories(y, LEVELS)
    elif table in SHAPES:
        X, y = make_shape(SHAPES[table], n)
        notes = []
    else:
        features, notes = 8 if table == "8 features" else 30, []
        X, y = np.random.default_rng(0).standard_normal((n, features)), np.zeros(n, np.int64)
    if isinstance(X, np.ndarray):
        np.save(folder / "X.npy", X)
    else:
        save_npz(folder / "X.npz", X)
    np.save(folder / "y.npy", y)
    return notes


def _categories(y: np.ndarray, levels: Sequence[int]) -> np.ndarray:
    return categories(np.random.default_rng(1), y, tuple(levels))


def _make_scores(folder: Path, n: int, rate: float) -> list[str]:
    rate, notes = _positives(n, rate)
    rng = np.random.default_rng(0)
    y_true = np.zeros(n, np.int64)
    y_true[rng.choice(n, round(n * rate), replace=False)] = 1
    np.save(folder / "y_true.npy", y_true)
    np.save(folder / "y_score.npy", rng.standard_normal(n) + 2.0 * y_true)
    return notes


def _positives(n: int, rate: float) -> tuple[float, list[str]]:
    if round(n * rate) >= _MIN_POSITIVES:
        return rate, []
    raised = _MIN_POSITIVES / n
    return raised, [f"{n:,} rows: rate raised from {rate:g} to {raised:.3g}, for {_MIN_POSITIVES} positives."]
