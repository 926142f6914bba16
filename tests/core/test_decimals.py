"""Decimals, as databases give them, are numbers where scores, probabilities and weights are asked for."""

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fastsmote

Y = [0, 1, 1, 0, 1, 0]
FLOATS = [0.1, 0.9, 0.8, 0.35, 0.4, 0.4]
DECIMALS = [Decimal(str(value)) for value in FLOATS]
CONTAINERS = {
    "list": DECIMALS,
    "objects": np.array(DECIMALS, object),
    "pandas": pd.Series(DECIMALS),
    "pandas, Arrow": pd.Series(DECIMALS, dtype=pd.ArrowDtype(pa.decimal128(5, 2))),
    "polars": pl.Series(DECIMALS),
    "pyarrow": pa.chunked_array([DECIMALS]),
    "among floats and ints": [Decimal("0.1"), 0.9, Decimal("0.8"), 0.35, *DECIMALS[4:]],
}
CALLS = {
    "roc_auc_score": lambda given: fastsmote.roc_auc_score(Y, given),
    "weighted": lambda given: fastsmote.roc_auc_score(Y, FLOATS, sample_weight=given),
    "confusion_matrix": lambda given: fastsmote.confusion_matrix(Y, Y, sample_weight=given).tolist(),
    "log_loss": lambda given: fastsmote.log_loss(Y, given),
    "correct_prior": lambda given: fastsmote.correct_prior(given, 0.5, 0.1).tolist(),
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("call", CALLS)
def test_decimals_are_numbers_to_metrics__B1(call, container):
    assert CALLS[call](CONTAINERS[container]) == CALLS[call](FLOATS)


@pytest.mark.parametrize("hole", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), None])
def test_decimals_that_are_no_numbers__B1(hole):
    for call in ("roc_auc_score", "weighted", "log_loss"):
        with pytest.raises(ValueError, match=r"(?i)nan|missing|inf|no array dtype"):
            CALLS[call]([*DECIMALS[:5], hole])


def test_decimals_are_no_classes__B1():
    with pytest.raises(ValueError, match=r"y_true: unknown format is not supported.* Got Decimal"):
        fastsmote.roc_auc_score([Decimal(label) for label in Y], FLOATS)
