"""The parts of ``fastsmote.plot``."""
