"""Measure the prompt tools: the time at each key stroke, and with the worst texts we know.

Run: python benchmarks/prompts.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from lyria_studio.prompts import (
    advise,
    all_templates,
    compose_prompt,
    merge_edited,
    read_prompt,
    search,
    soften,
    word_diff,
)

PIECES = (
    "no ", "a", " ", "\n", "[", "[0:00 - ", "(", "in the style of ", "Queen and ", "ABBA ",
    "Genre: a. ", "Mood: sad. ", "piano, ", "piano. ", ", no drums", "vocals in ", "[a:b]", "пт ",
    "0:00 - 0:10 ", "[a] x y z w ", "Lyrics:", ". Genre: ", "fuck ",
)  # fmt: skip


def median_ms(work: Callable[[], object], runs: int = 30) -> float:
    """Median time of some runs, in milliseconds, after one to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def worst_ms(work: Callable[[str], object], characters: int) -> tuple[float, str]:
    """Return the slowest text made of one piece again and again, and that piece."""
    return max(
        (median_ms(lambda text=text: work(text), 1), piece)  # type: ignore[misc]  # bound default
        for piece in PIECES
        for text in [(piece * (characters // len(piece) + 1))[:characters]]
    )


def main() -> None:
    """Print the figures."""
    template = max(all_templates(), key=lambda t: len(t.prompt))
    prompt, model = template.prompt, template.model
    form = read_prompt(prompt)
    changed = replace(form, tempo=90)
    long = (prompt * 60)[:20_000]
    other = long.replace("piano", "organ").replace("the", "a")
    print(f"a prompt of {len(prompt)} characters, in ms:")
    print(f"  read     {median_ms(lambda: read_prompt(prompt)):8.2f}")
    print(f"  compose  {median_ms(lambda: compose_prompt(form, model)):8.2f}")
    print(
        f"  merge    {median_ms(lambda: merge_edited(prompt, f'{prompt} x', changed, model)):8.2f}"
    )
    print(f"  advise   {median_ms(lambda: advise(prompt, '', (), model)):8.2f}")
    print(f"  soften   {median_ms(lambda: soften(prompt)):8.2f}")
    print(f"  search   {median_ms(lambda: search('song jazz')):8.2f}")
    print("20,000 characters, in ms:")
    print(f"  advise   {median_ms(lambda: advise(long, '', (), model), 5):8.1f}")
    print(f"  diff     {median_ms(lambda: word_diff(long, other), 5):8.1f}")
    print("the worst repeated text, in ms:")
    for name, work, size in (
        ("advise, 20 kB", lambda text: advise(text, text, (), "lyria-2"), 20_000),
        ("read, 100 kB", read_prompt, 100_000),
        ("soften, 100 kB", soften, 100_000),
    ):
        slowest, piece = worst_ms(work, size)
        print(f"  {name:15}{slowest:8.0f}  {piece!r}")


if __name__ == "__main__":
    main()
