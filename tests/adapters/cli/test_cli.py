"""The command: files come back as they went in, mistakes leave one message and OUT untouched, bench runs."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import narwhals
import numpy as np
import pytest
from adapters.cli.commands import HEED_SIGNALS, command
from places import SHARED

import fastsmote
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.cli._methods import function_of, takes

pa = pytest.importorskip("pyarrow")
csv = pytest.importorskip("pyarrow.csv")
pc = pytest.importorskip("pyarrow.compute")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("typer")

INTERPOLATE = [row.name for row in SAMPLERS.values() if row.kind == "over" and row.new_values]
TAKE_TEXT = [row.name for row in SAMPLERS.values() if row.columns in ("mixed", "categories")]
COMBINATIONS = [row.name for row in SAMPLERS.values() if row.kind == "combine"]
MAMMOGRAPHY = SHARED / "mammography.csv"


def process(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "fastsmote", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,  # a dead-lock, not a slow machine
        **options,
    )


def frame(n=200, labels=("fraud", "fine"), label_type=None):
    """A table with columns of many types; one row in four has the first label."""
    rng = np.random.default_rng(0)
    far = (np.arange(n) % 4 == 0) & (rng.random(n) < 0.8)  # k-means finds clusters of the first label
    return pa.table(
        {
            "amount": rng.lognormal(size=n),
            "count": pa.array(rng.integers(0, 2**59, n) + far * 2**60),
            "label": pa.array([labels[int(i % 4 > 0)] for i in range(n)], label_type),
            "small": pa.array(rng.integers(-100, 100, n), pa.int8()),
            "single": pa.array(rng.standard_normal(n), pa.float32()),
            "flag": pa.array(rng.random(n) < 0.5),
        }
    )


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.parquet"
    parquet.write_table(frame(), path)
    return path


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['fastsmote', '--help']\n"
        "from fastsmote.cli import main\n"
        "heavy = {'numba', 'numpy', 'pandas', 'sklearn', 'pyarrow', 'scipy'}\n"
        "try: main()\n"
        "finally: print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0
    assert "resample" in result.stdout
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("missing", ["typer", "rich", "pyarrow"])
def test_missing_extra_is_one_line(missing, source, tmp_path):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from fastsmote.cli import main\n"
        f"sys.argv = ['fastsmote', 'resample', {str(source)!r}, '--target', 'label', '-o', 'out.csv']\n"
        "main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert 'pip install "fastsmote[cli]"' in result.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("labels", "label_type"),
    [
        (("fraud", "fine"), None),
        ((1, 0), pa.int64()),
        ((1, -1), pa.int8()),
        ((True, False), None),
        ((2.0, 1.0), None),
        (("fraud", "fine"), pa.large_string()),
    ],
)
@pytest.mark.parametrize("method", SAMPLERS)
def test_parquet_keeps_schema_and_rows(tmp_path, method, labels, label_type):
    table = frame(labels=labels, label_type=label_type)
    if method in TAKE_TEXT:
        city = pa.array(["Rome", "Oslo", "Lima", "Rome"] * 50).dictionary_encode()
        table = table.append_column("city", city)
    parquet.write_table(table, tmp_path / "in.parquet")
    result = command(
        "resample", tmp_path / "in.parquet", "--target", "label", "--method", method,
        "-o", tmp_path / "out.parquet", "--random-state", 0,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    actual = parquet.read_table(tmp_path / "out.parquet")
    assert actual.schema.equals(table.schema)
    options = {"random_state": 0} if takes(method, "random_state") else {}
    X, y = function_of(method)(table.drop_columns(["label"]), table.column("label"), **options)
    assert actual.column("label").equals(y)
    assert actual.drop_columns(["label"]).equals(X)
    if method in (*INTERPOLATE, "random_over_sample"):
        assert actual.slice(0, 200).equals(table)
        assert actual.num_rows > 250
    elif method not in COMBINATIONS:
        assert actual.num_rows < 200
    assert f"200 rows -> {actual.num_rows:,} rows" in result.output


def classes(n=240):
    """Three classes of numbers, the smallest in a cluster of its own but for some rows; text beside."""
    rng = np.random.default_rng(5)
    codes = np.arange(n) % 8
    y = np.where(codes == 0, "rare", np.where(codes < 3, "some", "many"))
    x = rng.normal(size=n) + 6.0 * ((y == "rare") & (rng.random(n) < 0.8)) + 1.0 * (y == "some")
    towns = np.array(["Rome", "Oslo", "Lima"])[rng.integers(0, 3, n)]
    return pa.table({"x": np.round(x, 2), "town": towns, "y": y, "z": rng.integers(0, 30, n)})


def resampled_by_function(table, method):
    """X and y by the function that the method is named after."""
    options = {"random_state": 0} if takes(method, "random_state") else {}
    X, y = table.drop_columns(["y"]), table.column("y")
    if method == "instance_hardness_threshold":
        X = np.column_stack([X.column(name).to_numpy() for name in X.column_names])
    return function_of(method)(X, y, **options)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("method", SAMPLERS)
@pytest.mark.filterwarnings("ignore:All rows of")
@pytest.mark.one_in(2)
def test_every_sampler_through_the_command(tmp_path, method, suffix):
    table = classes()
    if SAMPLERS[method].columns not in ("any", "mixed", "categories") or SAMPLERS[method].needs:
        table = table.drop_columns(["town"])
    source, out = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    if suffix == ".csv":
        plain = csv.WriteOptions(quoting_style="none")
        csv.write_csv(table, source, plain)
    else:
        parquet.write_table(table, source)
    result = command("resample", source, "--target", "y", "--method", method, "-o", out, "--random-state", 0)
    assert result.exit_code == 0, result.output
    X, y = resampled_by_function(table, method)
    actual = csv.read_csv(out) if suffix == ".csv" else parquet.read_table(out)
    assert actual.column("y").to_pylist() == y.to_pylist()
    for i, name in enumerate(n for n in table.column_names if n != "y"):
        expected = X[:, i] if isinstance(X, np.ndarray) else X.column(name).to_numpy()
        np.testing.assert_array_equal(actual.column(name).to_numpy(), expected)
    before, after = (set(map(tuple, one.to_pandas().to_numpy())) for one in (table, actual))
    assert (after <= before) == (not SAMPLERS[method].new_values)
    for label in ("rare", "some", "many"):
        n_before, n_after = (pc.sum(pc.equal(one, label)).as_py() or 0 for one in (table["y"], y))
        assert re.search(rf"{label} +│ +{n_before} │ +{n_after} │", result.output)


@pytest.mark.parametrize("name", ["resample", "demo"])
def test_help_names_every_sampler(name):
    words = re.findall(r"[a-z_]+", command(name, "--help").output)
    assert [method for method in SAMPLERS if method not in words] == []


@pytest.mark.parametrize("method", ["svm_smote", "instance_hardness_threshold"])
@pytest.mark.parametrize("arguments", [["resample", "--target", "label", "-o", "out.csv"], ["demo"]])
def test_methods_that_need_scikit_learn_say_so(monkeypatch, source, tmp_path, method, arguments):
    monkeypatch.setattr("fastsmote.cli._methods.find_spec", lambda name: None)
    monkeypatch.chdir(tmp_path)
    given = [arguments[0], *([source] if arguments[0] == "resample" else []), *arguments[1:]]
    result = command(*given, "--method", method)
    assert result.exit_code == 2
    assert result.stderr == (
        f"fastsmote: --method {method} fits a classifier of scikit-learn, which is not installed: "
        "pip install scikit-learn\n"
    )


@pytest.mark.parametrize("label_type", [None, pa.dictionary(pa.int8(), pa.string())])
def test_dictionary_labels(tmp_path, label_type):
    table = frame()
    table = table.set_column(2, "label", table.column("label").cast(label_type or pa.string()))
    parquet.write_table(table, tmp_path / "in.parquet")
    for name in ("out.parquet", "out.csv"):
        result = command("resample", tmp_path / "in.parquet", "--target", "label", "-o", tmp_path / name)
        assert result.exit_code == 0, result.output
    actual = parquet.read_table(tmp_path / "out.parquet").column("label")
    assert actual.type == table.schema.field("label").type
    assert pc.value_counts(actual).field("counts").to_pylist() == [150, 150]
    assert (tmp_path / "out.csv").read_text().splitlines()[1].split(",")[2] == "fraud"


def test_csv_round_trip_is_exact(tmp_path):
    table = frame(labels=("007", "08"))
    whole = pa.array(np.arange(200) * 1e7)
    extreme = pa.array([1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e22] * 40)
    table = table.append_column("whole", whole).append_column('odd "name"', extreme)
    csv.write_csv(table, tmp_path / "in.csv")
    text = (tmp_path / "in.csv").read_text()
    (tmp_path / "in.csv").write_text(re.sub(r"^0,", "0.0,", text))
    result = command(
        "resample", tmp_path / "in.csv", "--target", "label", "-o", tmp_path / "out.csv",
        "--method", "random_over_sample", "--random-state", 1,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    strings = csv.ConvertOptions(column_types={"label": pa.string()})
    before = csv.read_csv(tmp_path / "in.csv", convert_options=strings)
    actual = csv.read_csv(tmp_path / "out.csv", convert_options=strings)
    assert actual.column_names == table.column_names
    assert actual.schema.equals(before.schema)
    assert actual.slice(0, 200).equals(before)
    assert set(actual.column("label").to_pylist()) == {"007", "08"}


def test_csv_float_columns_stay_floats(tmp_path):
    (tmp_path / "in.csv").write_text("x,n,y\n" + "".join(f"{i}.0,{i},{'ab'[i % 3 > 0]}\n" for i in range(30)))
    result = command(
        "resample", tmp_path / "in.csv", "--target", "y", "-o", tmp_path / "out.csv",
        "--method", "random_under_sample",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    schema = csv.read_csv(tmp_path / "out.csv").schema
    assert (schema.field("x").type, schema.field("n").type) == (pa.float64(), pa.int64())
    assert re.fullmatch(r"\d+\.0,\d+,[ab]", (tmp_path / "out.csv").read_text().splitlines()[1])


def test_labels_with_commas_and_quotes_survive(tmp_path):
    labels = ['a,"b"', "NA"]
    csv.write_csv(frame(labels=labels), tmp_path / "in.csv")
    result = command("resample", tmp_path / "in.csv", "--target", "label", "-o", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    options = csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
    actual = csv.read_csv(tmp_path / "out.csv", convert_options=options).column("label")
    assert actual.null_count == 0
    assert set(actual.to_pylist()) == set(labels)


def test_types_that_are_found_late_in_a_csv(tmp_path):
    lines = [f"{i % 10},{'ab'[i % 2]}\n" for i in range(600_000)]
    lines[-2] = "0.5,a\n"
    (tmp_path / "in.csv").write_text("x,y\n" + "".join(lines))
    result = command(
        "resample", tmp_path / "in.csv", "--target", "y", "-o", tmp_path / "out.parquet",
        "--method", "random_over_sample",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert parquet.read_table(tmp_path / "out.parquet").column("x")[-2].as_py() == 0.5


def test_rows_with_text_can_be_copied(tmp_path):
    table = frame().append_column("city", pa.array(["Köln", None] * 100))
    parquet.write_table(table, tmp_path / "in.parquet")
    result = command(
        "resample", tmp_path / "in.parquet", "--target", "label", "-o", tmp_path / "out.csv",
        "--method", "random_under_sample",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert csv.read_csv(tmp_path / "out.csv").num_rows == 100


ROWS = [
    '00001,0.10,+1e3,2024-01-02T03:04:00.5Z,"NA",a',
    "-0,1.,1E3,2024-01-02,NA,b",
    '007,.5,100,,"x,""y""",b',
    "9223372036854775807,5e-1,0.0,2024-01-02 03:04,Köln,a",
] * 5
MANY = [f"{i:05},{i}.10,{i}e0,{'ab'[i % 3 > 0]}" for i in range(30)]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("method", ["random_over_sample", "random_under_sample"])
def test_csv_copies_keep_their_text(tmp_path, method, header):
    huge = [f"100000000000000000000,{row[:-1]}c" for row in ROWS[:2]]
    rows = [f"1,{row}" for row in ROWS] + huge
    names = ["row", "id", "x", "z", "time", "text", "y"]
    (tmp_path / "in.csv").write_text("\n".join([",".join(names)] * header + rows) + "\n")
    options = ["--target", "y"] if header else ["--target", "-1", "--no-header"]
    out = tmp_path / "out.csv"
    result = command("resample", tmp_path / "in.csv", *options, "--method", method, "-o", out)
    assert result.exit_code == 0, result.output
    actual = out.read_text().splitlines()[header:]
    assert set(actual) <= set(rows)
    if method == "random_over_sample":
        assert actual[: len(rows)] == rows
        assert len(actual) == 30
    else:
        assert len(actual) == 6


