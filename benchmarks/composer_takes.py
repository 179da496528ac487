"""Tell how much the takes of one prompt differ: `python -m benchmarks.composer_takes [--seeds N]`.

Each prompt is rendered with N seeds. A band's takes differ in who plays, in the form and in the
shape of the loudness; the tempo, key and genre that the prompt asks for stay.
"""

from __future__ import annotations

import argparse
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    args = parser.parse_args()
    warm()
    print(f"{'prompt':56s} line-ups  forms  envelope correlation")
    for model, prompt in PROMPTS:
        line_ups, forms, envelopes = set(), set(), []
        for seed in range(args.seeds):
            made = render(Order(model, prompt, seed=seed))
            line_ups.add(tuple(sorted(made.understood["instruments"])))
            forms.add(tuple(section["name"] for section in made.understood["sections"]))
            heard = Recording.of(made.audio)
            envelopes.append(envelope(heard.sound, heard.rate))
        figures = f"{len(line_ups):8d} {len(forms):6d} {correlation(envelopes):21.2f}"
        print(f"{prompt:56s} {figures}", flush=True)


if __name__ == "__main__":
    main()
