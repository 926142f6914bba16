"""Venn-Abers by definition: isotonic regression with one more row, in fractions."""

from fractions import Fraction


def isotonic(rows):
    """Fitted value by score, of (score, label) rows: pools adjacent violators."""
    blocks = []
    for score in sorted({score for score, _ in rows}):
        labels = [label for other, label in rows if other == score]
        blocks.append([[score], sum(labels), len(labels)])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            scores, hits, n = blocks.pop()
            blocks[-1] = [blocks[-1][0] + scores, blocks[-1][1] + hits, blocks[-1][2] + n]
    return {score: Fraction(hits, n) for scores, hits, n in blocks for score in scores}


def interval(rows, score):
    """What the score gets as a negative and as a positive."""
    return tuple(isotonic([*rows, (score, label)])[score] for label in (0, 1))
