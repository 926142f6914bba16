"""Counts of classes that have given shares, by trying which class keeps all its rows."""

from fractions import Fraction


def counts_with_shares(counts, shares, grow):
    """Counts with these shares (fractions that add up to 1), none below (grow) or above the counts now."""
    for kept, share in zip(counts, shares, strict=True):
        exact = [Fraction(kept) / share * other for other in shares]
        if all(new >= old if grow else new <= old for new, old in zip(exact, counts, strict=True)):
            return [round(new) for new in exact]
    raise AssertionError("one class always can")
