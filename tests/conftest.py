"""Profiles of hypothesis: the default searches alike each time, HYPOTHESIS_PROFILE=thorough long and anew."""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

slow_first_call = [HealthCheck.too_slow]  # kernels compile in the first example
settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=25, suppress_health_check=slow_first_call
)
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=slow_first_call)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def ctrl_c():
    """SIGINT raises KeyboardInterrupt, also where pytest was started with it ignored (in the background)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
