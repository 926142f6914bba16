"""What is said of names that are there for rows in memory alone."""

import fastsmote
from fastsmote._core.foreign import ON_BLOCKS
from fastsmote._sampling.registry import SAMPLERS

_COMPUTED = "on what is computed: X.compute(), y.compute()"


def absent(module: str, name: str) -> AttributeError:
    """The error for a name that a module of Dask has not."""
    text = f"module {module!r} has no attribute {name!r}"
    home = module.removeprefix("fastsmote.dask").removeprefix(".")
    whole = f"fastsmote.{home}.{name}" if home else f"fastsmote.{name}"
    if name in SAMPLERS and (not home or SAMPLERS[name].decision == home):
        known = sorted(one for one in ON_BLOCKS if not home or SAMPLERS[one].decision == home)
        return AttributeError(
            f"{text}: it needs all rows in memory. Call {whole} {_COMPUTED}; or one that is here: "
            f"{', '.join(known)}."
        )
    if not home and not name.startswith("_") and callable(getattr(fastsmote, name, None)):
        return AttributeError(f"{text}: it works in memory. Call {whole} {_COMPUTED}.")
    return AttributeError(text)
