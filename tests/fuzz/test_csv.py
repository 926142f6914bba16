"""Hostile CSV files: each cell that the command reads is what csv.reader gives, at blocks of any size."""

import csv
import io
import random
import re

import pytest

pa = pytest.importorskip("pyarrow")
pacsv = pytest.importorskip("pyarrow.csv")

from fastsmote.cli._records import Records  # noqa: E402

pytestmark = pytest.mark.usefixtures("wide_cells")
BREAKS = ["\n", "\r\n", "\r"]
INSIDE = ["a", "b", " ", *BREAKS, '"', '""', ",", ",", ";", "é", "\N{GRINNING FACE}", "#", "\0", "0.5", "NA"]
EDGE = 1 << 20  # where Arrow would cut


def cells(text, block, encoding="utf-8", comment=""):
    """As the command reads them."""
    records = Records(io.BytesIO(text.encode(encoding)), "in.csv", ",", encoding, comment, block)
    reading = pacsv.ReadOptions(autogenerate_column_names=True)
    kinds = {f"f{i}": pa.binary() for i in range(9)}
    conversion = pacsv.ConvertOptions(column_types=kinds, strings_can_be_null=False)
    table = pacsv.read_csv(records, reading, convert_options=conversion)
    return [[cell.decode() for cell in row] for row in zip(*(c.to_pylist() for c in table), strict=True)]


def cell(rng, longest=6):
    body = "".join(rng.choices(INSIDE, k=rng.randrange(longest)))
    if rng.random() < 0.5:
        tail = rng.choice(["", "", "", "", "x", 'y"z'])
        return '"' + body.replace('"', '""') + '"' + tail
    body = body.replace("\r", "").replace("\n", "").replace(",", "")
    return body if not body.startswith('"') else f" {body}"


def lines(rng, width, n, break_):
    """Records, some with another end than the others, some behind empty lines."""
    parts = []
    for _ in range(n):
        empty = rng.choice(['# "a', "#", ""]) + rng.choice(BREAKS) if rng.random() < 0.05 else ""
        end = break_ if rng.random() < 0.9 else rng.choice(BREAKS)
        parts.append(empty + ",".join(cell(rng) for _ in range(width)) + end)
    return "".join(parts)


def without_comments(text, comment):
    """Lines that begin with ``comment`` outside quotes are left empty; nothing if a quote stays open."""
    kept, at, quoted, opens = [], 0, False, True
    while at < len(text):
        if not quoted and text.startswith(comment, at) and (not at or text[at - 1] in "\r\n"):
            at += len(re.match(r"[^\r\n]*", text[at:]).group())
            continue
        char = text[at]
        if quoted and text[at : at + 2] == '""':
            kept.append(char)
            at += 1
        elif char == '"' and (quoted or opens):
            quoted = not quoted
        opens = not quoted and char in ",\r\n"
        kept.append(char)
        at += 1
    return "" if quoted else "".join(kept)


def check(text, block, encoding="utf-8", comment=""):
    read = text.removeprefix("\ufeff")
    read = without_comments(read, comment) if comment else read
    expected = [row for row in csv.reader(io.StringIO(read, newline="")) if row]
    if expected and len(set(map(len, expected))) == 1:
        assert cells(text, block, encoding, comment) == expected


def small(seed):
    """Files of many blocks, each a few bytes long."""
    rng = random.Random(seed)
    text = lines(rng, rng.randrange(1, 5), rng.randrange(1, 30), rng.choice(BREAKS))
    text = "\ufeff" * (rng.random() < 0.3) + text
    text = text.rstrip("\r\n") if rng.random() < 0.3 else text
    block = rng.choice([1, 2, 3, 5, 8, 16, 31, 64, 1000])
    check(text, block, rng.choice(["utf-8", "utf-8", "utf-16"]), rng.choice(["", "", "#", "ab"]))


def large(seed):
    """Files above the size of a block: something hostile lies across its edge."""
    rng = random.Random(seed)
    width, break_ = rng.randrange(2, 5), rng.choice(BREAKS)
    line = ",".join(["x" * rng.randrange(1, 60)] * width) + break_
    before = line * ((EDGE - rng.randrange(0, 40)) // len(line))
    wide = '"' + "".join(rng.choices(INSIDE[:-2], k=rng.randrange(0, 9))).replace('"', '""') * 200_000 + '"'
    wide = ",".join([wide] * width) + break_ if rng.random() < 0.1 else ""
    check(before + lines(rng, width, 40, break_) + wide + line * 3, EDGE)


def test_small_hostile_csv_files__A1(fuzz):
    fuzz(small, 300)


def test_hostile_csv_files_above_one_block__A1(fuzz):
    fuzz(large, 5)
