"""Philox 4x32-10 with Python integers (Salmon et al., SC'11, doi:10.1145/2063384.2063405)."""

MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
WEYL = 0x9E3779B9, 0xBB67AE85
WORD = 2**32


def philox4x32(counter, key, rounds=10):
    """Four 32-bit words for a counter of four words and a key of two."""
    x = list(counter)
    k = list(key)
    for _ in range(rounds):
        high0, low0 = divmod(MULTIPLIERS[0] * x[0], WORD)
        high1, low1 = divmod(MULTIPLIERS[1] * x[2], WORD)
        x = [high1 ^ x[1] ^ k[0], low1, high0 ^ x[3] ^ k[1], low0]
        k = [(word + step) % WORD for word, step in zip(k, WEYL, strict=True)]
    return tuple(x)


def draw(seed, stream, row, index):
    """Two 64-bit words of a (stream, row, index) under a 64-bit seed."""
    words = philox4x32((row % WORD, row // WORD, stream, index), (seed % WORD, seed // WORD))
    return words[0] * WORD + words[1], words[2] * WORD + words[3]


def below(word, n):
    """The 64-bit word scaled to 0..n-1."""
    return word * n // 2**64


def unit(word):
    """The upper 53 bits of the word as a fraction of one."""
    return (word // 2**11) / 2**53
