"""Over-sampling in the user's container: decide, then apply."""

from fastsmote.oversample._nominal import smoten, smotenc
from fastsmote.oversample._numbers import adasyn, random_over_sample, smote

__all__ = ["adasyn", "random_over_sample", "smote", "smoten", "smotenc"]
