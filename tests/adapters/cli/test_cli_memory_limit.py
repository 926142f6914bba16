"""``fastsmote resample --memory-limit``."""

import io
import json
import re
import signal
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from adapters.cli.commands import HEED_SIGNALS, command, names
from adapters.files.tables import METHODS, expected, numbers
from rich.console import Console

import fastsmote
from fastsmote.cli import _show

BIG = ["resample", "big/0.parquet", "big/1.parquet", "--target", "label", "-o", "out.parquet"]
LIMIT = ["--memory-limit", "1GB"]


@pytest.fixture
def big(tmp_path, monkeypatch):
    """A folder with two files, and their table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "big").mkdir()
    table = numbers(100)
    write_parts(table)
    return table


def write_parts(table):
    for i in range(2):
        pq.write_table(table.slice(50 * i, 50), f"big/{i}.parquet")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("paths", [BIG[1:3], ["big"], ["big/*.parquet"]])
def test_rows_are_those_of_the_whole_table(big, method, paths):
    options = ["--method", method.replace("_", "-"), "--random-state", "5", "--json"]
    if method == "smotenc":  # its categories are the columns of text
        big = big.set_column(2, "x1", big.column("x1").cast(pa.string()))
        write_parts(big)
    done = command("resample", *paths, *BIG[3:], *LIMIT, *options)
    assert done.exit_code == 0, done.stderr
    whole = expected(big, method, random_state=5)
    assert pq.read_table("out.parquet").equals(whole)
    told = json.loads(done.stdout)
    assert (told["rows"], told["rows_after"], told["source"]) == (100, whole.num_rows, paths)
    assert sum(one["rows_after"] for one in told["classes"]) == whole.num_rows


def test_the_bar_counts_rows_and_tells_the_time_left(big, monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(
        _show, "Console", lambda stderr: Console(file=terminal, width=120, force_terminal=True)
    )
    assert command(*BIG, *LIMIT, "--quiet").exit_code == 0
    assert "rows" not in terminal.getvalue()
    assert command(*BIG, *LIMIT, "--force").exit_code == 0
    n = 200 + pq.read_table("out.parquet").num_rows
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue())
    assert re.search(rf"smote .* 0:00:\d\d {n} of {n} rows 0:00:00", shown)


def test_no_bar_where_there_is_no_terminal(big):
    assert command(*BIG, *LIMIT).stderr == ""


def test_rows_that_a_cleaner_keeps(big):
    options = ["--method", "edited-nearest-neighbours", "--min-count", "70"]
    assert command(*BIG, *LIMIT, *options).exit_code == 0
    assert pq.read_table("out.parquet").equals(expected(big, "edited_nearest_neighbours", min_count=70))


def test_a_prior(big):
    options = ["--method", "random-under-sample", "--sampling-strategy", "prior:0.1", "--random-state", "5"]
    assert command(*BIG, *LIMIT, *options).exit_code == 0
    whole = expected(big, "random_under_sample", sampling_strategy=fastsmote.Prior(0.1), random_state=5)
    assert pq.read_table("out.parquet").equals(whole)
    refused = command(*BIG, *LIMIT, "--under-strategy", "0.5", "--force")
    assert refused.exit_code == 2
    assert "--under-strategy does not go with --memory-limit" in refused.stderr


def test_labels_of_a_strategy_are_looked_up(big):
    options = ["--sampling-strategy", '{"fraud": 60}', "--k-neighbors", "3", "--random-state", "5"]
    assert command(*BIG, *LIMIT, *options).exit_code == 0
    whole = expected(big, "smote", sampling_strategy={"fraud": 60}, k_neighbors=3, random_state=5)
    assert pq.read_table("out.parquet").equals(whole)
    done = command(*BIG, *LIMIT, "--sampling-strategy", '{"frod": 60}', "--force")
    assert done.exit_code == 2
    assert "column 'label' has no label 'frod'; its labels are 'fine', 'fraud'." in done.stderr


@pytest.mark.parametrize("names", ["x1", "x1,x2"])
def test_categories_that_are_numbers(big, names):
    """Beside columns of text, which are categories as they are: the rows of the file as a whole."""
    write_parts(big.append_column("word", pa.array(["u", "v", "w", "v"] * 25)))
    pq.write_table(pa.concat_tables(pq.read_table(f"big/{i}.parquet") for i in range(2)), "whole.parquet")
    options = ["--method", "smotenc", "--categorical", names, "--random-state", "5"]
    done = command(*BIG, *LIMIT, *options)
    assert done.exit_code == 0, done.stderr
    assert command("resample", "whole.parquet", *BIG[3:5], "-o", "out2.parquet", *options).exit_code == 0
    assert pq.read_table("out.parquet").equals(pq.read_table("out2.parquet"))
    copied = [*BIG, *LIMIT, "--method", "random-over-sample", "--categorical", names, "--force"]
    assert command(*copied).exit_code == 0


def test_dates_are_carried_by_an_option_that_there_is(big):
    days = pa.array(range(100), pa.int32()).cast(pa.date32())
    write_parts(big.append_column("when", days).append_column("word", pa.array(["u", "v", "w", "v"] * 25)))
    done = command(*BIG, *LIMIT)
    assert "carry it along, named in --categorical of smotenc" in done.stderr
    done = command(*BIG, *LIMIT, "--method", "smotenc", "--categorical", "when")
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("source", ["big", "big/*.parquet", "."])
def test_folders_and_patterns_need_a_limit(big, source):
    for words in (["resample", source, *BIG[3:]], ["advise", source, "--target", "label"]):
        done = command(*words)
        assert done.exit_code == 2
        assert "read with --memory-limit, such as --memory-limit 2GB. Add it, or name one" in done.stderr


def test_what_was_written_is_not_read_again(big):
    words = ["resample", "big", *BIG[3:5], "-o", "big/out.parquet", *LIMIT]
    assert command(*words).exit_code == 0
    before = pq.read_table("big/out.parquet")
    for strategy in ([], ["--sampling-strategy", '{"fraud": 90}']):
        done = command(*words, "--force", *strategy)
        assert done.exit_code == 2
        assert "out must not be a file that a folder or a pattern of source finds" in done.stderr
    assert pq.read_table("big/out.parquet").equals(before)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "big/1.parquet: several files are read with --memory-limit"),
        ([*LIMIT, "--method", "smoten"], "--memory-limit is for the methods random_under_sample"),
        ([*LIMIT, "--carry", "x0"], "--carry does not go with --memory-limit. Leave it out where the table"),
        ([*LIMIT, "--categorical", "x0"], "--categorical is for --method smotenc, random_over_sample"),
        ([*LIMIT, "--method", "smotenc", "--categorical", "nix"], "--categorical must be one of the columns"),
        ([*LIMIT, "--method", "smotenc", "--categorical", "label"], "column 'label' is the target"),
        (["--memory-limit", "9" * 400 + "GB"], "--memory-limit must be at most 9,223,372TB"),
        ([*LIMIT, "--no-header"], "--no-header does not go with --memory-limit"),
        ([*LIMIT, "-o", "out.csv"], "out.csv: --memory-limit is for .parquet files"),
        ([*LIMIT, "-o", "big/0.parquet"], "big/0.parquet: exists already"),
        ([*LIMIT, "-o", "no/out.parquet"], "the folder"),
        ([*LIMIT, "--k-neighbors", "90"], "--k-neighbors=90 needs at least 91 rows"),
        ([*LIMIT, "--target", "nix"], "target must be one of the columns"),
        (["--memory-limit", "1X"], "--memory-limit must be bytes"),
        (["--memory-limit", "1"], "--memory-limit must be at least 500MB"),
    ],
)
def test_mistakes_are_one_line(big, tmp_path, words, message):
    done = command(*BIG, *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert names(tmp_path) == ["big"]


def test_a_source_that_is_not_there(big):
    done = command("resample", "nix.parquet", *BIG[3:], *LIMIT)
    assert (done.exit_code, done.stderr) == (2, "fastsmote: nix.parquet: No such file or directory.\n")


@pytest.mark.parametrize("paths", [BIG[1:3], ["big"], ["big/*.parquet"]])
@pytest.mark.parametrize("words", [[], ["--model", "trees", "--k-neighbors", "3"]])
def test_advice_is_that_on_the_whole_table(big, paths, words):
    pq.write_table(big, "whole.parquet")
    options = ["--target", "label", "--json", *words]
    whole = command("advise", "whole.parquet", *options)
    done = command("advise", *paths, *options, *LIMIT)
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(whole.stdout)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["big/0.parquet", "big/1.parquet"], "big/1.parquet: several files are read with --memory-limit"),
        (["big", *LIMIT, "--categorical", "x0"], "Leave one of the two out, or write these columns as text"),
        (["big", *LIMIT, "--carry", "x0"], "--carry does not go with --memory-limit"),
        (["a.csv", *LIMIT], "a.csv: --memory-limit is for .parquet files"),
        (["-", *LIMIT], "-: --memory-limit is for .parquet files"),
        (["big", "--memory-limit", "1X"], "--memory-limit must be bytes"),
    ],
)
def test_mistakes_of_advise_are_one_line(big, words, message):
    done = command("advise", *words, "--target", "label")
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_signals_leave_no_temporary_file(big, tmp_path, name):
    code = (
        f"{HEED_SIGNALS}import time\n"
        "from fastsmote.files import _run\n"
        "from fastsmote.cli import main\n"
        "def write(*rest):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(600)\n"
        "_run.write = write\n"
        "main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, *BIG, *LIMIT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout.readline() == "ready\n"
        assert len(names(tmp_path)) == 2
        running.send_signal(signal.Signals[name])
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.Signals[name]
    assert errors == f"fastsmote: {'interrupted' if name == 'SIGINT' else 'terminated'}.\n"
    assert names(tmp_path) == ["big"]


@pytest.mark.slow
def test_a_file_that_grows_too_large(big, tmp_path):
    """A limit on files does what a full disk does."""
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from fastsmote.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, *BIG, *LIMIT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "fastsmote: out.parquet: can not be written: File too large. Nothing was changed.\n"
    assert names(tmp_path) == ["big"]
