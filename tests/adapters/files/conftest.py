"""Batches are blocks as they come: joined to larger ones, small tables would be one block."""

import pyarrow as pa
import pytest

from fastsmote.files import _source


@pytest.fixture(autouse=True)
def batches_are_blocks(monkeypatch):
    monkeypatch.setattr(
        _source, "_tables", lambda read, *asked: (pa.Table.from_batches([batch]) for batch in read(*asked))
    )
