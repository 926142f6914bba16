"""The commands of ``fastsmote``: one module each, and what they share."""
