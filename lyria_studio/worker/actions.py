"""The actions on a generation: submit it, poll it, fetch its files.

All find in the generation's row all they need and leave the outcome there, so either may be called
by anybody, at any time, any number of times: the row's compare-and-set moves let one caller win.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from lyria_core import Webhook
from lyria_studio.library import Library
from lyria_studio.model.generation import Due, Generation
from lyria_studio.worker.clients import Clients
from lyria_studio.worker.decide import Timing
from lyria_studio.worker.deliver import Deliveries
from lyria_studio.worker.poller import Poller
from lyria_studio.worker.rescue import Rescue
from lyria_studio.worker.submitter import Submitter
from lyria_studio.worker.tools import Tools


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
        after_submit: Callable[[Generation, float | None], None],
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
            after_submit: told after every submit: the seconds for which all submits to the same
                gateway shall rest, or None if it was taken.
            timing: how patient to be.
            stopping: set when the process wants to end.
        """
        self._library = library
        self._clients = clients
        tools = Tools(library, clients, tracks, timing)
        self._poller = Poller(tools)
        self._deliveries = Deliveries(tools)
        self._submitter = Submitter(
            library,
            clients,
            rescue,
            first_poll_s=self._poller.first_poll_s,
            store_answer=self._poller.store_answer,
            webhook_for=webhook_for,
            after_submit=after_submit,
            stopping=stopping,
        )

        self.submit = self._submitter.submit
        self.poll = self._poller.poll
        self.check_with_key = self._poller.check_with_key
        self.deliver = self._deliveries.deliver

    def keyed(self, unfinished: Sequence[Due]) -> list[Due]:
        """List what can go on; what needs a key that is not here says so from now on."""
        return [
            due
            for due in unfinished
            if self._clients.access(due) is not None
            or self._library.jobs.wait_for_key(due.id) is None
        ]
