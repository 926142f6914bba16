"""What is newer than what was tested is told, once for each package."""

import warnings

import pytest

from fastsmote.imblearn import UntestedVersionWarning, _versions


@pytest.mark.parametrize("newer", ["0.15.dev0", "0.15rc1", "1.0", "2"])
def test_newer_versions_are_told(monkeypatch, newer):
    monkeypatch.setattr(_versions, "version", {"imbalanced-learn": newer, "scikit-learn": "1.9.7"}.get)
    with pytest.warns(UntestedVersionWarning, match=f"imbalanced-learn 0.13 to 0.14. Got {newer}") as told:
        _versions.warn_untested()
    assert len(told) == 1
    assert "'imbalanced-learn<0.15'" in str(told[0].message)


def test_tested_versions_are_not_told():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _versions.warn_untested()
