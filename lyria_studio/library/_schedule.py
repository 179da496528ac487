"""When to act on what: due times, the start after a crash, and keys that come back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from lyria_core import Charge
from lyria_studio.library._store import SETTLE_ADVICE, Store
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Due, Generation
from lyria_studio.model.states import State

__all__ = ["Schedule"]


class Schedule(Store):
    """The part of the library that tells the worker what to do next."""

    def due(self, now: datetime | None = None, limit: int = 1000) -> list[Due]:
        """The generations to act on, the longest overdue first.

        Nothing that is being submitted, and nothing that waits for its key.
        """
        now = now or self._clock()
        columns = (generations.c.id, generations.c.state, generations.c.next_attempt_at)
        statement = (
            select(*columns)
            .where(generations.c.next_attempt_at <= now)
            .order_by(generations.c.next_attempt_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [Due(*row) for row in connection.execute(statement)]

    def interrupted(self) -> list[str]:
        """Call once at start: whatever was being submitted when the app died is never sent again.

        A row whose request id is known (a callback was quicker than the answer) is looked at;
        any other becomes UNKNOWN.

        Returns:
            The ids of the rows that were found.
        """
        with self._database.write() as connection:
            rows = connection.execute(
                select(generations.c.id, generations.c.request_id)
                .where(generations.c.state == State.SUBMITTING)
                .with_for_update()
            ).all()
            for generation_id, request_id in rows:
                if request_id is not None:
                    self._queued(connection, generation_id, {State.SUBMITTING})
                else:
                    self._move(
                        connection,
                        generation_id,
                        State.UNKNOWN,
                        {State.SUBMITTING},
                        charge=Charge.MAYBE,
                        error="The app was stopped while this order was being sent, so nobody "
                        "knows whether the gateway took it; it may have been charged.",
                        advice=SETTLE_ADVICE,
                    )
            return [generation_id for generation_id, _ in rows]

    def wait_for_key(self, generation_id: str) -> Generation | None:
        """Nothing can be done until its key is given again: it is not due any more, and says so.

        Only where a key is needed: None for one that is being fetched, which needs none.
        """
        with self._database.write() as connection:
            if not self._change(
                connection,
                generation_id,
                {State.INTENDED, State.QUEUED, State.PROCESSING},
                waiting_for_key=True,
                next_attempt_at=None,
            ):
                return None
            return self._get(connection, generation_id)

    def key_arrived(self, fingerprint: str, gateway: str) -> int:
        """The key with this fingerprint is in memory again: what waited for it is due now.

        Returns:
            How many generations go on.
        """
        now = self._clock()
        with self._database.write() as connection:
            result = connection.execute(
                update(generations)
                .where(
                    generations.c.waiting_for_key,
                    generations.c.key_fingerprint == fingerprint,
                    generations.c.gateway == gateway,
                )
                .values(waiting_for_key=False, next_attempt_at=now, updated_at=now)
            )
            return int(result.rowcount)
