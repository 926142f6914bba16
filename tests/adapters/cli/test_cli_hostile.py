"""The command never shows a traceback: a table of hostile command lines and files, each with its end."""

import json
import sys

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("typer")
import typer
from adapters.cli.hostile import TABLE, make_files

from fastsmote.cli import main


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    make_files(folder)
    before = sorted(path.name for path in folder.iterdir())
    yield folder
    assert sorted(path.name for path in folder.iterdir()) == before


def name_of(case):
    return "-".join(word[:24] for word in case.line).encode("ascii", "backslashreplace").decode()


def test_the_table_is_long_enough():
    assert len(TABLE) >= 120
    assert len({tuple(case.line) for case in TABLE}) == len(TABLE)


@pytest.mark.parametrize("case", TABLE, ids=name_of)
@pytest.mark.one_in(3)
def test_hostile_commands_end_in_one_line(case, files, tmp_path, monkeypatch, capfd):
    if case.line[-1] in ("a\0b.csv", "\0.png") and typer.BadParameter.__module__ == "click.exceptions":
        pytest.skip("an older typer asks the system about a path with NUL, which no real command line has")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sys, "argv", ["fastsmote", *(word.replace("FILES", str(files)) for word in case.line)]
    )
    with pytest.raises(SystemExit) as end:
        main()
    printed, errors = capfd.readouterr()
    assert end.value.code == case.code, errors
    assert "Traceback" not in errors
    assert "\x1b" not in printed + errors
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(case.left)
    if case.code:
        assert printed == ""
        *warned, told = errors.splitlines()
        assert all(case.line[0] == "compare" and line.startswith("Warning: column ") for line in warned)
        assert told.startswith("fastsmote: ")
        assert len(errors) < 2_000
        assert case.words in errors
    else:
        assert errors == "" or errors.startswith("Warning: ")
        assert case.words in printed
        if "--json" in case.line:
            assert isinstance(json.loads(printed), dict)
