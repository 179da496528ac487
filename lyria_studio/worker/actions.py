"""What is done to a generation: submit it, poll it, fetch its files.

All find in the generation's row all they need and leave the outcome there, so either may be called
by anybody, at any time, any number of times: the row's compare-and-set moves let one caller win.
"""

import random
import threading
from collections.abc import Callable
from pathlib import Path

from lyria_core import Webhook
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.worker.clients import Clients
from lyria_studio.worker.decide import Timing
from lyria_studio.worker.deliver import Deliveries
from lyria_studio.worker.looks import Looks
from lyria_studio.worker.rescue import Rescue
from lyria_studio.worker.submits import Submits


class Actions:
    """Submits generations, polls them and fetches their files. Safe to use from many threads."""

    def __init__(
        self,
        library: Library,
        clients: Clients,
        rescue: Rescue,
        tracks: Path,
        *,
        webhook_for: Callable[[Generation], Webhook | None],
        slow_down: Callable[[Generation, float | None], None],
        timing: Timing,
        stopping: threading.Event,
    ) -> None:
        """Prepare.

        Args:
            library: where the rows are.
            clients: the gateways' clients, by key.
            rescue: where a request id goes that the library would not take.
            tracks: folder with one folder for each generation.
            webhook_for: where the gateway shall call back about a generation; None: nowhere.
            slow_down: told after every submit: the seconds for which all submits to the same
                gateway shall rest, or None if it was taken.
            timing: how patient to be.
            stopping: set when the process wants to end.
        """
        rng = random.Random()
        self._looks = Looks(library, clients, tracks, timing, rng)
        self._deliveries = Deliveries(library, clients, tracks, timing, rng)
        self._submits = Submits(
            library,
            clients,
            rescue,
            first_look_s=self._looks.first_look_s,
            seen=self._looks.seen,
            webhook_for=webhook_for,
            slow_down=slow_down,
            stopping=stopping,
        )

        self.submit = self._submits.submit
        self.poll = self._looks.look
        self.deliver = self._deliveries.deliver
