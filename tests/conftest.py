"""What holds for all tests."""

from hypothesis import settings

# Speed is measured in benchmarks, and a busy machine is no mistake in the code.
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")
