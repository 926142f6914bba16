"""What fuzzers do to arrays, numbers and bytes."""

import numpy as np

INTEGERS = [-(2**63), -(2**31), -2, -1, 0, 1, 2, 59, 60, 61, 2**31, 2**32, 10**9, 2**62, 2**63 - 1]
FLOATS = [-np.inf, -1e308, -2.0, -0.0, 0.0, 5e-324, 0.5, 1.0, 1.5, 1e308, np.inf, np.nan]
OTHERS = [None, "text", 3, 2.5, [0, 1, 2], {}, (), b"bytes", True]


def attempt(work, *arguments, errors=(ValueError, TypeError)):
    """What comes back, None after an error that says something; every other error is one of the package."""
    try:
        return work(*arguments)
    except errors as error:
        if len(str(error)) < 10:
            raise AssertionError(f"An error must say what is wrong. Got {error!r}.") from error
        return None


class Subclass(np.ndarray):
    pass


def element(array, rng):
    """Write something else into one place, in place; of one number or of a hostile one."""
    if not array.size or array.dtype.kind not in "biuf":
        return
    place = tuple(int(rng.integers(size)) for size in array.shape)
    if rng.random() < 0.4:
        array[place] = array[tuple(int(rng.integers(size)) for size in array.shape)]
    elif array.dtype.kind == "f":
        with np.errstate(over="ignore"):
            array[place] = FLOATS[rng.integers(len(FLOATS))]
    elif array.dtype.kind == "b":
        array[place] = not array[place]
    else:
        limits = np.iinfo(array.dtype)
        value = INTEGERS[rng.integers(len(INTEGERS))]
        array[place] = min(max(value, limits.min), limits.max)


def another(array, rng):
    """An array in its place: of another length, shape, type, class, layout, or no array at all."""
    array = np.atleast_1d(array)
    ways = [
        lambda: array[:-1],
        lambda: array[: len(array) // 2],
        lambda: array[:0],
        lambda: np.concatenate([array, array]),
        lambda: np.concatenate([array, array[-1:]]),
        lambda: array.reshape(-1, 1),
        lambda: array.T,
        lambda: array[::-1],
        lambda: np.repeat(array, 2, axis=0)[::2],
        lambda: array.astype(array.dtype.newbyteorder()),
        lambda: array.astype(np.float32 if array.dtype.kind == "f" else np.int32),
        lambda: array.astype(np.float64),
        lambda: array.astype(object),
        lambda: array.astype("S9"),
        lambda: array.view(Subclass),
        lambda: np.ma.array(array),
        array.tolist,
        lambda: np.array(7),
        lambda: OTHERS[rng.integers(len(OTHERS))],
        lambda: _unaligned(array),
        lambda: _read_only(array),
    ]
    with np.errstate(over="ignore", invalid="ignore"):
        return ways[rng.integers(len(ways))]()


def _unaligned(array):
    memory = np.empty(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    memory[...] = array
    return memory


def _read_only(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def number(value, rng):
    """Something in the place of a number."""
    near = [value - 1, value + 1, 0, -1] if isinstance(value, int | float) else [3]
    pool = [*near, *INTEGERS, *FLOATS, *OTHERS, np.int64(3), np.float64(3.0)]
    return pool[rng.integers(len(pool))]


def damaged(data, rng):
    """Bytes with some flipped, cut out, doubled or cut off."""
    data = bytearray(data)
    for _ in range(int(rng.integers(1, 4))):
        at, way = int(rng.integers(len(data))), rng.integers(4)
        if way == 0:
            data[at] ^= 1 << int(rng.integers(8))
        elif way == 1:
            data[at] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF]))
        elif way == 2:
            del data[at : at + int(rng.integers(1, 9))]
        else:
            data[at:at] = data[at : at + int(rng.integers(1, 9))]
        if not data:
            break
    return bytes(data)
