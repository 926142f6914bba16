"""The drop-in classes: samplers, and ensembles."""

import fastsmote.imblearn

ENSEMBLES = [name for name in fastsmote.imblearn.__all__ if name.endswith("Classifier")]
SAMPLERS = [name for name in fastsmote.imblearn.__all__ if name not in ENSEMBLES]