@pytest.mark.parametrize("method", TAKE_TEXT)
def test_text_of_a_csv_file_is_taken_as_categories(tmp_path, method):
    rows = [f'{i % 7},"{"New York, NY" if i % 3 else "Rome"}",{"b" if i < 18 else "a"}' for i in range(30)]
    (tmp_path / "in.csv").write_text("\n".join(["x,city,y", *rows]))
    out = tmp_path / "out.csv"
    arguments = ["resample", tmp_path / "in.csv", "--target", "y", "--method", method, "--random-state", 0]
    assert command(*arguments, "-o", out).exit_code == 0
    table = csv.read_csv(tmp_path / "in.csv")
    X, y = function_of(method)(table.drop_columns(["y"]), table.column("y"), random_state=0)
    actual = csv.read_csv(out)
    assert out.read_text().splitlines()[1:31] == [row.replace('"Rome"', "Rome") for row in rows]
    assert actual.equals(X.append_column("y", y))
    assert actual.num_rows == 36


@pytest.mark.parametrize(
    "method", [method for method in INTERPOLATE if method not in ("smotenc", "kmeans_smote")]
)
def test_csv_rows_keep_their_text_before_synthetic_rows(tmp_path, method):
    (tmp_path / "in.csv").write_text("\n".join(["id,x,z,y", *MANY]))
    out = tmp_path / "out.csv"
    arguments = ["resample", tmp_path / "in.csv", "--target", "y", "--method", method, "--random-state", 0]
    assert command(*arguments, "-o", out).exit_code == 0
    _, *actual = out.read_text().splitlines()
    assert actual[:30] == MANY
    table = csv.read_csv(tmp_path / "in.csv")
    X, y = function_of(method)(table.drop_columns(["y"]), table.column("y"), random_state=0)
    expected = list(zip(*(column.to_pylist()[30:] for column in [*X.columns, y]), strict=True))
    cells = [line.split(",") for line in actual[30:]]
    assert [(int(i), float(x), float(z), label) for i, x, z, label in cells] == expected


