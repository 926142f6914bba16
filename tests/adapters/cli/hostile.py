"""Hostile files and command lines for the command: what each must end in."""

import gzip
import os
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import parquet

GOOD = "x,z,y\n" + "".join(f"{i},{i * 7 % 13 / 4},{'a' if i % 3 == 0 else 'b'}\n" for i in range(60))
SCORES = "y,p\n" + "".join(f"{int(i % 3 == 0)},{(i * 37 % 60) / 61 + 0.01}\n" for i in range(60))
LONG = "n" * 300
DIGITS = "9" * 5_000
BRACKETS = "[" * 50_000


def _table(**columns):
    return pa.table(columns)


def _good_columns(n=60):
    return {"x": np.arange(n) * 1.0, "y": ["a" if i % 3 == 0 else "b" for i in range(n)]}


def _write_parquet(path, table):
    parquet.write_table(table, path)


def _truncated(path, keep):
    _write_parquet(path, _table(**_good_columns()))
    data = path.read_bytes()
    path.write_bytes(data[:keep])


def _hostile_footer(path, length):
    path.write_bytes(b"PAR1" + b"\0" * 40 + length.to_bytes(4, "little") + b"PAR1")


def _flipped(path, place):
    _write_parquet(path, _table(**_good_columns()))
    path.write_bytes(_with_flip(path.read_bytes(), place))


def _with_flip(data, place):
    data = bytearray(data)
    data[place] ^= 0xFF
    return bytes(data)


