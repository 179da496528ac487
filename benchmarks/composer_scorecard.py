"""Score the sandbox's composer over fixed prompts in all genres.

``python benchmarks/composer_scorecard.py [--only NAME ...] [--picture FILE] [--json FILE]``

Each prompt is rendered once with seed 7, decoded again and measured on its samples alone. Where an
earlier draft of the composer published figures for the same prompt, they stand behind a slash.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from scipy import signal

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support.listen import BANDS_HZ, Recording, distance  # noqa: E402

from lyria_sandbox.composer import Order, render, warm  # noqa: E402
from lyria_sandbox.composer.sound.equalizer import octave_levels  # noqa: E402
from lyria_sandbox.composer.tables.genres import GENRES  # noqa: E402
from lyria_sandbox.composer.tables.tones import TONES  # noqa: E402

SEED = 7
FLATS = {"Db": "C#", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}
MINOR = {"minor", "dorian", "phrygian"}


@dataclass
class Row:
    """What was measured on one prompt."""

    name: str
    genre: str
    tempo_bpm: float
    tempo_measured: float
    key: str
    key_measured: str
    loudness_lufs: float
    true_peak_dbtp: float
    tone_error_db: float
    air_db: float
    correlation: float
    gaps: list[tuple[float, float]]
    clicks: int
    clipped: int
    seconds: float
    cpu_s: float

    @property
    def tempo_error(self) -> str:
        """The deviation, or how the beat was counted where it was halved or doubled."""
        ratio = self.tempo_measured / self.tempo_bpm
        for factor, sign in ((2.0, "x2"), (0.5, "/2"), (1.5, "x3/2"), (2 / 3, "x2/3")):
            if abs(ratio / factor - 1) < 0.01:
                return sign
        return f"{self.tempo_measured - self.tempo_bpm:+.2f}"

    @property
    def key_found(self) -> str:
        """How the measured key relates to the one played."""
        if self.key == self.key_measured:
            return "same"
        ours, theirs = _relative_major(self.key), _relative_major(self.key_measured)
        return "relative" if ours == theirs else self.key_measured


def _relative_major(key: str) -> int:
    tonic, mode = key.split()
    names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
    return (names.index(tonic) + (3 if mode == "minor" else 0)) % 12


def _third(mode: str) -> str:
    return "minor" if mode in MINOR else "major"


def measure(name: str, entry: dict[str, Any]) -> tuple[Row, Recording, dict[str, Any]]:
    before = _cpu_seconds()
    rendered = render(Order(entry["model"], entry["prompt"], seed=SEED))
    cpu = _cpu_seconds() - before
    heard = Recording.of(rendered.audio)
    said = rendered.understood
    tonic, mode, _ = heard.key()
    levels = octave_levels(heard.sound.astype(np.float32))
    target = np.array(TONES[GENRES[said["genre"]].tone])
    row = Row(
        name=name,
        genre=said["genre"],
        tempo_bpm=said["tempo_bpm"],
        tempo_measured=heard.tempo_bpm(),
        key=f"{FLATS.get(said['key'], said['key'])} {_third(said['mode'])}",
        key_measured=f"{tonic} {mode}",
        loudness_lufs=heard.loudness_lufs(),
        true_peak_dbtp=heard.true_peak_dbtp(),
        tone_error_db=float(np.abs(levels - target)[:8].mean()),
        air_db=heard.bands_db()[-1],
        correlation=heard.correlation(),
        gaps=heard.gaps(),
        clicks=heard.clicks(),
        clipped=heard.clipped(),
        seconds=heard.seconds,
        cpu_s=cpu,
    )
    return row, heard, said


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def show(row: Row, baseline: dict[str, Any] | None) -> None:
    def beside(key: str, form: str) -> str:
        return f"/{baseline[key]:{form}}" if baseline else ""

    air = f"/{baseline['bands_db'][-1]:.0f}" if baseline else ""
    tempo = f"/{baseline['tempo_measured'] - baseline['tempo_bpm']:+.1f}" if baseline else ""
    gaps = f"/{len(baseline['gaps'])}" if baseline else ""
    print(
        f"{row.name:10.10s} {row.genre:13.13s} {row.tempo_bpm:5.0f} "
        f"{row.tempo_error + tempo:13s} {row.key:9s} {row.key_found:9s} "
        f"{row.loudness_lufs:6.2f}{beside('loudness_lufs', '.2f'):7s} "
        f"{row.true_peak_dbtp:5.2f}{beside('true_peak_dbtp', '.2f'):6s} "
        f"{row.air_db:4.0f}{air:4s} {row.tone_error_db:4.1f} {row.correlation:5.2f} "
        f"{len(row.gaps)}{gaps:3s} {row.clicks:2d} {row.clipped:2d} {row.seconds:6.1f} "
        f"{row.seconds / row.cpu_s:4.0f}x{beside('speed', '.0f')}",
        flush=True,
    )


def returning_chorus(heard: Recording, said: dict[str, Any]) -> str | None:
    """Compare a chorus that returns with the first chorus and with the first verse."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for section in said["sections"]:
        spans.setdefault(section["name"], []).append((section["start_s"], section["end_s"]))
    if len(spans.get("chorus", [])) < 2 or "verse" not in spans:
        return None
    first, second = (heard.colour(*span) for span in spans["chorus"][:2])
    verse = heard.colour(*spans["verse"][0])
    return f"chorus to chorus {distance(first, second):.2f}, to verse {distance(second, verse):.2f}"


