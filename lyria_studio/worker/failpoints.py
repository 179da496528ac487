"""Places where a test may stop the process dead, to see what a restart makes of it.

Nothing happens unless the environment variable ``LYRIA_FAILPOINT`` names a place: then the process
kills itself there, at once and without any cleaning up, as a power cut would.
"""

import os
import signal

ENVIRONMENT_VARIABLE = "LYRIA_FAILPOINT"

_armed = os.environ.get(ENVIRONMENT_VARIABLE)


def failpoint(name: str) -> None:
    """Die here if this is the place that the environment names."""
    if _armed is not None and _armed == name:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
