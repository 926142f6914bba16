"""Streams of calibration as bytes: round trips, merging, damage."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastsmote.calibration import StreamingCalibration

ROWS = st.lists(
    st.tuples(
        st.booleans(),
        st.floats(0, 1) | st.sampled_from([0.0, 1.0, 5e-324]),
        st.just(0.0) | st.floats(1e-75, 1e75),
    ),
    max_size=30,
)


def stream(rows, weighted=True, n_bins=3, pos_label=None):
    made = StreamingCalibration(n_bins=n_bins, pos_label=pos_label)
    y, p, w = (np.array(part) for part in zip(*rows, strict=True)) if rows else ([], [], [])
    return made.update(y, p, w if weighted else None)


def results(one):
    """All that a stream tells, as bytes: NaN equals NaN."""
    curve = one.compute()
    numbers = [
        one.brier_score(), one.log_loss(), one.expected_calibration_error(),
        one.expected_calibration_error(debiased=True), *one.brier_decomposition(),
    ]  # fmt: skip
    return [np.asarray(part).tobytes() for part in (*curve, *numbers)]


@given(ROWS, ROWS, st.booleans(), st.booleans())
def test_restored_streams_merge_bit_by_bit(first, second, weighted, also):
    one, two = stream(first, weighted), stream(second, also)
    bytes_one, bytes_two = one.to_bytes(), two.to_bytes()
    restored = [StreamingCalibration.from_bytes(data) for data in (bytes_one, bytes_two)]
    assert [again.to_bytes() for again in restored] == [bytes_one, bytes_two]
    assert results(restored[0]) == results(one)
    merged = restored[0].merge(restored[1])
    assert results(merged) == results(one.merge(two))
    assert merged.to_bytes() == one.to_bytes()


def test_restored_streams_go_on():
    rng = np.random.default_rng(0)
    p = rng.random(5000)
    y = rng.random(5000) < p
    whole = StreamingCalibration(n_bins=7).update(y, p)
    half = StreamingCalibration(n_bins=7).update(y[:2000], p[:2000])
    restored = StreamingCalibration.from_bytes(half.to_bytes()).update(y[2000:], p[2000:])
    assert results(restored) == results(whole)
    turned = StreamingCalibration(n_bins=7).update(y[::-1], p[::-1])
    assert turned.to_bytes() == whole.to_bytes()


@pytest.mark.parametrize("label", [None, 0, 1, 1.0, True, "fraud", "\u00e9", np.int64(1), np.str_("b")])
def test_labels_come_back(label):
    restored = StreamingCalibration.from_bytes(StreamingCalibration(pos_label=label).to_bytes())
    plain = label.item() if isinstance(label, np.generic) else label
    assert f"\n  pos_label: {plain!r}\n  bins: 10" in repr(restored)
    restored.merge(StreamingCalibration(pos_label=label))


def test_layout():
    """Header, label, unsigned integers in units of 2**-1088 and checksum, as documented for version 1."""
    data = stream([(True, 0.75, 2.0)], n_bins=1, pos_label="b").to_bytes()
    magic, version, weighted, n_bins, width, n_label = struct.unpack_from("<8sHHIII", data)
    assert (magic, version, weighted, n_bins, n_label) == (b"FSCALIB\0", 1, 1, 1, 3)
    assert data[24 : 24 + n_label] == b'"b"'
    assert len(data) == 24 + n_label + 10 * width + 4
    assert zlib.crc32(data[:-4]) == int.from_bytes(data[-4:], "little")
    integers = [
        int.from_bytes(data[at : at + width], "little") for at in range(24 + n_label, len(data) - 4, width)
    ]
    assert 2 << 1088 in integers  # the weight
    assert 3 << 1087 in integers  # weight times probability


def test_damage_is_found():
    data = stream([(True, 0.75, 2.0), (False, 0.1, 1.0)]).to_bytes()
    for at in range(8, len(data)):
        if at not in (8, 9):  # the version
            damaged = bytearray(data)
            damaged[at] ^= 1
            with pytest.raises(ValueError, match="damaged or cut"):
                StreamingCalibration.from_bytes(bytes(damaged))
    for wrong in (data[:-1], data + b"0", data[:40]):
        with pytest.raises(ValueError, match="damaged or cut"):
            StreamingCalibration.from_bytes(wrong)
    for wrong in (b"", b"FSCALIB\0", b"FSSWEEP\0" + data[8:], b"no stream" * 9):
        with pytest.raises(ValueError, match=r"must come from StreamingCalibration.to_bytes"):
            StreamingCalibration.from_bytes(wrong)
    later = data[:8] + struct.pack("<H", 2) + data[10:-4]
    with pytest.raises(ValueError, match=r"version 1 or earlier. Got version 2; update fastsmote"):
        StreamingCalibration.from_bytes(later + zlib.crc32(later).to_bytes(4, "little"))


def test_nan_is_no_label():
    for label in (float("nan"), np.float32("nan")):
        with pytest.raises(ValueError, match="pos_label must be a label, which NaN never equals"):
            StreamingCalibration(pos_label=label)
