"""A folder with a table and scores, in which commands run."""

import pytest
from adapters.cli.hostile import GOOD, SCORES


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "scores.csv").write_text(SCORES)
    monkeypatch.chdir(tmp_path)
    return tmp_path
