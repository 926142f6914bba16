"""What is newer than what was tested is told, once for each package."""

import warnings

import pytest

from fastsmote.imblearn import UntestedVersionWarning, _versions


def test_newer_versions_are_told(monkeypatch):
    monkeypatch.setattr(_versions, "version", {"imbalanced-learn": "0.15.dev0", "scikit-learn": "1.9.7"}.get)
    with pytest.warns(UntestedVersionWarning, match="imbalanced-learn 0.13 to 0.14. Got 0.15.dev0") as told:
        _versions.warn_untested()
    assert len(told) == 1
    assert "'imbalanced-learn<0.15'" in str(told[0].message)


def test_tested_versions_are_not_told():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _versions.warn_untested()