def make_files(folder):
    """All files that command lines name."""
    texts = {
        "good.csv": GOOD,
        "scores.csv": SCORES,
        "empty.csv": "",
        "newline.csv": "\n",
        "blank.csv": "\n\n\n\n",
        "header.csv": "x,z,y\n",
        "one.csv": "x,y\n1,a\n",
        "ragged.csv": "x,y\n1,a\n2\n3,b\n",
        "wide.csv": "x,y\n1,a,5\n2,b\n",
        "open_quote.csv": 'x,y\n1,"a\n2,b\n3,a\n',
        "only_y.csv": "y\na\nb\na\n",
        "twice.csv": "x,x,y\n1,2,a\n3,4,b\n5,6,a\n",
        "unnamed.csv": ",,y\n1,2,a\n3,4,b\n5,6,a\n",
        "nan.csv": "x,y\nnan,a\n1,b\n2,a\n",
        "inf.csv": "x,y\ninf,a\n1,b\n2,a\n3,b\n",
        "huge.csv": "x,y\n1e400,a\n1,b\n2,a\n3,b\n",
        "missing.csv": "x,y\n,a\n1,b\n2,a\n",
        "missing_label.csv": "x,y\n1,\n1,b\n2,a\n",
        "all_missing.csv": "x,y\n,\n,\n,\n",
        "text.csv": "x,y\nred,a\ngreen,b\nblue,a\nred,b\n",
        "one_class.csv": "x,y\n1,a\n2,a\n3,a\n",
        "all_classes.csv": "x,y\n" + "".join(f"{i},c{i}\n" for i in range(40)),
        "continuous.csv": "x,y\n" + "".join(f"{i},{i / 7}\n" for i in range(40)),
        "brackets.csv": GOOD.replace("x,z,y", "[bold]x[/bold],[/],y").replace("a\n", "[red]\n"),
        "escape.csv": GOOD.replace("a\n", "\x1b[31ma\n"),
        "long_label.csv": GOOD.replace("a\n", "a" * 3_000 + "\n"),
        "long_name.csv": GOOD.replace("x,z,y", "x" * 5_000 + ",z,y"),
        "semicolon.csv": GOOD.replace(",", ";"),
        "bom.csv": "\ufeff" + GOOD,
        "labels_only.csv": "y,p\n" + "1,0.5\n" * 20,
        "words.csv": "y,p\n" + "yes,0.5\nno,0.25\n" * 20,
        "three.csv": "y,p\n" + "0,0.5\n1,0.25\n2,0.75\n" * 20,
        "bad_score.csv": "y,p\n1,0.5\n0,high\n1,0.25\n0,0.75\n",
        "nan_score.csv": "y,p\n1,0.5\n0,nan\n1,0.25\n0,0.75\n",
        "inf_score.csv": "y,p\n1,inf\n0,0.5\n1,0.25\n0,0.75\n",
        "minus_inf_score.csv": "y,p\n1,-inf\n0,0.5\n1,0.25\n0,0.75\n",
        "constant.csv": "y,p\n" + "1,0.5\n0,0.5\n" * 20,
        "calibrated.csv": "y,p,p_calibrated\n" + "1,0.5,0\n0,0.25,0\n" * 20,
    }
    raw = {
        "nul.csv": GOOD.replace("b\n", "\0b\n").encode(),
        "nuls.csv": b"\0" * 1_000,
        "latin.csv": GOOD.replace("z", "gr\xf6\xdfe").encode("latin-1"),
        "utf16.csv": GOOD.encode("utf-16"),
        "noise.csv": np.random.default_rng(0).bytes(4_000),
        "elf.csv": b"\x7fELF\x02\x01\x01" + b"\0" * 500,
        "parquet.csv": None,
        "csv.parquet": GOOD.encode(),
        "empty.parquet": b"",
        "magic.parquet": b"PAR1",
        "magics.parquet": b"PAR1PAR1",
        "cut.csv.gz": gzip.compress(GOOD.encode(), mtime=0)[:-20],
        "flipped.csv.gz": _with_flip(gzip.compress(GOOD.encode(), mtime=0), 40),
        "sum.csv.gz": _with_flip(gzip.compress(GOOD.encode(), mtime=0), -6),
        "plain.csv.gz": GOOD.encode(),
        "empty.csv.gz": b"",
        "name.txt": b"x,y\n",
        "cr.csv": GOOD.replace("\n", "\r").encode(),
        "wide_line.csv": b"x,y\n" + b"1" * 3_000_000 + b",a\n2,b\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    _write_parquet(folder / "good.parquet", _table(**_good_columns()))
    raw["parquet.csv"] = (folder / "good.parquet").read_bytes()
    for name, data in raw.items():
        (folder / name).write_bytes(data)
    for name, keep in (("cut.parquet", -1), ("half.parquet", 300), ("start.parquet", 10)):
        _truncated(folder / name, keep)
    for name, length in (("footer.parquet", 2**31), ("footer2.parquet", 0), ("footer3.parquet", 30)):
        _hostile_footer(folder / name, length)
    for place in (60, 200, -30, -100):
        _flipped(folder / f"flip{place}.parquet", place)
    n = 60
    labels, of_maps = pa.array(["a", "b"] * 30), pa.map_(pa.string(), pa.int64())
    tables = {
        "no_columns.parquet": pa.table({}),
        "no_rows.parquet": _table(**_good_columns()).slice(0, 0),
        "twice.parquet": pa.Table.from_arrays([pa.array(range(n))] * 2 + [labels], ["x", "x", "y"]),
        "nested.parquet": _table(**_good_columns(), l=[[i] for i in range(n)]),
        "struct.parquet": _table(**_good_columns(), s=[{"i": i} for i in range(n)]),
        "map_label.parquet": _table(x=range(n), y=pa.array([[("k", i)] for i in range(n)], of_maps)),
        "list_label.parquet": _table(x=range(n), y=[[i % 2] for i in range(n)]),
        "null_label.parquet": _table(x=range(n), y=pa.nulls(n)),
        "null_column.parquet": _table(**_good_columns(), e=pa.nulls(n)),
        "binary.parquet": _table(**_good_columns(), b=[b"\xff\0"] * n),
        "time.parquet": _table(**_good_columns(), t=pa.array(range(n), pa.timestamp("ns"))),
        "duration.parquet": _table(**_good_columns(), t=pa.array(range(n), pa.duration("ns"))),
        "nan_scores.parquet": _table(y=[0, 1] * 30, p=[float("nan")] * n),
        "list_scores.parquet": _table(y=[0, 1] * 30, p=[[0.5]] * n),
        "text_scores.parquet": _table(y=[0, 1] * 30, p=["0.5"] * n),
        "huge_ints.parquet": _table(x=pa.array([2**63] * n, pa.uint64()), y=["a", "b"] * 30),
        "float_label.parquet": _table(x=range(n), y=[i / 7 for i in range(n)]),
    }  # fmt: skip
    for name, table in tables.items():
        _write_parquet(folder / name, table)
    (folder / "folder.csv").mkdir()
    (folder / "folder.parquet").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.csv")
        (folder / "dangling.csv").symlink_to(folder / "nowhere.csv")
        (folder / "loop.csv").symlink_to(folder / "loop.csv")
        (folder / "null.csv").symlink_to("/dev/null")


class Case(NamedTuple):
    """A command line; FILES stands for the folder of files, every path else is in an empty folder."""

    line: list[str]
    code: int = 2
    words: str = ""
    left: tuple[str, ...] = ()


def _resample(source="good.csv", *options, code=2, words="", target="y", out="out.csv"):
    line = ["resample", f"FILES/{source}", "--target", target, "-o", out, *options]
    return Case(line, code, words, (out,) if code == 0 else ())


def _strategy(text, *options, **other):
    return _resample("good.csv", "--sampling-strategy", text, *options, **other)


def _under(text, *options, **other):
    return _resample("good.csv", "--under-strategy", text, *options, **other)


def _compare(source="good.csv", *options, code=2, words="", target="y", left=()):
    return Case(["compare", f"FILES/{source}", "--target", target, *options], code, words, left)


def _sweep(source="scores.csv", *options, code=2, words=""):
    return Case(["sweep", f"FILES/{source}", "--label", "y", "--score", "p", *options], code, words)


def _calibrate(source="scores.csv", *options, code=2, words=""):
    return Case(["calibrate", f"FILES/{source}", "--label", "y", "--score", "p", *options], code, words)


def _advise(source, *options, code=2, words=""):
    return Case(["advise", f"FILES/{source}", "--target", "y", *options], code, words)


SOURCES = [  # files that resample refuses
    "empty.csv", "newline.csv", "blank.csv", "header.csv", "one.csv", "ragged.csv", "wide.csv", "only_y.csv",
    "twice.csv", "nan.csv", "inf.csv", "huge.csv", "missing.csv", "missing_label.csv", "all_missing.csv",
    "text.csv", "one_class.csv", "continuous.csv", "nuls.csv", "utf16.csv", "noise.csv",
    "elf.csv", "parquet.csv", "csv.parquet", "empty.parquet", "magic.parquet", "magics.parquet",
    "cut.parquet",
    "half.parquet", "start.parquet", "footer.parquet", "footer2.parquet", "footer3.parquet",
    "no_columns.parquet",
    "no_rows.parquet", "twice.parquet", "nested.parquet", "struct.parquet", "map_label.parquet",
    "list_label.parquet", "null_label.parquet", "null_column.parquet", "binary.parquet", "time.parquet",
    "duration.parquet", "float_label.parquet", "folder.csv", "folder.parquet",
    "dangling.csv", "loop.csv", "null.csv", "none.csv", f"{LONG}.csv", "name.txt", "",
    "cut.csv.gz", "flipped.csv.gz", "sum.csv.gz", "plain.csv.gz", "empty.csv.gz",
]  # fmt: skip
STRATEGIES = [
    '{"a": 40.5}', '{"a": null}', '{"a": true}', '{"a": [1]}', '{"a": {"a": 1}}', '{"a": "40"}', '{"a": NaN}',
    '{"a": Infinity}', '{"a": -1}', '{"a": 1e3}', '{"a": 5, "a": 50}', '{"q": 50}', '{"": 50}', '{"a": 5',
    "{}", "[]", "[[1]]", "[{}]", "[null]", "[1]", '["a"]', "{a: 5}", "{'a': 50}", "{1}", BRACKETS,
    "{" * 50_000, '{"a":' * 50_000, f'{{"a": {DIGITS}}}', f'{{"a": {"9" * 25}}}', f'{{"a": {2**62}}}',
    "nan", "inf", "-inf", "0", "-1", "1.0001", "1e400", DIGITS, "", " ", "most", "Auto", "None", "null",
    "\0a",
    "prior:", "prior:0", "prior:1", "prior:nan", "prior:0.2:0.2", "prior:a", "prior",
    "share:", "share:0", "share:1", "share:nan", "share:x", "share:0.1", "share:-1", "share:1e400", "\udcff",
    "\x1b[31mred", "line\nbreak", "[/bold]",
]  # fmt: skip
NUMBERS = [
    "0",
    "-1",
    "1.5",
    "nan",
    "inf",
    "x",
    "",
    " ",
    DIGITS,
    "-" + DIGITS,
    "1e3",
    "0x10",
    "\udcff",
    "1,000",
]
HUGE = [str(2**31), str(2**63), str(2**64), "9" * 30]

TABLE = [
    *(_resample(source) for source in SOURCES),
    *(_strategy(text) for text in STRATEGIES),
    *(_strategy(text, "--method", "tomek_links") for text in ("[]", "[[1]]", "{}", "0.5", "share:0.5",
    '["q"]')),
    *(_strategy(text, "--method", "random_under_sample") for text in ("{}", '{"b": 41}',
    '["a"]', "share:0.1")),
    *(_under(text, words="under-strategy") for text in STRATEGIES if text not in ('["a"]', "\0a")),
    _under("0.5", "--method", "tomek_links", words="--under-strategy is for methods that add rows"),
    _under("0.5", "--memory-limit", "1GB"),
    *(_resample("good.csv", "--k-neighbors", text) for text in (*NUMBERS, *HUGE)),
    *(_resample("good.csv", "--n-jobs", text) for text in NUMBERS if text != "-1"),
    *(_resample("good.csv", "--random-state", text) for text in NUMBERS if text != "0"),
    *(
        _resample("good.csv", "--method", "all_knn", "--min-count", text, words="--min-count")
        for text in (*NUMBERS, "9" * 19, "balance")
    ),
    *(
        _resample("good.csv", "--method", method, words="--method")
        for method in ("", "SMOT", "smote_", "borderline smote", DIGITS, "\udcff", "smote\n")[:-1]
    ),
    _resample(target="", words="--target"),
    _resample(target="q", words="--target"),
    _resample(target="\udcff", words="--target"),
    _resample(target="x" * 10_000, words="--target"),
    _resample("good.csv", "--no-header", words="position"),
    _resample("good.csv", "--no-header", target=DIGITS, words="position"),
    _resample("good.csv", "--no-header", target="-4", words="position"),
    _resample("twice.csv", target="x", words="2 columns"),
    _resample(out="out.xlsx"), _resample(out="out"), _resample(out=""), _resample(out="."),
    _resample(out="no/out.csv"), _resample(out=f"{LONG}.csv"),
    _resample(out="a\0b.csv"), _resample(out="FILES/good.csv", words="exists already"),
    _resample(out="FILES/folder.csv", words="folder"), _resample(out="FILES/folder.csv/out.xlsx"),
    _resample("good.csv", "--force", out="FILES/folder.csv", words="folder"),
    _resample("good.csv", "--force", out="FILES/pipe.csv", words="can not be replaced"),
    _resample("good.csv", "--force", out="FILES/null.csv", words="can not be replaced"),
    _resample("good.csv", "--force", out="FILES/loop.csv", words="symbolic link"),
    _resample("good.csv", "--force", out="FILES/good.csv/out.csv"),
    _resample("good.csv", "--no-such-option"),
    _resample("good.csv", "--force=yes"),
    _resample("good.csv", "another.csv"),
    _resample("good.csv", "--method"),
    _resample("one_class.csv", "--method", "random_under_sample"),
    _resample("good.csv", "--na-values", "\udcff", words="can not be written in the encoding"),
    _resample("good.parquet", "--encoding", "idna"),
    _resample("all_classes.csv", code=0),
    _resample("all_classes.csv", "--sampling-strategy", '{"c1": 5}', words="--k-neighbors"),
    _resample("good.csv", code=0), _resample("good.csv", "--json", code=0),
    _resample("good.csv", "--method", "borderline-smote", code=0),
    _resample("good.csv", "--random-state", "9" * 30, code=0),
    _resample("good.csv", "--n-jobs", str(2**70), code=0),
    _resample("good.csv", "--sampling-strategy", "share:0.5", code=0),
    _resample("brackets.csv", code=0, words="[red]"),
    _resample("escape.csv", code=0),
    _resample("long_label.csv", code=0), _resample("long_name.csv", code=0), _resample("bom.csv", target="y",
    code=0),
    _sweep("none.csv"), _sweep("labels_only.csv", words="no row is negative"), _sweep("words.csv"),
    _sweep("three.csv"), _sweep("bad_score.csv"), _sweep("nan_score.csv"), _sweep("inf_score.csv"),
    _sweep("minus_inf_score.csv"), _sweep("empty.csv"), _sweep("folder.csv"), _sweep("header.csv"),
    _sweep("nan_scores.parquet"), _sweep("list_scores.parquet"), _sweep("text_scores.parquet"),
    _sweep("cut.parquet"), _sweep("footer.parquet"), _sweep("loop.csv"), _sweep(f"{LONG}.csv"),
    _sweep("scores.csv", "--positive", "x"), _sweep("scores.csv", "--positive", ""),
    _sweep("scores.csv", "--positive", DIGITS), _sweep("scores.csv", "--positive", "\udcff"),
    *(_sweep("scores.csv", "--cost-fn", text, "--cost-fp", "1") for text in ("nan", "inf", "-1", "x", "",
    DIGITS)),
    _sweep("scores.csv", "--cost-fn", "1"), _sweep("scores.csv", "--cost-fn", "0", "--cost-fp", "0"),
    _sweep("scores.csv", "--plot", "p.xyz"), _sweep("scores.csv", "--plot", "no/p.png"),
    _sweep("scores.csv", "--plot", f"{LONG}.png"), _sweep("scores.csv", "--plot", "FILES/loop.csv"),
    _sweep("scores.csv", "--plot", "\0.png"), _sweep("scores.csv", "--label", "p"),
    _sweep("constant.csv", code=0), _sweep("scores.csv", "--json", code=0), _sweep("scores.csv", "--exact",
    code=0),
    _calibrate("none.csv"), _calibrate("labels_only.csv"), _calibrate("three.csv"),
    _calibrate("nan_score.csv"),
    _calibrate("empty.csv"), _calibrate("list_scores.parquet"), _calibrate("scores.csv", "--method", "magic"),
    *(
        _calibrate("scores.csv", "--train-prior", text, "--true-prior", "0.5")
        for text in ("0", "1", "-1", "2", "nan", "inf", "x", "", "1e400", DIGITS)
    ),
    _calibrate("scores.csv", "--train-prior", "0.5"),
    *(_calibrate("scores.csv", "--seed", text) for text in ("-1", "x", "1.5", DIGITS)),
    _calibrate("calibrated.csv", "-o", "out.csv", words="already"), _calibrate("scores.csv", "-o", "out.xyz"),
    _calibrate("scores.csv", "-o", "no/out.csv"), _calibrate("scores.csv", "-o", "FILES/scores.csv"),
    _calibrate("scores.csv", "--plot", "p.xyz"), _calibrate("words.csv", "--positive", "maybe"),
    _calibrate("constant.csv", code=0), _calibrate("scores.csv", "--json", code=0),
    _advise("none.csv"), _advise("empty.csv"), _advise("one_class.csv"), _advise("continuous.csv"),
    _advise("missing_label.csv"), _advise("cut.parquet"), _advise("list_label.parquet"),
    _advise("only_y.csv"),
    _advise("good.csv", "--model", "magic"), _advise("good.csv", "--k-neighbors", "0"),
    *(_advise("good.csv", "--k-neighbors", text) for text in ("x", DIGITS)),
    _advise("good.csv", "--n-jobs", "0"), _advise("brackets.csv", code=0), _advise("good.csv", "--json",
    code=0),
    _advise("all_classes.csv", code=0), _advise("good.csv", code=0, words="Sources:"),
    *(_compare(source, "--cv", "2", "--samplers", "smote") for source in SOURCES if source != "text.csv"),
    _compare("all_classes.csv", words="two classes"),
    _compare("good.csv", "--samplers", "smote,smotenc", words="columns of words"),
    _compare("good.csv", "--samplers", "SMOTEN", words="columns of words"),
    _compare("good.csv", target="q"), _compare("good.csv", target=""), _compare("good.csv", target="\udcff"),
    *(_compare("good.csv", "--samplers", text) for text in ("", ",", "smot", "smote,smote", "\udcff", "[red]",
    "\x1b[31m", DIGITS, "line\nbreak")),
    *(_compare("good.csv", "--ratios", text, words="ratios") for text in ("", ",", "0", "-1", "1.5", "nan",
    "inf", "1e400", "x", "0.5,x", "share:", "share:2", "share:nan", "prior:1", "prior:x", ":0.5", "q:0.5",
    DIGITS, "\udcff")),
    *(_compare("good.csv", "--cv", text, words="cv") for text in (*NUMBERS, *HUGE)),
    *(_compare("good.csv", "--cost-fn", text, "--cost-fp", "1") for text in ("nan", "inf", "-1", "x", "",
    DIGITS)),
    _compare("good.csv", "--cost-fn", "1"), _compare("good.csv", "--cost-fn", "0", "--cost-fp", "0"),
    *(_compare("good.csv", "--random-state", text) for text in NUMBERS if text != "0"),
    *(_compare("good.csv", "--n-jobs", text) for text in NUMBERS if text != "-1"),
    _compare("good.csv", "--html", "no/r.html"), _compare("good.csv", "--html", f"{LONG}.html"),
    _compare("good.csv", "--html", "FILES/folder.csv"), _compare("good.csv", "--html", "FILES/loop.csv"),
    _compare("good.csv", "--carry", "y"), _compare("good.csv", "--carry", "q"),
    _compare("good.csv", "--categorical", "q"), _compare("good.csv", "--memory-limit", "1GB"),
    _compare("good.csv", "--samplers", "none", "--cv", "2", code=0),
    _compare("good.csv", "--samplers", "none", "--cv", "2", "--json", code=0),
    _compare("brackets.csv", "--samplers", "none", "--cv", "2", code=0),
    _compare("good.csv", "--samplers", "none", "--cv", "2", "--html", "r.html", code=0, left=("r.html",)),
    Case(["nothing"]), Case(["--nothing"]), Case([""]), Case(["\udcff"]), Case(["resample"]), Case(["sweep",
    "a"]),
    Case(["demo", "--rows", "1"]), Case(["demo", "--rows", "9" * 18]), Case(["demo", "--rows", "9" * 40]),
    Case(["demo", "--seed", "-1"]), Case(["demo", "--rows", "nan"]), Case(["demo", "--method", "x"]),
    Case(["bench", "--only", "x"]), Case(["bench", "--only", ""]), Case(["bench", "--rate", "nan"]),
    Case(["bench", "--rate", "2"]), Case(["bench", "--rows", "0"]), Case(["info", "extra"]),
    Case(["info", "--json"], 0), Case(["--help"], 0), Case(["--version"], 0), Case(["resample", "--help"], 0),
]  # fmt: skip
