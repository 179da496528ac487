"""Tell how much the takes of one prompt differ: `python -m benchmarks.composer_takes [--seeds N]`.

Each prompt is rendered with N seeds. A band's takes differ in who plays, in the form and in the
shape of the loudness; the tempo, key and genre that the prompt asks for stay. Prompts that ask for
a rise are rendered once: their last quarter must be louder than their first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from benchmarks.composer_figures import Recording
from lyria_sandbox.composer import Order, render, warm

PROMPTS = (
    ("lyria-3", "Warm lo-fi hip hop, 80 BPM, D minor, instrumental"),
    ("lyria-3", "Upbeat pop, 118 BPM, C major, instrumental"),
    ("lyria-3", "Deep house, 124 BPM, A minor, instrumental"),
    ("lyria-3", "Driving rock, 132 BPM, E minor, instrumental"),
    ("lyria-3", "Calm ambient soundscape, 60 BPM, C major, instrumental"),
    ("lyria-2", "Cinematic orchestral, 90 BPM, D minor"),
)
RISING = (
    "Post-rock that builds to a huge climax, instrumental",
    "Orchestral crescendo, 80 BPM",
    "House track that slowly builds up from a whisper to full power",
)
SEEDS, RISE_SEED = 20, 7
HOP_S = 0.5


def envelope(sound: npt.NDArray[np.floating], rate: int) -> npt.NDArray[np.float64]:
    """Return the level of every half second, in dB."""
    hop = int(HOP_S * rate)
    frames = sound[: len(sound) // hop * hop].reshape(-1, hop * sound.shape[1])
    levels: npt.NDArray[np.float64] = 10 * np.log10(
        (frames.astype(np.float64) ** 2).mean(axis=1) + 1e-7
    )
    return levels


def correlation(envelopes: list[npt.NDArray[np.float64]]) -> float:
    """Return the mean correlation of all pairs."""
    length = min(map(len, envelopes))
    pairs = combinations((e[:length] for e in envelopes), 2)
    return float(np.mean([np.corrcoef(one, other)[0, 1] for one, other in pairs]))


def rise_db(levels: npt.NDArray[np.float64]) -> float:
    """Return how much louder the last quarter is than the first; the dying away is left out."""
    parts = np.array_split(10 ** (levels[levels > levels.max() - 30] / 10), 4)
    return float(10 * np.log10(parts[-1].mean() / parts[0].mean()))


def table(seeds: int = SEEDS) -> Iterator[str]:
    """Yield the lines of the table as they are measured.

    Args:
        seeds: how many takes of each prompt, at least 2.
    """
    yield f"{'prompt':64s} line-ups  forms  envelope correlation"
    for model, prompt in PROMPTS:
        line_ups, forms, envelopes = set(), set(), []
        for seed in range(seeds):
            made = render(Order(model, prompt, seed=seed))
            line_ups.add(tuple(sorted(made.understood["instruments"])))
            forms.add(tuple(section["name"] for section in made.understood["sections"]))
            heard = Recording.of(made.audio)
            envelopes.append(envelope(heard.sound, heard.rate))
        figures = f"{len(line_ups):8d} {len(forms):6d} {correlation(envelopes):21.2f}"
        yield f"{prompt:64s} {figures}"
    yield f"{'prompt':64s} rise, dB"
    for prompt in RISING:
        heard = Recording.of(render(Order("lyria-3", prompt, seed=RISE_SEED)).audio)
        yield f"{prompt:64s} {rise_db(envelope(heard.sound, heard.rate)):8.1f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    args = parser.parse_args()
    warm()
    for line in table(args.seeds):
        print(line, flush=True)


if __name__ == "__main__":
    main()
