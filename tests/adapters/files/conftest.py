"""Batches are blocks as they come: joined to larger ones, small tables would be one block."""

import pytest


@pytest.fixture(autouse=True)
def batches_are_blocks(monkeypatch):
    # not above: imported before tests are collected, SciPy could not keep its filters of warnings
    from pyarrow import Table

    monkeypatch.setattr(
        "fastsmote.files._source._tables",
        lambda read, *asked: (Table.from_batches([batch]) for batch in read(*asked)),
    )