@pytest.mark.parametrize("method", ["near_miss", "tomek_links", "all_knn"])
@pytest.mark.filterwarnings("ignore:All rows of")
def test_csv_rows_that_stay_keep_their_text(tmp_path, method):
    (tmp_path / "in.csv").write_text("\n".join(["id,x,z,y", *MANY]))
    out = tmp_path / "out.csv"
    result = command("resample", tmp_path / "in.csv", "--target", "y", "--method", method, "-o", out)
    assert result.exit_code == 0, result.output
    table = csv.read_csv(tmp_path / "in.csv")
    kept = getattr(fastsmote.select, method)(table.drop_columns(["y"]), table.column("y"))
    assert 0 < len(kept) < 30
    assert out.read_text().splitlines()[1:] == [MANY[i] for i in kept]


@pytest.mark.parametrize("method", ["smote", "random_over_sample"])
@pytest.mark.parametrize(("under", "same"), [('{"a": 12, "b": 9}', {"a": 12, "b": 9}), ("auto", "auto")])
def test_csv_of_two_strategies(tmp_path, method, under, same):
    (tmp_path / "in.csv").write_text("\n".join(["id,x,z,y", *MANY]))
    result = command(
        "resample", tmp_path / "in.csv", "--target", "y", "-o", tmp_path / "out.csv", "--method", method,
        "--sampling-strategy", "0.75", "--under-strategy", under, "--random-state", 5,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    table = csv.read_csv(tmp_path / "in.csv")
    X, y = getattr(fastsmote, method)(
        table.drop_columns(["y"]), table.column("y"), sampling_strategy=0.75, under_strategy=same,
        random_state=5,
    )  # fmt: skip
    made = csv.read_csv(tmp_path / "out.csv")
    assert made.column("y").to_pylist() == y.to_pylist()
    for name in ("x", "z"):
        assert made.column(name).to_pylist() == X.column(name).to_pylist()
    n_old = sum(line in MANY for line in (tmp_path / "out.csv").read_text().splitlines())
    assert n_old >= (12 if under != "auto" else 15)  # with their text


def test_a_prior_may_be_lower(tmp_path, source):
    out = tmp_path / "out.parquet"
    arguments = ("resample", source, "--target", "label", "-o", out, "--sampling-strategy", "prior:0.1")
    assert command(*arguments, "--method", "random-under-sample").exit_code == 0
    labels = parquet.read_table(out).column("label").to_pylist()
    assert (labels.count("fraud"), labels.count("fine")) == (17, 150)
    refused = command(*arguments, "--force", "--method", "near_miss", "--sampling-strategy", "prior:1e-9")
    assert "--sampling-strategy prior:1e-09 asks for 0 rows" in refused.stderr


@pytest.mark.parametrize("strategy", ["all", '["b"]'])
@pytest.mark.parametrize("method", ["tomek_links", "edited_nearest_neighbours"])
def test_csv_of_cleaners_with_a_floor(tmp_path, method, strategy):
    (tmp_path / "in.csv").write_text("\n".join(["id,x,z,y", *MANY]))
    out = tmp_path / "out.csv"
    result = command(
        "resample", tmp_path / "in.csv", "--target", "y", "--method", method, "-o", out, "--min-count", 7,
        "--sampling-strategy", strategy,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    table = csv.read_csv(tmp_path / "in.csv")
    kept = getattr(fastsmote.select, method)(
        table.drop_columns(["y"]), table.column("y"), min_count=7,
        sampling_strategy=strategy if strategy == "all" else ["b"],
    )  # fmt: skip
    assert out.read_text().splitlines()[1:] == [MANY[i] for i in kept]
    labels = [line[-1] for line in out.read_text().splitlines()[1:]]
    assert (labels.count("a") == 10) == (strategy != "all")
    assert labels.count("b") >= 7


def test_a_class_that_vanishes_is_told(tmp_path):
    (tmp_path / "in.csv").write_text("\n".join(["id,x,z,y", *MANY]))
    result = command(
        "resample", tmp_path / "in.csv", "--target", "y", "--method", "edited_nearest_neighbours",
        "-o", tmp_path / "out.csv",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Warning: edited_nearest_neighbours by column 'y': All rows of ['b'] are removed." in result.stderr
    assert "10 rows" in result.output


@pytest.mark.parametrize("method", COMBINATIONS)
@pytest.mark.filterwarnings("ignore:All rows of")
def test_csv_of_combinations(tmp_path, method):
    (tmp_path / "in.csv").write_text("\n".join(["id,x,z,y", *MANY]))
    out = tmp_path / "out.csv"
    result = command(
        "resample", tmp_path / "in.csv", "--target", "y", "--method", method, "-o", out, "--random-state", 1,
        "--k-neighbors", 2,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    table = csv.read_csv(tmp_path / "in.csv")
    X, y = function_of(method)(table.drop_columns(["y"]), table.column("y"), k_neighbors=2, random_state=1)
    _, *lines = out.read_text().splitlines()
    cells = [line.split(",") for line in lines]
    expected = list(zip(*(column.to_pylist() for column in [*X.columns, y]), strict=True))
    assert [(int(i), float(x), float(z), label) for i, x, z, label in cells] == expected
    assert 0 < len(set(lines) & set(MANY)) < len(lines)


@pytest.mark.parametrize(
    ("method", "suffix"),
    [("smote", ".csv"), ("adasyn", ".csv"), ("tomek_links", ".csv"), ("random_over_sample", ".parquet")],
)
def test_integers_beyond_64_bits_are_refused(tmp_path, method, suffix):
    lines = [f"{10**20 if i == 4 else i},0.5,{'ab'[i % 2]}" for i in range(30)]
    (tmp_path / "in.csv").write_text("\n".join(["id,x,y", *lines]))
    result = command(
        "resample", tmp_path / "in.csv", "--target", "y", "--method", method, "-o", tmp_path / f"o{suffix}"
    )
    assert result.exit_code == 2
    words = ["'id'", str(10**20), "data row 4", "random_over_sample"]
    assert [word for word in words if word not in result.stderr] == []
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.skipif(not hasattr(narwhals, "Float16"), reason="narwhals has no such type yet")
def test_half_precision_to_csv(tmp_path):
    table = frame().append_column("half", pa.array(np.arange(200) / 4, pa.float16()))
    table = table.append_column("whole half", pa.array(np.arange(200.0), pa.float16()))
    parquet.write_table(table, tmp_path / "in.parquet")
    out = tmp_path / "out.csv"
    result = command("resample", tmp_path / "in.parquet", "--target", "label", "-o", out, "--method", "smote")
    assert result.exit_code == 0, result.output
    actual = csv.read_csv(out)
    assert actual.column("half").to_pylist()[:200] == (np.arange(200) / 4).tolist()
    assert actual.schema.field("whole half").type == pa.float64()


@pytest.mark.skipif(not MAMMOGRAPHY.exists(), reason="real data are not part of the project")
def test_mammography_without_header(tmp_path):
    arguments = ("resample", MAMMOGRAPHY, "--no-header", "--random-state", 0, "-o", tmp_path / "out.csv")
    result = command(*arguments, "--target", "-1")
    assert result.exit_code == 0, result.output
    before = MAMMOGRAPHY.read_text().splitlines()
    actual = (tmp_path / "out.csv").read_text().splitlines()
    assert len(before) == 11_183
    assert len(actual) == 2 * 10_923
    assert {line.split(",")[6] for line in actual[11_183:]} == {"'1'"}
    for old, new in zip(before, actual, strict=False):
        *expected, expected_label = old.split(",")
        *numbers, label = new.split(",")
        assert label == expected_label
        assert [float(number) for number in numbers] == [float(number) for number in expected]
    first = (tmp_path / "out.csv").read_bytes()
    assert command(*arguments, "--target", "6", "--force", "--n-jobs", 1).exit_code == 0
    assert (tmp_path / "out.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", (150, 150)),
        ("minority", (150, 150)),
        ("0.5", (75, 150)),
        ('{"fraud": 120}', (120, 150)),
        ("prior:0.4", (100, 150)),
    ],
)
def test_sampling_strategy(tmp_path, source, strategy, expected):
    out = tmp_path / "out.parquet"
    result = command("resample", source, "--target", "label", "-o", out, "--sampling-strategy", strategy)
    assert result.exit_code == 0, result.output
    labels = parquet.read_table(out).column("label").to_pylist()
    assert (labels.count("fraud"), labels.count("fine")) == expected


@pytest.mark.parametrize(
    ("labels", "strategy"),
    [((1, 0), '{"1": 90}'), ((True, False), '{"true": 90}'), ((True, False), '{"True": 90}')],
)
def test_strategy_names_labels_of_any_type(tmp_path, labels, strategy):
    parquet.write_table(frame(labels=labels), tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    result = command(
        "resample", tmp_path / "in.parquet", "--target", "label", "-o", out, "--sampling-strategy", strategy
    )
    assert result.exit_code == 0, result.output
    assert parquet.read_table(out).column("label").to_pylist().count(labels[0]) == 90


@pytest.mark.parametrize("method", ["smote", "tomek_links", "cluster_centroids"])
@pytest.mark.parametrize(
    "strategy",
    ['{"fraud": "x"}', '{"fraud": 1.5}', '{"fraud": null}', '{"fraud": true}', "[[1]]", "[{}]", "[]", "-1"],
)
def test_strategies_that_are_none_are_one_line(tmp_path, source, method, strategy):
    result = command(
        "resample", source, "--target", "label", "--method", method, "-o", tmp_path / "out.csv",
        "--sampling-strategy", strategy,
    )  # fmt: skip
    if result.exit_code:
        assert result.exit_code == 2
        assert isinstance(result.exception, SystemExit)
        assert result.stderr.startswith("fastsmote: ")
        assert len(result.stderr.splitlines()) == 1
        assert not (tmp_path / "out.csv").exists()
    else:  # a cleaner of no class
        assert (method, strategy) == ("tomek_links", "[]")


def test_k_neighbors_reaches_both_methods(tmp_path, source):
    for method, option in (("smote", "k_neighbors"), ("adasyn", "n_neighbors")):
        arguments = (
            "resample",
            source,
            "--target",
            "label",
            "--method",
            method,
            "--random-state",
            3,
            "--force",
        )
        out = tmp_path / "out.parquet"
        assert command(*arguments, "--k-neighbors", 2, "-o", out).exit_code == 0
        table = frame()
        expected, _ = getattr(fastsmote, method)(
            table.drop_columns(["label"]), table.column("label"), random_state=3, **{option: 2}
        )
        assert parquet.read_table(out).drop_columns(["label"]).equals(expected)


def _with(name, values):
    table = frame()
    return table.append_column(name, values)


def _label(values):
    return frame().set_column(2, "label", [values])


NAN = pa.array([1.0, float("nan")] * 100)
NULLS = pa.array([1, None] * 100)
BAD = {
    "text": (
        lambda: _with("city", pa.array(["x"] * 200)),
        [],
        ["'city'", "not numeric", "random_over_sample"],
    ),
    "date": (lambda: _with("day", pa.array([0] * 200, pa.date32())), [], ["'day'", "not numeric"]),
    "nan": (lambda: _with("age", NAN), [], ["'age'", "100 missing values", "data row 1"]),
    "null": (lambda: _with("age", NULLS), ["--method", "tomek_links"], ["'age'", "100 missing values"]),
    "empty": (lambda: _with("age", pa.nulls(200)), [], ["'age'", "no values", "drop"]),
    "infinite": (lambda: _with("age", pa.array([float("inf")] * 200)), [], ["'age'", "infinite"]),
    "twice": (lambda: _with("amount", NAN), [], ["'amount'", "rename"]),
    "target": (frame, ["--target", "Label"], ["'Label'", "no column", "'amount', 'count', 'label'"]),
    "labels": (
        lambda: _label(pa.array(["a", None, "b", "b"] * 50)),
        ["--method", "random_over_sample"],
        ["'label'", "50 missing values"],
    ),
    "bytes": (lambda: _label(pa.array([b"a", b"b"] * 100)), [], ["'label'", "binary", "convert"]),
    "one class": (lambda: _label(pa.array(["a"] * 200)), [], ["'label'", "class"]),
    "small class": (
        lambda: _label(pa.array(["rare"] * 3 + ["b"] * 197)),
        [],
        ["'label'", "'rare' with 3 rows", "--k-neighbors=2"],
    ),
    "small class, adasyn": (
        lambda: _label(pa.array(["rare"] * 3 + ["b"] * 197)),
        ["--method", "adasyn"],
        ["'label'", "'rare' with 3 rows", "--k-neighbors=2"],
    ),
    "strategy": (frame, ["--sampling-strategy", "most"], ["--sampling-strategy", "most"]),
    "json": (frame, ["--sampling-strategy", '{"fraud": 5'], ["--sampling-strategy", "JSON"]),
    "unknown label": (frame, ["--sampling-strategy", '{"no": 5}'], ["'label'", "'no'", "'fine', 'fraud'"]),
    "too few": (frame, ["--sampling-strategy", '{"fraud": 5}'], ["'label'", "fraud", "5"]),
    "min count": (frame, ["--min-count", "3", "--method", "smote"], ["--min-count", "smote"]),
    "min count 0": (frame, ["--min-count", "0", "--method", "all_knn"], ["--min-count must be", "Got 0"]),
    "k": (frame, ["--k-neighbors", "3", "--method", "tomek_links"], ["--k-neighbors", "tomek_links"]),
    "jobs": (frame, ["--n-jobs", "0"], ["--n-jobs"]),
    "header": (frame, ["--no-header"], ["--no-header", "CSV"]),
    "no features": (lambda: frame().select(["label"]), [], ["'label'", "only column"]),
    "no rows": (lambda: frame().slice(0, 0), [], ["no rows"]),
}


@pytest.mark.parametrize("case", BAD)
def test_mistakes_are_one_message(tmp_path, case):
    build, arguments, words = BAD[case]
    parquet.write_table(build(), tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    out.write_bytes(b"precious")
    if "--target" not in arguments:
        arguments = ["--target", "label", *arguments]
    result = command("resample", tmp_path / "in.parquet", "-o", out, "--force", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("fastsmote: ")
    assert len(result.stderr.splitlines()) == 1
    assert [word for word in words if word not in result.stderr] == []
    assert out.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("a,b\n1,x\n2\n", ["--target", "b"], ["can not be read"]),
        ("", ["--target", "b"], ["can not be read"]),
        ("1,x\n2,y\n", ["--target", "2", "--no-header"], ["position from 0 to 1", "'2'"]),
        ("1,x\n2,y\n", ["--target", "b", "--no-header"], ["position from 0 to 1", "'b'"]),
        ("a,b\n1,x\n,y\n", ["--target", "b"], ["'a'", "missing", "data row 1"]),
        ("a,b\n1,x\n2,\n", ["--target", "b"], ["'b'", "missing", "data row 1"]),
        ("b,b,a\n1,x,1\n", ["--target", "b"], ["2 columns", "'b'"]),
        ("a,b\n1,0.5\n2,7\n3,1.25\n", ["--target", "b"], ["'b'", "Unknown label type: 'continuous'", "0.5"]),
        ("1.5,0.25,a\n1,2,b\n", ["--target", "y"], ["no column 'y'", "add --no-header"]),
        (
            "a,b\n1,'x'\n2,'y'\n",
            ["--target", "b", "--sampling-strategy", '{"x": 2}'],
            ["no label 'x'", "\"'x'\", \"'y'\"", "quotes inside a label"],
        ),
    ],
)
def test_mistakes_in_csv(tmp_path, text, arguments, words):
    (tmp_path / "in.csv").write_text(text)
    result = command("resample", tmp_path / "in.csv", "-o", tmp_path / "out.csv", *arguments)
    assert result.exit_code == 2
    assert [word for word in words if word not in result.stderr] == []
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_mistakes_in_paths(tmp_path, source):
    out = tmp_path / "out.parquet"
    out.write_bytes(b"precious")
    (tmp_path / "folder.csv").mkdir()
    for arguments, words in (
        ((source, "-o", out), "exists already"),
        ((tmp_path / "none.csv", "-o", tmp_path / "o.csv"), "no such file"),
        ((source, "-o", tmp_path / "o.xlsx"), "only .csv and .parquet"),
        ((tmp_path / "folder.csv", "-o", tmp_path / "o.csv"), "folder.csv: is a folder; its .parquet files"),
        (("/dev/stdin", "-o", tmp_path / "o.csv"), "standard input and output are -"),
        ((source, "-o", tmp_path / "no" / "o.csv"), "does not exist"),
    ):
        result = command("resample", *arguments, "--target", "label")
        assert result.exit_code == 2
        assert words in result.stderr
    assert out.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.csv", "in.parquet", "out.parquet"]


def test_saved_pandas_index_is_not_a_feature(tmp_path):
    pandas = pytest.importorskip("pandas")
    data = pandas.DataFrame({"x": np.arange(40.0), "y": [0, 1] * 20})
    data[data.x != 7].to_parquet(tmp_path / "in.parquet")
    result = command("resample", tmp_path / "in.parquet", "--target", "y", "-o", tmp_path / "out.parquet")
    assert result.exit_code == 2
    assert "'__index_level_0__' is the saved index" in result.stderr
    data.to_parquet(tmp_path / "in.parquet")
    result = command("resample", tmp_path / "in.parquet", "--target", "y", "-o", tmp_path / "out.parquet")
    assert result.exit_code == 0, result.output
    assert pandas.read_parquet(tmp_path / "out.parquet").dtypes.equals(data.dtypes)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_full_disk_loses_nothing(tmp_path, source, suffix):
    import resource

    out = tmp_path / f"out{suffix}"
    out.write_bytes(b"precious")
    result = process(
        "resample", source, "--target", "label", "-o", out, "--force", "--method", "random_under_sample",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000)),
    )  # fmt: skip
    assert result.returncode == 2
    assert "can not be written" in result.stderr
    assert "Traceback" not in result.stderr
    assert out.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in.parquet", out.name])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(
    ("writing", "ending"), [(False, signal.SIGINT), (True, signal.SIGINT), (True, signal.SIGTERM)]
)
def test_interrupt_leaves_no_half_file(tmp_path, writing, ending):
    X, y = fastsmote.make_fraud(200_000, 8, fraud_rate=0.01)
    table = pa.table([*X.T, y], names=[*(f"V{i}" for i in range(8)), "label"])
    csv.write_csv(table, tmp_path / "in.csv")
    out = tmp_path / "out.csv"
    out.write_bytes(b"precious")
    code = (
        f"{HEED_SIGNALS}from fastsmote.cli import main\n"
        "try: print('ready', flush=True); main()\n"
        "except KeyboardInterrupt: raise SystemExit('not handled')"
    )
    running = subprocess.Popen(
        [
            sys.executable, "-c", code, "resample", str(tmp_path / "in.csv"), "--target", "label",
            "-o", str(out), "--force", "--method", "random_over_sample" if writing else "tomek_links",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert running.stdout.readline() == "ready\n"
    if writing:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".fastsmote.*.tmp")):
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
    else:
        time.sleep(0.2)  # importing, reading or searching
    running.send_signal(ending)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 128 + ending
    assert "Traceback" not in errors
    assert out.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_errors_of_ours_are_not_hidden():
    from fastsmote.cli._show import user_errors

    with pytest.raises(AttributeError), user_errors():
        raise AttributeError("a bug")