def tile(name: str, heard: Recording, size: tuple[int, int] = (300, 130)) -> Image.Image:
    """Draw a spectrogram from 40 Hz to 16 kHz."""
    freqs, _, power = signal.spectrogram(heard.sound.mean(axis=1), heard.rate, nperseg=4096)
    rows = np.geomspace(16_000, 40, size[1])
    picked = power[np.searchsorted(freqs, rows).clip(0, len(freqs) - 1)]
    columns = np.linspace(0, power.shape[1] - 1, size[0]).astype(int)
    level = np.clip((10 * np.log10(picked[:, columns] + 1e-12) + 100) / 65, 0, 1)
    colours = np.stack([level**0.7 * 255, level**1.6 * 230, (0.25 + 0.5 * level) * 255 * level], -1)
    image = Image.fromarray(colours.astype(np.uint8))
    ImageDraw.Draw(image).text((4, 2), name, fill=(255, 255, 255))
    return image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    entries = json.loads((HERE / "composer_prompts.json").read_text())
    chosen = {name: e for name, e in entries.items() if not args.only or name in args.only}
    warm()
    print(
        "name       genre         asked tempo off     key       heard     LUFS          dBTP"
        "        >6k dB  tone  L/R   gaps cl cp  length speed"
    )
    rows: list[Row] = []
    tiles: list[Image.Image] = []
    colours: list[np.ndarray[Any, Any]] = []
    for name, entry in chosen.items():
        row, heard, said = measure(name, entry)
        show(row, entry["baseline"])
        if similarity := returning_chorus(heard, said):
            print(f"           {similarity}")
        rows.append(row)
        colours.append(heard.colour(0, min(28.0, heard.seconds)))
        if args.picture:
            tiles.append(tile(name, heard))
    summarise(rows, colours, chosen)
    if args.picture:
        picture(tiles).save(args.picture)
    if args.json:
        args.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


def summarise(rows: list[Row], colours: list[np.ndarray[Any, Any]], chosen: dict[str, Any]) -> None:
    exact = sum(abs(row.tempo_measured - row.tempo_bpm) < 2 for row in rows)
    octave = sum(row.tempo_error in ("x2", "/2") for row in rows)
    keys = [row.key_found for row in rows]
    baselines = [entry["baseline"] for entry in chosen.values() if entry["baseline"]]
    far = [distance(a, b) for i, a in enumerate(colours) for b in colours[:i]]
    print(f"\n{len(rows)} prompts; bands up to {BANDS_HZ[-1][1]} Hz")
    print(f"tempo: {exact} within 2 BPM, {octave} counted double or half")
    if baselines:
        hits = sum(abs(b["tempo_measured"] - b["tempo_bpm"]) < 2 for b in baselines)
        print(f"       earlier draft: {hits} of {len(baselines)} within 2 BPM")
    print(f"key: {keys.count('same')} the same, {keys.count('relative')} relative")
    worst = max(abs(row.loudness_lufs + 14) for row in rows)
    print(f"loudness: at most {worst:.2f} LU from -14; highest peak "
          f"{max(row.true_peak_dbtp for row in rows):.2f} dBTP")  # fmt: skip
    print(f"balance: {np.mean([row.tone_error_db for row in rows]):.1f} dB mean error by octave")
    if far:
        print(f"distance between prompts: mean {np.mean(far):.2f}, least {min(far):.2f}")
    speed = sum(row.seconds for row in rows) / sum(row.cpu_s for row in rows)
    print(f"speed: {speed:.0f} x real time on one core, encoder included")
    print(f"memory for three minutes: {memory_of_a_song()} MB")


def memory_of_a_song() -> int:
    """Render three minutes in a process of its own and return its peak memory in MB (Linux)."""
    script = (
        "from pathlib import Path; from lyria_sandbox.composer import Order, render\n"
        "render(Order('lyria-3-pro', 'orchestral pop with choir and guitars, 3 minutes'))\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return int(done.stdout) // 1024


def picture(tiles: list[Image.Image]) -> Image.Image:
    """Lay the tiles out in one picture."""
    columns = 6
    width, height = tiles[0].size
    sheet = Image.new("RGB", (columns * width, -(-len(tiles) // columns) * height))
    for index, image in enumerate(tiles):
        sheet.paste(image, ((index % columns) * width, index // columns * height))
    return sheet


if __name__ == "__main__":
    main()
