"""Nothing that the record holds has changed: public names and signatures, and the bits of results."""

import importlib.metadata
import json

import pytest
from adapters.imblearn.conformance.expected import VERSIONS
from contract import record

STORED = json.loads(record.BITS.read_text())


def is_recorded(package):
    """Whether the installed version is that of the record."""
    return importlib.metadata.version(package).startswith(f"{VERSIONS[package]}.")


@pytest.mark.parametrize("name", record.CALLS)
def test_bits(name):
    if name.startswith("imblearn ") and not all(map(is_recorded, VERSIONS)):
        pytest.skip("the drop-ins have the numbers of the installed versions: test_against_imblearn.py")
    assert record.digest_of(name) == STORED[name]


def test_every_stored_call_is_made():
    assert STORED.keys() == record.CALLS.keys()


def test_public_names_and_signatures():
    found = record.differences(json.loads(record.SURFACE.read_text()), record.public_surface())
    if not all(map(is_recorded, VERSIONS)):  # parameters of drop-ins are those of the installed version
        found = [line for line in found if not line.startswith("/modules/fastsmote.imblearn/")]
    assert found == []
