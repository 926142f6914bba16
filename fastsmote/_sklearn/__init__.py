"""The estimators behind ``fastsmote.sklearn``."""
