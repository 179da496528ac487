"""Measure fifty people at once on the Create screen: `python benchmarks/sessions.py [SESSIONS]`.

Each session is a websocket that speaks as the browser does: it connects, asks for the screen and
takes everything in until the script has finished; drawing in a browser is not part of it. Prints,
for the app and for a bare script with stock settings (the smallest page that Streamlit can draw):
- seconds until the screen was there, p50 and p95 of all sessions, which connect at the same moment;
- milliseconds of a rerun (another number of takes) while all sessions stay connected, one person at
  a time, and with all of them at the same moment.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.app_process import running_app

from benchmarks.screens import bare_app

SESSIONS = 50
FINISHED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)
# Measured with 50 sessions on two cores; the page of the reruns was a small one.
EARLIER = """
as measured before for a small page, on two cores    stock        tuned
  first render, 50 at once                         16.40 s       0.54 s
  rerun                                             80 ms        12 ms
"""


@dataclass
class Session:
    """One person's connection.

    Attributes:
        connection: the websocket.
        takes: the id of the number field, found when the screen was drawn.
        fragment: the id of the fragment that the field stands in; "" if it stands in none.
    """

    connection: ClientConnection
    takes: str = ""
    fragment: str = ""

    async def open_screen(self) -> None:
        """Ask for the screen and take it in."""
        await self._run(ClientState())

    async def change_takes(self, number: int) -> float:
        """Change the number of takes; the milliseconds until the screen is drawn anew."""
        state = ClientState(fragment_id=self.fragment)
        state.widget_states.widgets.add(id=self.takes, int_value=number)
        start = time.perf_counter()
        labels = await self._run(state)
        took = 1000 * (time.perf_counter() - start)
        if not any(f"Make {number} tracks" in label for label in labels):
            raise RuntimeError(f"the button does not say {number} tracks: {labels}")
        return took

    async def _run(self, state: ClientState) -> list[str]:
        """Have the script run, take everything in; the labels of the buttons."""
        await self.connection.send(BackMsg(rerun_script=state).SerializeToString())
        labels = []
        async for data in self.connection:
            message = ForwardMsg.FromString(bytes(data))  # type: ignore[arg-type]  # never text
            if message.WhichOneof("type") == "script_finished":
                if message.script_finished in FINISHED:
                    break
                raise RuntimeError("the script did not run to its end")
            element = message.delta.new_element
            match element.WhichOneof("type"):
                case "number_input":
                    self.takes = element.number_input.id
                    self.fragment = message.delta.fragment_id
                case "button":
                    labels.append(element.button.label)
                case _:
                    pass
        return labels


@dataclass(frozen=True)
class Figures:
    """What was measured: seconds of the first render, milliseconds of reruns."""

    first_s: list[float]
    alone_ms: list[float]
    together_ms: list[float]


async def measure(url: str, count: int) -> Figures:
    """Connect all at once, then change a field one after the other, then all at once."""
    await _visit(url)  # what only the very first visitor of a process pays is measured elsewhere
    start = time.perf_counter()
    opened = await asyncio.gather(*(_timed(_visit(url), start) for _ in range(count)))
    sessions = [session for session, _ in opened]
    alone = [await session.change_takes(2) for session in sessions]
    together = await asyncio.gather(*(session.change_takes(3) for session in sessions))
    await asyncio.gather(*(session.connection.close() for session in sessions))
    return Figures([seconds for _, seconds in opened], alone, list(together))


async def _visit(url: str) -> Session:
    connection = await connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")],
        origin=url,  # type: ignore[arg-type]  # a NewType of str
        max_size=None,
        open_timeout=120,
        ping_interval=None,
    )
    session = Session(connection)
    await session.open_screen()
    return session


async def _timed(visit: Awaitable[Session], start: float) -> tuple[Session, float]:
    return await visit, time.perf_counter() - start


def tell(name: str, figures: Figures) -> None:
    """Print one side."""
    print(
        f"{name:28} first render p50 {_at(figures.first_s, 50):6.2f} s  "
        f"p95 {_at(figures.first_s, 95):6.2f} s   rerun p50 {_at(figures.alone_ms, 50):6.1f} ms  "
        f"p95 {_at(figures.alone_ms, 95):6.1f} ms   "
        f"all at once p50 {_at(figures.together_ms, 50):7.1f} ms"
    )


def _at(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS
    print(f"{count} sessions")
    with tempfile.TemporaryDirectory() as home:
        with running_app(Path(home)) as app:
            tell("Create", asyncio.run(measure(app.url, count)))
        with bare_app(Path(home)) as url:
            tell("bare script, stock settings", asyncio.run(measure(url, count)))
    print(EARLIER)


if __name__ == "__main__":
    main()
