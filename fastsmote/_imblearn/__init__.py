"""The classes behind ``fastsmote.imblearn``, and the patch."""
