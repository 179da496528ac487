"""Measure how much of real prompts the sandbox's composer understands.

    python -m benchmarks.composer_understanding [--missed] [--language EN ...]

`prompt_meanings.jsonl` holds prompts in ten languages, each with its meaning as people read it: the
facts that a musician would take from it. More than half are quoted, with their source.
`prompt_meanings_unseen.jsonl` holds prompts that were written down before the composer read any of
them; at first it understood 96.9 % of their facts. The share of facts that the answer's field
`understood` tells is printed by language and by kind of fact. Nothing is rendered.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import make_plan
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.understood import describe

MEANINGS = Path(__file__).parent / "prompt_meanings.jsonl"
UNSEEN = MEANINGS.with_name("prompt_meanings_unseen.jsonl")
SEED = 7

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """A fact of a prompt, and whether it was understood."""

    language: str
    kind: str
    value: str
    understood: bool
    prompt: str


def meanings(file: Path = MEANINGS) -> list[dict[str, Any]]:
    """Read the prompts with their meaning."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def told(prompt: str, negative_prompt: str = "", model: str = "lyria-3") -> dict[str, Any]:
    """Return what the composer says it understood of a prompt."""
    order = Order(model, prompt, negative_prompt=negative_prompt, seed=SEED)
    parsed = read(order)
    plan = make_plan(order, parsed)
    return describe(order, parsed, plan, compose(plan), plan.duration_s)


def facts(entry: Mapping[str, Any]) -> Iterator[Fact]:
    """Yield every fact of a prompt."""
    # A clip has no room for the sections of a song.
    model = "lyria-3-pro" if "sections" in entry["meaning"] else "lyria-3"
    answer = told(entry["prompt"], entry.get("negative_prompt", ""), model)
    for kind, wanted in entry["meaning"].items():
        # Alternatives stand in one fact; every other list is a fact for each of its entries.
        single = kind in ("genre", "sections", "instruments_only") or not isinstance(wanted, list)
        for value in [wanted] if single else wanted:
            yield Fact(
                entry["language"], kind, str(value), CHECKS[kind](answer, value), entry["prompt"]
            )


def _notes(answer: Told) -> str:
    return " ".join(answer["notes"]).lower()


def _names(answer: Told) -> list[str]:
    return [*answer["instruments"], *(i["name"] for i in answer["instruments_asked"])]


def _heard(answer: Told, value: str) -> bool:
    return any(choice in name for choice in value.split("/") for name in _names(answer))


def _genre(answer: Told, names: Iterable[str]) -> bool:
    # A genre that the composer lacks counts where it is said which neighbour plays.
    notes = _notes(answer)
    return any(
        name == answer["genre"] or f"{name}: played as" in notes or f": played as {name}." in notes
        for name in names
    )


def _sections(answer: Told) -> list[str]:
    # A refrain is a chorus.
    return [section["name"].replace("refrain", "chorus") for section in answer["sections"]]


def _pace(answer: Told, value: str) -> bool:
    low, high = GENRES[answer["genre"]].tempo
    middle, tempo = (low + high) / 2, answer["tempo_bpm"]
    return bool(tempo < middle if value == "slow" else tempo > middle)


def _only(answer: Told, names: Iterable[str]) -> bool:
    return all(any(name in player for name in names) for player in answer["instruments"])


def _last_tempo(answer: Told) -> float:
    changes = answer["tempo_changes"]
    return float(changes[-1]["tempo_bpm"] if changes else answer["tempo_bpm"])


CHECKS: Mapping[str, Callable[[Told, Any], bool]] = {
    "tempo_bpm": lambda answer, value: abs(answer["tempo_bpm"] - value) <= 1,
    "tempo_end_bpm": lambda answer, value: abs(_last_tempo(answer) - value) <= 0.03 * value,
    "pace": _pace,
    "meter": lambda answer, value: answer["meter"] == value,
    "key": lambda answer, value: answer["key"] == value,
    "mode": lambda answer, value: answer["mode"] == value,
    "genre": _genre,
    "genre_not": lambda answer, value: answer["genre"] != value,
    "genre_touch": lambda answer, value: answer["genre_touch"] == value,
    "genre_unknown": lambda answer, value: "no genre recognised" in _notes(answer),
    "instruments": _heard,
    "instruments_not": lambda answer, value: value not in _names(answer),
    "instruments_only": _only,
    "stand_ins": lambda answer, value: (
        f"{value}: played by" in _notes(answer) or f"{value} guitar: played by" in _notes(answer)
    ),
    "quieter": lambda answer, value: value in answer.get("quieter", ()),
    "moods": lambda answer, value: any(mood in answer["moods"] for mood in value.split("/")),
    "moods_not": lambda answer, value: value not in answer["moods"],
    "voice": lambda answer, value: answer["instrumental"] == (value == "none"),
    "excluded": lambda answer, value: value in answer["excluded"],
    "not_understood": lambda answer, value: (
        value in " ".join([*answer["not_understood"], *answer["notes"]]).lower()
    ),
    "sections": lambda answer, value: _sections(answer) == value,
    "dynamics": lambda answer, value: answer.get("dynamics") == value,
    "sung_lines": lambda answer, value: answer.get("sung_lines") == value,
}


def measure(entries: Iterable[Mapping[str, Any]]) -> list[Fact]:
    """Check every fact of the prompts."""
    return [fact for entry in entries for fact in facts(entry)]


def share(found: Iterable[Fact]) -> float:
    """Return the share of the facts that were understood, from 0 to 1."""
    results = [fact.understood for fact in found]
    return sum(results) / len(results) if results else 0.0


def table(found: list[Fact]) -> str:
    """Write the share of understood facts by language and by kind."""
    lines = [f"facts understood, all: {share(found):.1%} of {len(found)}"]
    for title in ("language", "kind"):
        groups: dict[str, list[Fact]] = defaultdict(list)
        for fact in found:
            groups[getattr(fact, title)].append(fact)
        lines += [
            f"  {name:18s}{share(group):7.1%} of {len(group)}" for name, group in groups.items()
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true", help="list the facts not understood")
    parser.add_argument("--language", nargs="*", default=[], help="only these, as en de")
    args = parser.parse_args()
    for file in (MEANINGS, UNSEEN):
        entries = meanings(file)
        found = measure(e for e in entries if not args.language or e["language"] in args.language)
        if args.missed:
            for fact in found:
                if not fact.understood:
                    print(f"{fact.language} {fact.kind}={fact.value}: {fact.prompt!r}")
        print(f"{file.name}: {table(found)}")


if __name__ == "__main__":
    main()
