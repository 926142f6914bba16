"""Functions of references, some of which not every version has."""

import pytest


def peer_in(module, name):
    """A name of a module; the test is skipped where its version has none, and so nothing to compare with."""
    found = getattr(pytest.importorskip(module), name, None)
    if found is None:
        pytest.skip(f"this version of {module} has no {name}")
    return found
