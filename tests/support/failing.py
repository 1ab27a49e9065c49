"""Functions that fail so often, and a policy that does not wait."""

from loopai_nb import (
    RequestDeferred,
    RetryConfig,
)

AT_ONCE = RetryConfig(max_retries=3, base_delay=0)


class Flaky:
    """Fails with each of these errors, then returns what it was called with."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, *args, **kwargs):
        """One call."""
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return args, kwargs


def passing(n):
    """Errors that may pass."""
    return [RequestDeferred(f"busy {i}") for i in range(n)]
