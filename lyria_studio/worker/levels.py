"""Measures loudness and true peak of tracks that can be played already."""

import logging
import threading

from lyria_studio.audio import SILENCE_DBTP, UnreadableAudioError, measure
from lyria_studio.events import Events
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation

log = logging.getLogger(__name__)


class Levels:
    """Measures levels in the background. Safe to use from many threads."""

    def __init__(self, library: Library, events: Events, stopping: threading.Event) -> None:
        """Prepare.

        Args:
            library: where the tracks are.
            events: told when a generation's tracks are measured.
            stopping: no more is measured once it is set; the next start goes on.
        """
        self._library = library
        self._events = events
        self._stopping = stopping

    def measure(self, generation: Generation) -> None:
        """Measure the tracks of a generation that lack levels, and publish it."""
        changed = False
        for track in generation.tracks:
            if self._stopping.is_set() or not track.lacks_levels:
                continue
            try:
                found = measure(track.path)
            except (OSError, UnreadableAudioError) as error:
                log.warning("A track could not be measured: %s.", type(error).__name__)
                continue
            # Silence is noted too, or every start would measure it again.
            peak = SILENCE_DBTP if found.true_peak_dbtp is None else found.true_peak_dbtp
            self._library.tracks.note_levels(
                track.id, loudness_lufs=found.loudness_lufs, true_peak_dbtp=peak
            )
            changed = True
        if changed:
            self._events.publish(generation.id, generation.state)

    def resume(self) -> None:
        """Measure what a stop or a crash left unmeasured."""
        for generation_id in self._library.tracks.without_levels():
            generation = self._library.tracks.find(generation_id)
            if generation is not None:
                self.measure(generation)
