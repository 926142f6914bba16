"""fastsmote calibrate: files of labels and scores to probabilities, beside the functions that it calls."""

import numpy as np
import pytest
from adapters.cli.commands import command

from fastsmote import calibration
from fastsmote.priors import correct_prior

pa = pytest.importorskip("pyarrow")
csv = pytest.importorskip("pyarrow.csv")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("typer")

from fastsmote.cli import _calibrate as _cli_calibrate  # noqa: E402

BINS = {"n_bins": 10, "strategy": "quantile"}


def calibrate(source, *options):
    return command("calibrate", source, "--label", "y", "--score", "p", *options)


def scores(n=4000, names=("0", "1")):
    """Probabilities of a model that was fitted to balanced rows, where one row in ten is positive."""
    rng = np.random.default_rng(3)
    odds = np.exp(rng.normal(-2.5, 1.5, n))
    y = (rng.random(n) < odds / (1 + odds)).astype(int)
    odds *= 9
    return pa.table({"id": np.arange(n), "y": np.array(names)[y], "p": odds / (1 + odds)})


@pytest.fixture
def files(tmp_path):
    table = scores()
    numbered = table.set_column(1, "y", table.column("y").cast(pa.int64()))
    parquet.write_table(numbered, tmp_path / "s.parquet")
    csv.write_csv(numbered, tmp_path / "s.csv")
    return tmp_path


def columns(path):
    table = parquet.read_table(path)
    return table["y"].to_numpy(), table["p"].to_numpy()


def line(output, words):
    (found,) = [part for part in output.splitlines() if part.startswith(f"│ {words}")]
    return [cell.strip() for cell in found.strip("│").split("│")]


def expected_line(y, p):
    brier = calibration.brier_decomposition(y, p, **BINS)
    numbers = [
        calibration.expected_calibration_error(y, p, **BINS),
        *brier[:4],
        brier.within_variance - brier.within_covariance,
        calibration.log_loss(y, p),
    ]
    return [f"{number:.4g}" for number in numbers]


def log_odds(p):
    return np.log(p) - np.log1p(-p)


@pytest.mark.parametrize("name", ["s.parquet", "s.csv"])
@pytest.mark.parametrize(
    ("method", "fit", "scale"),
    [
        ("platt", calibration.fit_platt, log_odds),
        ("isotonic", calibration.fit_isotonic, np.asarray),
        ("beta", calibration.fit_beta, np.asarray),
        ("temperature", calibration.fit_temperature, log_odds),
    ],
)
def test_a_map_is_fitted_to_one_half_and_judged_on_the_other(files, name, method, fit, scale):
    result = calibrate(files / name, "--method", method, "--seed", 5)
    assert result.exit_code == 0, result.output
    y, p = columns(files / "s.parquet")
    judged = _cli_calibrate._half(y, 5)
    mapped = fit(y[~judged], scale(p[~judged]))(scale(p))
    assert line(result.output, "as given")[1:] == expected_line(y[judged], p[judged])
    assert line(result.output, method)[1:] == expected_line(y[judged], mapped[judged])
    fitted = f"{method} was fitted to {np.count_nonzero(~judged):,} rows ({y[~judged].sum():,} positive)"
    assert f"{fitted}; the table is of the other {judged.sum():,} rows ({y[judged].sum():,} positive)" in (
        result.output
    )
    assert "seed 5" in result.output


def test_halves_are_of_each_class_and_seeded():
    y = np.array([0] * 21 + [1] * 7)
    half = _cli_calibrate._half(y, 0)
    assert (half[y == 0].sum(), half[y == 1].sum()) == (10, 3)
    assert np.array_equal(half, _cli_calibrate._half(y, 0))
    assert not np.array_equal(half, _cli_calibrate._half(y, 1))


def test_platt_repairs_the_probabilities(files):
    result = calibrate(files / "s.parquet")
    before, after = (float(line(result.output, words)[1]) for words in ("as given", "platt"))
    assert after < before / 5


