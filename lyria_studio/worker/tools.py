"""What polling and delivering both work with."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from lyria_studio.library import Library
from lyria_studio.worker.clients import Clients
from lyria_studio.worker.decide import Timing


@dataclass(frozen=True, slots=True)
class Tools:
    """The library, the gateways and the rules of one worker.

    Attributes:
        library: where the generations are.
        clients: the gateways' clients, by key.
        tracks: folder with one folder for each generation.
        timing: how patient to be.
        rng: for jitter.
    """

    library: Library
    clients: Clients
    tracks: Path
    timing: Timing
    rng: random.Random = field(default_factory=random.Random)

    def time_in(self, seconds: float) -> datetime:
        """Return the time after this many seconds, by the library's clock."""
        return self.library.now() + timedelta(seconds=seconds)
