"""The example of docs/spark.md, run as it stands there."""

import re
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from places import REPOSITORY

import fastsmote

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime"),
    pytest.mark.filterwarnings("ignore"),  # Spark's own, of Python and pandas as they are today
]
EXAMPLE = re.findall(
    r"```python\n(.*?)```", (REPOSITORY / "docs" / "spark.md").read_text("utf-8"), re.DOTALL
)[0]
CLEANERS = ("tomek_links", "edited_nearest_neighbours")


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def payments(spark, tmp_path_factory):
    """Files of different lengths, of one row and of one class too."""
    folder, rng = tmp_path_factory.mktemp("payments"), np.random.default_rng(0)
    y = (rng.random(400) < 0.1).astype(np.int64)
    y[150:200] = 0
    columns = {name: rng.integers(0, 5, 400).astype(np.float32) for name in "abc"}
    table = pa.table({"a": columns["a"], "fraud": y, "b": columns["b"], "c": columns["c"]})
    for i, (start, stop) in enumerate([(0, 100), (100, 101), (101, 150), (150, 200), (200, 400)]):
        pq.write_table(table.slice(start, stop - start), folder / f"{i}.parquet")
    spark.conf.set("spark.sql.files.openCostInBytes", str(2**30))  # a partition for each file
    return spark.read.parquet(str(folder))


def test_the_example_is_short():
    assert len(EXAMPLE.splitlines()) < 80


@pytest.mark.parametrize("method", ["smote", "random_under_sample", "tomek_links", "smote_enn"])
def test_rows_are_those_in_memory(payments, method):
    page = {"__name__": "page"}
    exec(EXAMPLE, page)
    options = {} if method in CLEANERS else {"random_state": 3}
    actual = page["resample"](payments, "fraud", method, **options).toArrow()
    table = payments.toArrow()  # in the order of Spark's partitions
    X, y = getattr(fastsmote, method)(table.drop_columns(["fraud"]), table["fraud"], **options)
    assert payments.rdd.getNumPartitions() > 2
    assert actual.equals(X.add_column(1, "fraud", y))
