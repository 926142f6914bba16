"""Profiles of hypothesis: the default searches alike each time, HYPOTHESIS_PROFILE=thorough long and anew."""

import os

from hypothesis import HealthCheck, settings

slow_first_call = [HealthCheck.too_slow]  # kernels compile in the first example
settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=25, suppress_health_check=slow_first_call
)
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=slow_first_call)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