def test_a_prior_is_corrected_without_a_fit_and_judged_on_all_rows(files):
    result = calibrate(files / "s.parquet", "--train-prior", 0.5, "--true-prior", 0.1)
    assert result.exit_code == 0, result.output
    y, p = columns(files / "s.parquet")
    assert line(result.output, "as given")[1:] == expected_line(y, p)
    assert line(result.output, "prior 0.5 -> 0.1")[1:] == expected_line(y, correct_prior(p, 0.5, 0.1))
    assert f"all {len(y):,} rows ({y.sum():,} positive): nothing is fitted" in result.output
    assert "platt" not in result.output


def test_a_map_may_follow_the_prior(files):
    out = files / "out.parquet"
    result = calibrate(
        files / "s.parquet", "--train-prior", 0.5, "--true-prior", 0.1, "--method", "isotonic", "-o", out
    )
    assert result.exit_code == 0, result.output
    y, p = columns(files / "s.parquet")
    judged = _cli_calibrate._half(y, 0)
    corrected = correct_prior(p, 0.5, 0.1)
    expected = calibration.fit_isotonic(y[~judged], corrected[~judged])(corrected)
    assert np.array_equal(parquet.read_table(out)["p_calibrated"].to_numpy(), expected)
    assert line(result.output, "prior 0.5 -> 0.1")[1:] == expected_line(y[judged], corrected[judged])


def test_parquet_gets_one_column_more(files):
    result = calibrate(files / "s.parquet", "--out", files / "out.parquet")
    assert result.exit_code == 0, result.output
    before, after = (parquet.read_table(files / name) for name in ("s.parquet", "out.parquet"))
    assert after.drop_columns("p_calibrated").equals(before)
    assert after.column_names[-1] == "p_calibrated"
    p, mapped = after["p"].to_numpy(), after["p_calibrated"].to_numpy()
    assert (np.diff(mapped[np.argsort(p)]) >= 0).all()
    assert "column 'p_calibrated' in" in result.output


def test_csv_keeps_its_text(tmp_path):
    rows = ["007,0,0.10,", 'b,1,0.90,"x,y"', '"NA",0,2e-1,NA', "d,1,.8,z"] * 5
    (tmp_path / "s.csv").write_text("\n".join(["id,y,p,note", *rows, ""]))
    result = calibrate(tmp_path / "s.csv", "--out", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0] == "id,y,p,note,p_calibrated"
    assert [part.rpartition(",")[0] for part in lines[1:]] == rows
    mapped = [float(part.rpartition(",")[2]) for part in lines[1:]]
    assert all(0 < p < 1 for p in mapped)


def test_scores_need_not_be_probabilities(files):
    table = parquet.read_table(files / "s.parquet")
    y, p = table["y"].to_numpy(), log_odds(table["p"].to_numpy())
    parquet.write_table(pa.table({"y": y, "p": p}), files / "odds.parquet")
    result = calibrate(files / "odds.parquet", "--plot", files / "r.png")
    assert result.exit_code == 0, result.output
    assert "as given" not in result.output
    judged = _cli_calibrate._half(y, 0)
    assert line(result.output, "platt")[1:] == expected_line(
        y[judged], calibration.fit_platt(y[~judged], p[~judged])(p[judged])
    )
    assert calibrate(files / "odds.parquet", "--method", "temperature").exit_code == 0


@pytest.mark.parametrize("names", [("fine", "fraud"), ("false", "true")])
def test_the_positive_label_may_be_anything(tmp_path, names):
    table = scores(names=names)
    csv.write_csv(table, tmp_path / "s.csv")
    result = calibrate(tmp_path / "s.csv", "--positive", names[1], "--train-prior", 0.5, "--true-prior", 0.1)
    assert result.exit_code == 0, result.output
    n_positive = table["y"].to_pylist().count(names[1])
    assert f"all 4,000 rows ({n_positive:,} positive)" in result.output


