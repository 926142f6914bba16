"""A fuzzer of the command: random options, hostile values, damaged files; no traceback, nothing left."""

import gzip
import os
import random
import sys

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("typer")
from adapters.cli.hostile import GOOD, HUGE, NUMBERS, SCORES, SOURCES, STRATEGIES, make_files

from fastsmote._sampling.registry import SAMPLERS
from fastsmote.cli import main

WORDS = [
    "",
    " ",
    "x",
    "-",
    "--",
    "0",
    "y",
    "p",
    "\udcff",
    "[bold]",
    "a" * 2_000,
    "\x1b[0m",
    "no/such",
    "ü",
    ",",
    "a,b",
]
PRIORS = ["0.5", "0", "1", "-1", "nan", "1e-300", "0.999999999", "x"]
VALUES = {
    "--k-neighbors": [*NUMBERS, *HUGE, "1", "2"],
    "--min-count": [*NUMBERS, *HUGE, "1", "balanced"],
    "--random-state": [*NUMBERS, *HUGE, "7"],
    "--seed": [*NUMBERS, *HUGE, "7"],
    "--n-jobs": [*NUMBERS, *HUGE, "1", "2"],
    "--sampling-strategy": [*STRATEGIES, "0.7", "all", "share:0.4", '{"a": 30}', '["b"]'],
    "--method": [*SAMPLERS, "platt", "isotonic", "beta", "temperature", *WORDS],
    "--target": ["y", "x", "0", "-1", "99", *WORDS],
    "--label": ["y", "p", *WORDS],
    "--score": ["p", "y", *WORDS],
    "--positive": ["1", "0", "True", *WORDS],
    "--cost-fn": PRIORS,
    "--cost-fp": PRIORS,
    "--train-prior": PRIORS,
    "--true-prior": PRIORS,
    "--model": ["trees", "linear", "neural", *WORDS],
    "--delimiter": [";", ",", "tab", "|", "ab", '"', "\n", *WORDS],
    "--encoding": ["utf-8", "latin-1", "utf-16", "ascii", "rot13", "idna", *WORDS],
    "--decimal": [",", ".", "ab", "0", *WORDS],
    "--comment": ["#", "x", '"', *WORDS],
    "--na-values": ["?", "a", ",", "1,2", *WORDS],
    "--carry": ["x", "y", "z", "q", *WORDS],
    "--categorical": ["x", "y", "z", "q", *WORDS],
}
FLAGS = ["--no-header", "--force", "--json", "--quiet", "--exact", "--nonsense"]
OF_COMMANDS = {
    "resample": [
        "--k-neighbors", "--min-count", "--random-state", "--n-jobs", "--sampling-strategy", "--method",
        "--target", "--delimiter", "--encoding", "--decimal", "--comment", "--na-values", "--carry",
        "--categorical",
    ],
    "sweep": ["--label", "--score", "--positive", "--cost-fn", "--cost-fp", "--delimiter", "--encoding"],
    "calibrate": ["--label", "--score", "--positive", "--method", "--train-prior", "--true-prior", "--seed"],
    "advise": ["--target", "--model", "--k-neighbors", "--n-jobs", "--carry", "--categorical", "--na-values"],
}  # fmt: skip
NEEDED = {
    "resample": ["--target", "y", "-o", "out.csv"],
    "sweep": ["--label", "y", "--score", "p"],
    "calibrate": ["--label", "y", "--score", "p"],
    "advise": ["--target", "y"],
}
CELLS = [
    "",
    "1",
    "-0.0",
    "1e308",
    "nan",
    "NA",
    "inf",
    "true",
    "False",
    '"',
    '""',
    '"a,b"',
    '"a\nb"',
    "é",
    "\0",
    "99" * 20,
    "a",
    "1;2",
    "\r",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    make_files(folder)
    return folder


def damaged(rng, data):
    """Bytes that were cut, flipped, doubled, or given other cells."""
    for _ in range(rng.randrange(4)):
        place = rng.randrange(len(data) + 1)
        cell = rng.choice(CELLS).encode()
        data = rng.choice(
            [
                data[:place],
                data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :],
                data[:place] + data[place // 2 : place] + data[place:],
                data.replace(rng.choice(data.split(b",")) or b"1", cell),
                data[:place] + cell + data[place:],
            ]
        )
    return data


def source(rng, files, folder, command):
    if rng.random() < 0.3:
        return f"{files}/{rng.choice(SOURCES)}"
    suffix = rng.choice([".csv", ".csv", ".csv", ".parquet", ".tsv", ".csv.gz"])
    whole = (files / "good.parquet").read_bytes() if suffix == ".parquet" else None
    text = GOOD if command in ("resample", "advise") else SCORES
    data = damaged(rng, whole or text.encode())
    if suffix == ".csv.gz":
        data = damaged(rng, gzip.compress(data, mtime=0))
    (folder / f"in{suffix}").write_bytes(data)
    return f"in{suffix}"


def command_line(rng, files, folder):
    command = rng.choice(list(OF_COMMANDS))
    words = [command, source(rng, files, folder, command), *NEEDED[command]]
    for option in rng.sample(OF_COMMANDS[command], rng.randrange(4)):
        words += [option, rng.choice(VALUES[option])]
    words += rng.sample(FLAGS, rng.choice([0, 0, 0, 1, 2]))
    if rng.random() < 0.1:
        words += ["-o", rng.choice(["out.parquet", "out.csv.gz", "no/out.csv", "out.tsv", "out", "."])]
    if rng.random() < 0.05:
        del words[rng.randrange(len(words))]
    return words


def test_command(fuzz, files, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)

    def case(seed):
        rng = random.Random(seed)
        for path in tmp_path.iterdir():
            path.unlink()
        words = command_line(rng, files, tmp_path)
        before = {path.name for path in tmp_path.iterdir()}
        monkeypatch.setattr(sys, "argv", ["fastsmote", *words])
        with pytest.raises(SystemExit) as end:
            main()
        printed, errors = capfd.readouterr()
        left = {path.name for path in tmp_path.iterdir()} - before
        assert end.value.code in (0, 2), (words, errors)
        assert "Traceback" not in errors, words
        *warned, last = errors.splitlines() or [""]
        assert all(line.startswith("Warning: ") for line in warned), (words, errors)
        if end.value.code:
            assert last.startswith("fastsmote: "), (words, errors)
            assert (printed, left) == ("", set()), words
        else:
            assert last == "" or last.startswith("Warning: "), (words, errors)
            assert len(left) <= 1, words
            assert not any(name.startswith(".") for name in left), words

    fuzz(case, 30)
    assert os.listdir(files)
