"""The counter-based generator: published vectors, Python integers, moments."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference.kernels import philox as reference

from fastsmote._kernels import random

# Known answers of Philox 4x32-10 published with Random123 (kat_vectors): counter, key, result.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]

word32 = st.integers(0, 2**32 - 1)
word64 = st.integers(0, 2**64 - 1)


def words(text):
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_published_vectors(counter, key, expected):
    assert reference.philox4x32(words(counter), words(key)) == tuple(words(expected))
    actual = random.philox(*map(np.uint64, words(counter) + words(key)))
    assert [int(word) for word in actual] == words(expected)


@settings(deadline=None)  # the first example may compile the kernel
@given(seed=word64, stream=word32, row=word64, index=word32)
@example(seed=2**64 - 1, stream=2**32 - 1, row=2**64 - 1, index=2**32 - 1)
@example(seed=2**32, stream=0, row=2**32, index=0)
def test_draw_against_python_integers(seed, stream, row, index):
    expected = reference.draw(seed, stream, row, index)
    actual = random.draw(np.uint64(seed), np.uint64(stream), np.uint64(row), np.uint64(index))
    assert tuple(map(int, actual)) == expected


@settings(deadline=None)  # the first example may compile the kernel
@given(word=word64, n=st.integers(1, 2**63))
@example(word=2**64 - 1, n=1)
@example(word=2**64 - 1, n=2**63)
@example(word=0, n=2**63)
def test_below_against_python_integers(word, n):
    expected = reference.below(word, n)
    assert int(random.below(np.uint64(word), np.uint64(n))) == expected < n


@settings(deadline=None)  # the first example may compile the kernel
@given(word=word64)
@example(word=2**64 - 1)
@example(word=0)
def test_unit_against_python(word):
    expected = reference.unit(word)
    assert random.unit(np.uint64(word)) == expected < 1.0


def draws(n, seed=11):
    seed, stream, index = np.uint64(seed), np.uint64(0), np.uint64(0)
    return np.array([random.draw(seed, stream, np.uint64(row), index) for row in range(n)], np.uint64)


def test_moments():
    n = 20_000
    values = np.array([[random.unit(word) for word in pair] for pair in draws(n)])
    # five standard errors of the mean, variance and correlation of uniform numbers
    assert values.mean(axis=0) == pytest.approx([1 / 2] * 2, abs=5 / np.sqrt(12 * n))
    assert values.var(axis=0) == pytest.approx([1 / 12] * 2, abs=5 * np.sqrt(1 / 180 / n))
    assert abs(np.corrcoef(values.T)[0, 1]) < 5 / np.sqrt(n)
    assert abs(np.corrcoef(values[:-1, 0], values[1:, 0])[0, 1]) < 5 / np.sqrt(n)


def test_below_is_uniform():
    n, faces = 14_000, 7
    counts = np.bincount(
        [int(random.below(word, np.uint64(faces))) for word in draws(n)[:, 0]], minlength=faces
    )
    chi_square = float(((counts - n / faces) ** 2 / (n / faces)).sum())
    assert chi_square < 22.46  # the 0.999 quantile with 6 degrees of freedom


def test_each_bit_is_fair():
    n = 8_000
    bits = np.unpackbits(draws(n).view(np.uint8).reshape(n, 16), axis=1)
    share = bits.mean(axis=0)
    assert np.all(abs(share - 0.5) < 5 / (2 * np.sqrt(n)))
