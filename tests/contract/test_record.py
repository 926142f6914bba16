"""Nothing that the record holds has changed: public names and signatures, and the bits of results."""

import json
import math

import pytest
from adapters.imblearn.conformance.expected import VERSIONS, installed
from contract import record

from fastsmote._neighbors import few

STORED = json.loads(record.BITS.read_text())


@pytest.mark.parametrize("name", record.CALLS)
def test_bits(name):
    if name.startswith("imblearn ") and installed() != VERSIONS:
        pytest.skip("the drop-ins have the numbers of the installed versions: test_against_imblearn.py")
    assert record.digest_of(name) == STORED[name]


@pytest.mark.parametrize("name", record.CALLS)
@pytest.mark.one_in(5)
def test_bits_where_few_rows_have_no_leaves(name, monkeypatch):
    monkeypatch.setattr(few, "STEPS", math.inf)
    test_bits(name)


def test_every_stored_call_is_made():
    assert STORED.keys() == record.CALLS.keys()


def test_public_names_and_signatures():
    found = record.differences(json.loads(record.SURFACE.read_text()), record.public_surface())
    if installed() != VERSIONS:  # parameters of drop-ins are those of the installed version
        found = [line for line in found if not line.startswith("/modules/fastsmote.imblearn/")]
    assert found == []


def test_new_public_names_are_stored_too():
    """A name that is not stored can go without anybody being told: ``record.py --write`` stores it."""
    stored = json.loads(record.SURFACE.read_text())["modules"]
    current = record.public_surface()["modules"]
    assert [
        f"{module}.{name}"
        for module, names in current.items()
        for name in names
        if name not in stored.get(module, {})
    ] == []