def test_info(monkeypatch, tmp_path):
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", "3")
    result = command("info")
    assert result.exit_code == 0, result.output
    assert fastsmote.__version__ in result.output
    assert "3 (FASTSMOTE_NUM_THREADS: 3)" in result.output
    assert re.search(r"SIMD width in use +│ (\d+ bits|no vector)", result.output)
    assert "writable" in result.output or "not kept" in result.output


def test_info_compiles_nothing_the_second_time():
    """What numba compiles is never freed: 0.8 MiB a call in a process that calls again and again."""
    from numba.core.event import install_recorder

    command("info")
    with install_recorder("numba:compile") as compiled:
        command("info")
    assert not compiled.buffer


def test_info_reports_a_bad_number_of_threads(monkeypatch, source, tmp_path):
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", "abc")
    result = command("info")
    assert result.exit_code == 0, result.output
    assert "FASTSMOTE_NUM_THREADS must be a positive whole number. Got 'abc'" in result.output
    result = command("resample", source, "--target", "label", "-o", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert "FASTSMOTE_NUM_THREADS" in result.stderr


@pytest.mark.slow
def test_info_tells_why_kernels_are_not_kept(tmp_path):
    (tmp_path / "file").touch()
    for setting, expected in (
        ("0", "off (FASTSMOTE_CACHE=0)"),
        (str(tmp_path / "file" / "folder"), "is not writable"),
        (str(tmp_path / "folder"), "(writable)"),
    ):
        result = process("info", env={**os.environ, "FASTSMOTE_CACHE": setting})
        assert result.returncode == 0, result.stderr
        assert expected in re.sub(r"\s*│\s*│\s*│\s*", "", result.stdout)


def test_version():
    result = command("--version")
    assert (result.exit_code, result.output) == (0, f"fastsmote {fastsmote.__version__}\n")


def test_json_and_names_of_strategies():
    from fastsmote.cli._resample import parse_strategy

    assert parse_strategy("0.25") == 0.25
    assert parse_strategy("not minority") == "not minority"
    assert parse_strategy(json.dumps({"a": 3})) == {"a": 3}
