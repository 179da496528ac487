"""Looks over real sockets at a gateway in a process of its own, whose clock runs faster."""

import asyncio
import http.client
import json
import multiprocessing
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

from benchmarks.polling_virtual import Gateway, Made, Pause
from lyria_core import LyriaClient, MusicRequest

# Orders leave one after the other, as clicks do.
BETWEEN_ORDERS_S = 1.0
EPOCH = datetime(2026, 6, 1, tzinfo=UTC)


def by_client(
    durations: Mapping[str, Sequence[float]], recent: Mapping[str, Sequence[float]], speed: float
) -> list[Made]:
    """Wait for jobs, all at once, with the client.

    Args:
        durations: how many seconds the jobs of each model take.
        recent: what the client is told of the recent durations of each model.
        speed: seconds on all clocks in a real second.
    """

    def clock() -> float:
        return time.monotonic() * speed

    def wait(number: int, model_id: str) -> None:
        time.sleep(number * BETWEEN_ORDERS_S / speed)
        job = client.submit(MusicRequest(model_id, "A benchmark waltz"))
        client.wait(job.request_id, recent_s=recent[model_id])

    jobs = [model_id for model_id, values in durations.items() for _ in values]
    with (
        served(durations, speed) as url,
        LyriaClient(
            "benchmark-key",
            base_url=url,
            clock=clock,
            sleep=lambda seconds: time.sleep(seconds / speed),
            now=lambda: EPOCH + timedelta(seconds=clock()),
        ) as client,
        ThreadPoolExecutor(len(jobs)) as pool,
    ):
        list(pool.map(wait, range(len(jobs)), jobs))
        return seen(url)


def by_loop(
    durations: Mapping[str, Sequence[float]], pause: Pause, threads: int, speed: float
) -> tuple[list[Made], float]:
    """Wait for jobs with a loop that sleeps and looks.

    Args:
        durations: how many seconds the jobs of each model take.
        pause: when to look.
        threads: how many jobs are waited for at once.
        speed: seconds on all clocks in a real second.

    Returns:
        The jobs, and the mean seconds that a look took, with what its sleep was too long.
    """
    trips: list[float] = []
    rng = random.Random(1)

    def wait(number: int, model_id: str) -> None:
        time.sleep(number % threads * BETWEEN_ORDERS_S / speed)
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        path = f"/{model_id}/v1/{model_id}/generate"
        path = f"/v2/requests/status/{ask(connection, 'POST', path)['request_id']}"
        looks, status = 0, ""
        while status != "COMPLETED":
            began, pause_s = time.monotonic(), pause(0.0, looks, (), rng)
            time.sleep(pause_s / speed)
            status = ask(connection, "GET", path)["status"]
            trips.append((time.monotonic() - began) * speed - pause_s)
            looks += 1
        connection.close()

    jobs = [model_id for model_id, values in durations.items() for _ in values]
    with served(durations, speed) as url, ThreadPoolExecutor(threads) as pool:
        list(pool.map(wait, range(len(jobs)), jobs))
        return seen(url), sum(trips) / len(trips)


def seen(url: str) -> list[Made]:
    """Ask a gateway what it saw."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    jobs = [Made(*values) for values in ask(connection, "GET", "/jobs")]
    connection.close()
    return jobs


def ask(connection: http.client.HTTPConnection, method: str, path: str) -> Any:
    """Return the decoded answer of a gateway."""
    connection.request(method, path)
    return json.loads(connection.getresponse().read())


@contextmanager
def served(durations: Mapping[str, Sequence[float]], speed: float) -> Iterator[str]:
    """Serve a gateway, and yield its address."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    arguments = (there, {name: list(values) for name, values in durations.items()}, speed)
    process = context.Process(target=_run, args=arguments, daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _run(pipe: Connection, durations: dict[str, list[float]], speed: float) -> None:
    asyncio.run(_Server(durations, speed).run(pipe))


class _Server:
    def __init__(self, durations: dict[str, list[float]], speed: float) -> None:
        self._gateway = Gateway()
        self._durations = {model_id: iter(values) for model_id, values in durations.items()}
        self._speed = speed

    async def run(self, pipe: Connection) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=256)
        pipe.send(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, path, _ = lines[0].split(" ")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
                await reader.readexactly(int(headers.get("content-length", "0")))
                body = json.dumps(self._answer(method, path)).encode()
                reason = "202 Accepted" if method == "POST" else "200 OK"
                head = f"HTTP/1.1 {reason}\r\nContent-Type: application/json\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, method: str, path: str) -> object:
        now = time.monotonic() * self._speed
        if method == "POST":
            model_id = path.split("/")[1]
            request_id = self._gateway.submit(model_id, next(self._durations[model_id]), now)
            return {"request_id": request_id, "status": "QUEUED"}
        if path == "/jobs":
            return [astuple(job) for job in self._gateway.jobs.values()]
        request_id = path.rpartition("/")[2]
        done, job = self._gateway.look(request_id, now), self._gateway.jobs[request_id]
        return {
            "request_id": request_id,
            "status": "COMPLETED" if done else "PROCESSING",
            "model_id": job.model_id,
            "error": None,
            "output": {"media_url": ["https://media.example/output.mpeg"]} if done else None,
            "created_at": (EPOCH + timedelta(seconds=job.created)).isoformat(),
            "completed_at": (EPOCH + timedelta(seconds=job.ends)).isoformat() if done else None,
        }
