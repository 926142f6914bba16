"""What is newer than what was tested is told, once for each package."""

import os
import subprocess
import sys
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


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["from fastsmote.imblearn import SMOTE", "fastsmote.imblearn", "fastsmote.patch_imblearn()"]
)
def test_the_line_of_the_user_is_told(line, tmp_path):
    folder = tmp_path / "imbalanced_learn-99.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: imbalanced-learn\nVersion: 99.0\n")
    program = tmp_path / "program.py"
    program.write_text(f"import fastsmote\n{line}\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    told = subprocess.run(
        [sys.executable, program],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert f"{program}:2: UntestedVersionWarning" in told