def test_picture(files):
    pytest.importorskip("matplotlib")
    place = files / "r.png"
    result = calibrate(files / "s.parquet", "--plot", place)
    assert result.exit_code == 0, result.output
    assert place.read_bytes()[1:4] == b"PNG"
    assert f"picture: {place}" in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--train-prior", "0.5"], "--train-prior and --true-prior go together"),
        (["--train-prior", "0.5", "--true-prior", "0"], "--true-prior must"),
        (["--train-prior", "1.5", "--true-prior", "0.5"], "--train-prior must hold numbers between 0 and 1"),
        (["--positive", "7"], "--positive=7 is not a valid label. It should be one of [0, 1]"),
        (["--positive", "yes"], "--positive 'yes' is no int64"),
        (["--out", "/nowhere/out.csv"], "does not exist; create it"),
        (["--out", "out.txt"], "only .csv and .parquet files"),
        (["--plot", "/nowhere/at/all.png"], "does not exist; create it"),
        (["--plot", "picture.doc"], "--plot must end in"),
        (["--method", "magic"], "platt"),
    ],
)
def test_mistakes_are_one_message(files, options, words, monkeypatch):
    monkeypatch.chdir(files)
    result = calibrate(files / "s.parquet", *options)
    assert result.exit_code == 2
    assert words in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr


def test_out_is_not_replaced_unless_asked(files):
    (files / "out.csv").write_text("mine")
    result = calibrate(files / "s.csv", "--out", files / "out.csv")
    assert result.exit_code == 2
    assert (files / "out.csv").read_text() == "mine"
    assert calibrate(files / "s.csv", "--out", files / "out.csv", "--force").exit_code == 0
    again = calibrate(files / "out.csv", "--out", files / "more.csv")
    assert again.exit_code == 2
    assert "has a column 'p_calibrated' already" in again.stderr
    assert not (files / "more.csv").exists()


@pytest.mark.parametrize(
    ("p", "method", "words"),
    [
        ([0.1, 0.2, 0.3, 1.5], "beta", "--method beta is for probabilities"),
        ([0.1, 0.2, 0.3, float("nan")], "platt", "--score 'p' has nan"),
        ([0.1, 0.2, 0.3, None], "platt", "--score 'p' has None"),
    ],
)
def test_scores_that_can_not_be_used(tmp_path, p, method, words):
    parquet.write_table(pa.table({"y": [0, 0, 1, 1], "p": pa.array(p)}), tmp_path / "s.parquet")
    result = calibrate(tmp_path / "s.parquet", "--method", method)
    assert result.exit_code == 2
    assert words in result.stderr


def test_help_says_that_priors_are_within_0_and_1():
    words = " ".join(calibrate("--help").output.replace("│", " ").split())
    assert words.count("0 < x < 1") == 2
    assert "<=x<=1" not in words


def test_a_file_without_a_header(files):
    assert calibrate(files / "s.csv", "-o", files / "named.csv").exit_code == 0
    (files / "bare.csv").write_text((files / "s.csv").read_text().partition("\n")[2])
    bare = ["--no-header", "--label", 1, "--score", 2, "-o", files / "out.csv"]
    result = command("calibrate", files / "bare.csv", *bare)
    assert result.exit_code == 0, result.output
    header, _, rows = (files / "named.csv").read_text().partition("\n")
    assert header.endswith("p_calibrated")
    assert (files / "out.csv").read_text() == rows
    assert "column '2_calibrated'" in result.output


def test_a_file_without_rows(tmp_path):
    parquet.write_table(
        pa.table({"y": pa.array([], pa.int64()), "p": pa.array([], pa.float64())}), tmp_path / "s.parquet"
    )
    result = calibrate(tmp_path / "s.parquet")
    assert result.exit_code == 2
    assert "the file has no rows" in result.stderr


def test_advise(tmp_path):
    rng = np.random.default_rng(0)
    y = np.arange(400) % 20 == 0
    table = pa.table(
        {"a": rng.normal(size=400) + y, "b": rng.normal(size=400), "y": np.where(y, "fraud", "fine")}
    )
    csv.write_csv(table, tmp_path / "d.csv")
    result = command("advise", tmp_path / "d.csv", "--target", "y", "--k-neighbors", 3, "--model", "linear")
    assert result.exit_code == 0, result.output
    assert line(result.output, "fraud")[1] == "20"
    assert "3 nearest" in result.output
    wrong = command("advise", tmp_path / "d.csv", "--target", "z")
    assert wrong.exit_code == 2
    assert "there is no column 'z'" in wrong.stderr
