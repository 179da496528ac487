"""Score the sandbox's composer over fixed prompts in all genres.

    python -m benchmarks.composer_scorecard [--only NAME ...] [--picture FILE] [--json FILE]
                                            [--seeds N]
    python -m benchmarks.composer_scorecard --files DIR --json FILE

Each prompt is rendered once with seed 7, decoded again and measured on its samples alone. Behind a
slash stand the figures of an earlier draft of the composer on the same prompts, measured by the
same listener (`composer_baseline.json`, made by the second form: it scores the files NAME.audio of
a directory, beside each a NAME.json with what their maker says of it).

Below that stand how much N takes of a prompt differ and rise, and the share of understood facts.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from scipy import signal

from benchmarks.composer_figures import Figures, Recording, Told, measure
from benchmarks.composer_summary import summarise
from benchmarks.composer_takes import SEEDS
from benchmarks.composer_takes import table as takes_table
from benchmarks.composer_understanding import meanings, table
from benchmarks.composer_understanding import measure as measure_understanding
from lyria_sandbox.composer import Order, render, warm

HERE = Path(__file__).parent
SEED = 7
HEAD = (
    "name       genre        bpm  off          key      heard       LUFS          dBTP        "
    " outside >6k dB  gaps cl cp  bounds    LRA     contrast width     s/min"
)


def pieces(
    entries: dict[str, Any], files: Path | None
) -> Iterator[tuple[str, dict[str, Any], bytes, Told]]:
    """Yield the name, the prompt's entry, the file and what its maker says of it."""
    for name, entry in entries.items():
        if files:
            told = json.loads((files / f"{name}.json").read_text())
            audio = (files / f"{name}.audio").read_bytes()
        else:
            before = cpu_seconds()
            made = render(Order(entry["model"], entry["prompt"], seed=SEED))
            told, audio = {**made.understood, "cpu_s": cpu_seconds() - before}, made.audio
        yield name, entry, audio, Told(**{key: told[key] for key in Told.__annotations__})


def cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def show(row: Figures, other: Figures | None) -> None:
    def both(form: str, width: int, of: Any) -> str:
        text = format(of(row), form) + (f"/{of(other):{form}}" if other else "")
        return f"{text:{width}s}"

    def off(figures: Figures) -> str:
        return f"{figures.tempo_off:+.1f}" if figures.beat == "same" else figures.beat

    print(
        f"{row.name:10.10s} {row.genre:12.12s} {row.tempo_bpm:3.0f}  {both('', 12, off)} "
        f"{row.key:8s} {row.key_found:8s} "
        f"{both('.2f', 13, lambda f: f.loudness_lufs)} "
        f"{both('.2f', 12, lambda f: f.true_peak_dbtp)} "
        f"{both('d', 7, lambda f: bands_outside(f))} {both('.0f', 7, lambda f: f.air_db)} "
        f"{both('d', 4, lambda f: len(f.gaps))} {row.clicks:2d} {row.clipped:2d}  "
        f"{both('.2f', 9, lambda f: float(np.median(f.boundaries or [0.0])))} "
        f"{both('.1f', 7, lambda f: f.range_lu)} {both('.1f', 8, lambda f: f.contrast_lu)} "
        f"{both('.0f', 7, lambda f: f.side_db)} {both('.1f', 7, lambda f: f.cpu_s_per_minute)}",
        flush=True,
    )


def bands_outside(figures: Figures) -> int:
    return sum(abs(db) >= 0.05 for db in figures.outside_db)


def tile(row: Figures, heard: Recording, size: tuple[int, int] = (300, 130)) -> Image.Image:
    """Draw a spectrogram from 40 Hz to 16 kHz, and over it the loudness."""
    mono = heard.sound.mean(axis=1)
    freqs, _, power = signal.spectrogram(mono, heard.rate, nperseg=4096)
    rows = np.geomspace(16_000, 40, size[1])
    picked = power[np.searchsorted(freqs, rows).clip(0, len(freqs) - 1)]
    columns = np.linspace(0, power.shape[1] - 1, size[0]).astype(int)
    level = np.clip((10 * np.log10(picked[:, columns] + 1e-12) + 100) / 65, 0, 1)
    colours = np.stack([level**0.7 * 255, level**1.6 * 230, (0.25 + 0.5 * level) * 255 * level], -1)
    image = Image.fromarray(colours.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    parts = np.array_split(mono, size[0])
    loud = [20 * np.log10(float(np.sqrt((part**2).mean())) + 1e-6) for part in parts]
    points = [(x, -db / 48 * size[1]) for x, db in enumerate(loud)]
    draw.line(points, fill=(255, 255, 255))
    draw.text((4, 2), f"{row.name}: {row.genre}, {row.tempo_bpm:.0f}", fill=(255, 255, 255))
    return image


def sheet(tiles: list[Image.Image], columns: int = 6) -> Image.Image:
    """Lay the tiles out in one picture."""
    width, height = tiles[0].size
    whole = Image.new("RGB", (columns * width, -(-len(tiles) // columns) * height))
    for index, image in enumerate(tiles):
        whole.paste(image, ((index % columns) * width, index // columns * height))
    return whole


def memory_of_a_song() -> int:
    """Render three minutes in a process of its own and return its peak memory in MB (Linux)."""
    script = (
        "from pathlib import Path; from lyria_sandbox.composer import Order, render\n"
        "render(Order('lyria-3-pro', 'orchestral pop with choir and guitars, 3 minutes'))\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return int(done.stdout) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="names of prompts")
    parser.add_argument("--files", type=Path, help="score these files instead of rendering")
    parser.add_argument("--picture", type=Path, help="draw all spectrograms into this PNG")
    parser.add_argument("--json", type=Path, help="write the figures")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="takes of a prompt; 0: none")
    args = parser.parse_args()
    entries = json.loads((HERE / "composer_prompts.json").read_text())
    chosen = {name: e for name, e in entries.items() if not args.only or name in args.only}
    others: dict[str, Figures] = {}
    if not args.files:
        baseline = json.loads((HERE / "composer_baseline.json").read_text())
        others = {row["name"]: Figures(**row) for row in baseline}
        warm()
    print(HEAD)
    rows: list[Figures] = []
    tiles: list[Image.Image] = []
    for name, entry, audio, told in pieces(chosen, args.files):
        row = measure(name, entry["prompt"], entry["group"], audio, told)
        show(row, others.get(name))
        rows.append(row)
        if args.picture:
            tiles.append(tile(row, Recording.of(audio)))
        if args.json:
            args.json.write_text(json.dumps([row.rounded() for row in rows]))
    print(summarise(rows, [others[row.name] for row in rows if row.name in others]))
    if not args.files:
        if args.seeds:
            print(*takes_table(args.seeds), sep="\n", flush=True)
        print(table(measure_understanding(meanings())))
        print(f"peak memory for three minutes: {memory_of_a_song()} MB")
    if args.picture:
        sheet(tiles).save(args.picture)


if __name__ == "__main__":
    main()
