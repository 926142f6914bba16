"""Streams with a right checksum and a wrong header: refused by the field that is wrong."""

import struct
import zlib

import numpy as np
import pytest

import fastsmote

Y, P = [0, 1, 1, 0], [0.1, 0.4, 0.35, 0.8]
SWEEP = struct.Struct("<8sHHiIII")  # magic, version, weighted, lowest layer, layers, cells, bytes of label
CALIBRATION = struct.Struct("<8sHHIII")  # magic, version, weighted, bins, bytes of an integer, bytes of label


def changed(stream, header, place=None, value=None, body=None):
    data = stream.to_bytes()
    fields = list(header.unpack_from(data))
    if place is not None:
        fields[place] = value
    data = header.pack(*fields) + (data[header.size : -4] if body is None else b"null" + body)
    return data + zlib.crc32(data).to_bytes(4, "little")


def cells(*numbers, counts=(1, 0)):
    return np.array(numbers, "<u4").tobytes() + np.array(counts * len(numbers), "<i8").tobytes()


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (1, 0, "a version from 1 on. Got 0"),
        (1, 2, "version 1 or earlier"),
        (2, 7, "a flag for weights"),
        (2, 2**16 - 1, "a flag for weights"),
        (3, -1, "layers from 0 to 0. Got -1 to -1"),
        (3, -(2**31), "layers from 0 to 0"),
        (4, 0, "bytes for 4 cells of 0 layers"),
        (4, 2**32 - 1, "bytes for 4 cells of 4294967295 layers. Got 80 bytes"),
        (5, 2**32 - 1, "bytes for 4294967295 cells of 1 layers"),
        (6, 2**32 - 1, "a label within it"),
        (6, 3, "a label that is a number"),
    ],
)
def test_header_of_a_sweep_with_a_right_checksum__D4(place, value, message):
    data = changed(fastsmote.StreamingSweep().update(Y, P), SWEEP, place, value)
    with pytest.raises(ValueError, match=message):
        fastsmote.StreamingSweep.from_bytes(data)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (cells(2**31, 2**31 + 1, 2**31 + 2, 2**31 + 3), "cells from 1024 to"),
        (cells(0, 1, 2, 3), "cells from 1024 to"),
        (cells(5000, 5000, 5001, 5002), "cells in ascending order"),
        (cells(5000, 5001, 5002, 5003, counts=(-1, 1)), "sums from 0 to"),
        (cells(5000, 5001, 5002, 5003, counts=(2**62, 1)), "sums from 0 to"),
        (cells(5000, 5001, 5002, 5003, counts=(2**52, 1)), "at most 9007199254740992 rows"),
        (cells(5000, 5001, 5002, 5003, counts=(0, 0)), "rows in every cell"),
    ],
)
def test_body_of_a_sweep_with_a_right_checksum__D4(body, message):
    data = changed(fastsmote.StreamingSweep().update(Y, P), SWEEP, body=body)
    with pytest.raises(ValueError, match=message):
        fastsmote.StreamingSweep.from_bytes(data)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (2, 2, "a flag for weights"),
        (3, 0, "bins. Got 0"),
        (3, 2**32 - 1, "34359738362 integers of 137 bytes"),
        (4, 2**32 - 1, "integers of at most 224 bytes"),
        (4, 0, "18 integers of 0 bytes"),
        (5, 10**6, "a label within it"),
    ],
)
def test_header_of_a_calibration_with_a_right_checksum__D4(place, value, message):
    data = changed(fastsmote.StreamingCalibration(n_bins=2).update(Y, P), CALIBRATION, place, value)
    with pytest.raises(ValueError, match=message):
        fastsmote.StreamingCalibration.from_bytes(data)


def test_bins_of_a_calibration_without_rows__D4():
    """Without sums the length says nothing about the bins: 36 bytes asked for 488 TiB."""
    data = changed(fastsmote.StreamingCalibration(), CALIBRATION, 3, 2**32 - 1)
    with pytest.raises(ValueError, match="at most 65536 bins without rows"):
        fastsmote.StreamingCalibration.from_bytes(data)
    many = fastsmote.StreamingCalibration(n_bins=70_000)
    assert fastsmote.StreamingCalibration.from_bytes(many.to_bytes()).to_bytes() == many.to_bytes()


@pytest.mark.parametrize("weighted", [False, True])
def test_sums_that_no_rows_have__D4(weighted):
    """A later result would divide by zero, or leave its range."""
    stream = fastsmote.StreamingCalibration(n_bins=2).update(
        Y, P, [1.5, 2.0, 0.25, 3.0] if weighted else None
    )
    data = stream.to_bytes()
    width = CALIBRATION.unpack_from(data)[4]
    sums = data[CALIBRATION.size + 4 : -4]
    for place in range(18):  # of each bin and class w, w * w, w * p and the loss; then w and the log loss
        at = slice(place * width, (place + 1) * width)
        value = int.from_bytes(sums[at], "little")
        is_weight = place == 16 or (place < 16 and place % 4 < 2)
        for other in (0, 2 * value, 256**width - 1) if is_weight else (256**width - 1,):
            if other == value:
                continue
            body = sums[: at.start] + other.to_bytes(width, "little") + sums[at.stop :]
            with pytest.raises(ValueError, match="sums that rows can have"):
                fastsmote.StreamingCalibration.from_bytes(changed(stream, CALIBRATION, body=body))


@pytest.mark.parametrize("data", [None, 3, "text", np.zeros(40, np.uint8), [1, 2]])
def test_no_bytes__D4(data):
    for kind in (fastsmote.StreamingSweep, fastsmote.StreamingCalibration):
        with pytest.raises(TypeError, match=f"data must be bytes, as {kind.__name__}.to_bytes"):
            kind.from_bytes(data)
