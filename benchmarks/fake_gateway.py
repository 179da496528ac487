"""A gateway for benchmarks: takes every order and makes it in a realistic time, in its own process.

    python benchmarks/fake_gateway.py [--median 60] [--track-seconds 30]

Prints its address. ``GET /stats`` tells what it saw as JSON.
"""

import argparse
import asyncio
import io
import json
import math
import random
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np
import soundfile

SHORTEST_S, LONGEST_S = 15.0, 180.0


def track(seconds: float) -> bytes:
    """Make a stereo MP3 of pink-like noise, which costs as much to decode as music."""
    rng = np.random.default_rng(1)
    samples = np.cumsum(rng.normal(size=(int(44_100 * seconds), 2)), axis=0)
    samples -= np.linspace(0, 1, len(samples))[:, None] * samples[-1]
    samples *= 0.5 / np.abs(samples).max()
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, 44_100, format="MP3")
    return buffer.getvalue()


def timestamp(moment: float) -> str:
    """Write a time as the gateway's reference does."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


class Gateway:
    """The jobs, and what was seen of those who look at them."""

    def __init__(self, median_s: float, media: bytes) -> None:
        self.median_s = median_s
        self.media = media
        self.jobs: dict[str, dict[str, float]] = {}
        self.rng = random.Random(7)
        self.posts = self.looks = self.downloads = 0
        self.closest_looks_s = math.inf
        self.url = ""

    def submit(self, path: str) -> tuple[int, dict[str, Any]]:
        """Take an order."""
        self.posts += 1
        model = path.split("/")[1]
        request_id = f"{model}_{self.posts:08d}-benchmark"
        spread = self.rng.lognormvariate(math.log(self.median_s), 0.5)
        now = time.time()
        ends = now + min(max(spread, SHORTEST_S), LONGEST_S)
        self.jobs[request_id] = {"created": now, "ends": ends}
        return 202, {"request_id": request_id, "status": "QUEUED"}

    def status(self, request_id: str) -> tuple[int, dict[str, Any]]:
        """Answer a look."""
        self.looks += 1
        job, now = self.jobs[request_id], time.time()
        if "looked" in job:
            self.closest_looks_s = min(self.closest_looks_s, now - job["looked"])
        job["looked"] = now
        done = now >= job["ends"]
        if done:
            job.setdefault("noticed", now)
        url = f"{self.url}/media/{request_id}.mpeg"
        return 200, {
            "request_id": request_id,
            "status": "COMPLETED" if done else "PROCESSING",
            "model_id": request_id.partition("_")[0],
            "error": None,
            "output": {"media_url": [url], "media_type": "audio/mpeg"} if done else None,
            "created_at": timestamp(job["created"]),
            "updated_at": timestamp(now),
            "completed_at": timestamp(job["ends"]) if done else None,
        }

    def stats(self) -> tuple[int, dict[str, Any]]:
        """Tell what was seen."""
        lags = [job["noticed"] - job["ends"] for job in self.jobs.values() if "noticed" in job]
        return 200, {
            "posts": self.posts,
            "looks": self.looks,
            "downloads": self.downloads,
            "noticed": len(lags),
            "mean_lag_s": sum(lags) / len(lags) if lags else None,
            "closest_looks_s": self.closest_looks_s,
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                lines = request.decode("latin-1").split("\r\n")
                method, path, _ = lines[0].split(" ")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
                await reader.readexactly(int(headers.get("content-length", "0")))
                writer.write(self.answer(method, path))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, method: str, path: str) -> bytes:
        """Return a whole HTTP answer."""
        kind = "application/json"
        if path.startswith("/media/"):
            self.downloads += 1
            status, body, kind = 200, self.media, "audio/mpeg"
        else:
            if method == "POST":
                status, found = self.submit(path)
            elif path == "/stats":
                status, found = self.stats()
            else:
                status, found = self.status(path.rpartition("/")[2])
            body = json.dumps(found).encode()
        head = (
            f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def run(gateway: Gateway) -> None:
    """Serve until killed."""
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0, backlog=1024)
    gateway.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(gateway.url, flush=True)
    await server.serve_forever()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--median", type=float, default=60.0)
    parser.add_argument("--track-seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    asyncio.run(run(Gateway(arguments.median, track(arguments.track_seconds))))


if __name__ == "__main__":
    main()
