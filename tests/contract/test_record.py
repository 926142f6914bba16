"""Nothing that the record holds has changed: public names and signatures, and the bits of results."""

import json

import pytest
from contract import record

STORED = json.loads(record.BITS.read_text())


@pytest.mark.parametrize("name", record.CALLS)
def test_bits(name):
    assert record.digest_of(name) == STORED[name]


def test_every_stored_call_is_made():
    assert STORED.keys() == record.CALLS.keys()


def test_public_names_and_signatures():
    assert record.differences(json.loads(record.SURFACE.read_text()), record.public_surface()) == []
