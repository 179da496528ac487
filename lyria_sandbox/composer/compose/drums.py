"""Drums and percussion."""

import numpy as np

from lyria_sandbox.composer.compose.bars import OPENING, Bar, opened, pauses_before_drop
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.groove import drum_lanes
from lyria_sandbox.composer.compose.patterns import drum_pattern, events, fit
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.tables.genre import DRUM_KEYS, FOUR_ON_THE_FLOOR, Groove
from lyria_sandbox.composer.tables.patches import PERCUSSION_PATTERNS

DEFAULT_GROOVE = Groove(
    "kit_brush",
    {"kick": "8.......7.......", "snare": "....6.......6...", "hat": "5.4.5.4.5.4.5.4."},
)
"""For genres without drums, when drums are asked for."""

_FILLS = (
    ("snare", "snare", "tom_mid", "tom_floor"),
    ("tom_high", "tom_high", "tom_mid", "tom_low"),
    ("snare", "snare2", "snare", "snare"),
)
_FILL_STEPS = 4
_LEAD_IN = 12.0
"""How much softer the fill is with which the drums come in."""

_TAIKO_PATTERN = "9.....7.9...7.7."
_TAIKO_DEEP, _TAIKO_HIGH = 50, 57
_TIMPANI_LOWEST = 36


def write_drums(desk: Desk, bars: list[Bar]) -> None:
    """Write the drum kit, taikos, timpani and the percussion that was asked for."""
    groove = desk.plan.genre.groove or DEFAULT_GROOVE
    for bar in bars:
        band = bar.section.band
        kit = band.patch("drums")
        forced = "drums" in bar.section.forced
        if kit and _plays(desk, bar, forced):
            arrives = bar.index == 0 or bar.intensity > bars[bar.index - 1].intensity
            leads_on = bar.final or bar.intensity <= bars[bar.index + 1].intensity
            _write_kit(desk, bar, kit, groove, forced, arrives, leads_on)
        elif kit and groove.fills and bar.last and bar.section.kind in OPENING and not bar.final:
            _write_fill(desk, bar, kit, desk.hand("drums", bar), _LEAD_IN)
        if "taiko" in band.percussion or (kit and "taiko" in groove.lanes):
            _write_taiko(desk, bar, groove)
        if "timpani" in band.percussion or (kit and "taiko" in groove.lanes):
            _write_timpani(desk, bar)
        for name in band.percussion:
            if name in PERCUSSION_PATTERNS:
                _write_percussion(desk, bar, name, kit)


def _plays(desk: Desk, bar: Bar, forced: bool) -> bool:
    if forced or desk.plan.genre.groove is None:
        return True
    if bar.section.kind == "intro":
        # An introduction begins without drums and lets them in after its first half.
        return bar.intensity > 0.3 and opened(bar)
    return bar.intensity >= 0.45 or bar.section.kind == "breakdown"


def _write_kit(
    desk: Desk, bar: Bar, kit: str, groove: Groove, forced: bool, arrives: bool, leads_on: bool
) -> None:
    rng = desk.hand("drums", bar)
    full = forced or (bar.intensity >= 0.45 and bar.section.kind not in OPENING)
    if bar.final:
        _strike(desk, bar, kit, "kick", 0, 100, rng, beats=1.0)
        if groove.crash:
            _strike(desk, bar, _cymbal_kit(kit), "crash", 0, 92, rng, beats=4.0)
        return
    fill = bar.last and groove.fills and bar.intensity > 0.5 and not bar.section.ramp and leads_on
    fill_from = bar.steps - _FILL_STEPS if fill else bar.steps
    lanes = _lanes(desk.plan, bar, groove)
    for lane, pattern in lanes.items():
        if lane == "taiko" or (not full and not lane.startswith(("hat", "ride", "shaker"))):
            continue
        _write_lane(desk, bar, kit, lane, pattern, fill_from, rng)
    if bar.section.ramp:
        _write_roll(desk, bar, kit, rng)
    elif fill:
        _write_fill(desk, bar, kit, rng, 0.0)
    # A cymbal that rings into a thinner section would blur where it begins.
    loud = bar.intensity >= 0.75
    if bar.number == 0 and arrives and (desk.plan.even or (loud and groove.crash)):
        strength = 62 if not groove.crash else 88 if loud else 74
        _strike(desk, bar, _cymbal_kit(kit), "crash", 0, strength, rng, beats=4.0)


def _lanes(plan: Plan, bar: Bar, groove: Groove) -> dict[str, str]:
    """Return what each drum plays in a bar."""
    lanes = drum_lanes(plan, groove.lanes)
    if bar.intensity >= 0.8:
        lanes.update(groove.extra)
    if plan.meter.name == "4/4":
        # A four on the floor brings its kick; other lanes change only where the genre has them.
        lanes.update({k: p for k, p in plan.beat.items() if k in lanes or k == "kick"})
    if bar.section.kind == "build" and plan.genre.dance_form:
        # The drop brings the kick back.
        lanes.pop("kick", None)
    return lanes


def _write_fill(desk: Desk, bar: Bar, kit: str, rng: np.random.Generator, softer: float) -> None:
    """Write four sixteenths that lead into the next section."""
    if bar.steps < _FILL_STEPS:
        return
    toms = _FILLS[int(rng.integers(len(_FILLS)))]
    for index, lane in enumerate(toms):
        step = bar.steps - _FILL_STEPS + index
        _strike(desk, bar, kit, lane, step, 70 + 9 * index - softer, rng)


def _write_lane(
    desk: Desk,
    bar: Bar,
    kit: str,
    lane: str,
    pattern: str,
    fill_from: int,
    rng: np.random.Generator,
) -> None:
    meter = desk.plan.meter
    shape = fit(drum_pattern(lane, pattern, meter), bar, meter)
    four = (desk.plan.genre.groove or DEFAULT_GROOVE).lanes.get("kick") == FOUR_ON_THE_FLOOR
    for step, digit, _ in events(shape):
        skipped = rng.random() < 0.06 and int(digit) < 6
        if skipped or (step >= fill_from and lane != "kick"):
            continue
        if lane == "kick" and 2 * step >= bar.steps and pauses_before_drop(desk.plan, bar):
            continue
        name = lane
        if lane == "hat" and step == bar.steps - 2 and bar.number % 4 == 3 and not four:
            name = "hat_open"
        velocity = int(digit) * 11.5 * (0.72 + 0.28 * bar.intensity) + 8
        _strike(desk, bar, kit, name, step, velocity, rng)


def _write_roll(desk: Desk, bar: Bar, kit: str, rng: np.random.Generator) -> None:
    """Write the snare roll of a build: eighths, then sixteenths, ever louder."""
    total = len(bar.section.bars) * bar.steps
    stride = 1 if bar.last else 2
    for step in range(0, bar.steps, stride):
        progress = (bar.number * bar.steps + step) / total
        _strike(desk, bar, kit, "snare", step, 30 + 70 * progress, rng)


def _write_percussion(desk: Desk, bar: Bar, name: str, kit: str) -> None:
    if bar.final or (bar.intensity < 0.35 and "percussion" not in bar.section.forced):
        return
    rng = desk.hand(f"percussion {name}", bar)
    meter = desk.plan.meter
    patch = kit if kit.startswith("kit") else "kit"
    for lane, pattern in PERCUSSION_PATTERNS[name].items():
        for step, digit, _ in events(fit(drum_pattern(lane, pattern, meter), bar, meter)):
            velocity = int(digit) * 11 * (0.72 + 0.28 * bar.intensity) + 6
            _strike(desk, bar, patch, lane, step, velocity, rng, role="percussion")


def _write_taiko(desk: Desk, bar: Bar, groove: Groove) -> None:
    if bar.intensity <= 0.6 and "percussion" not in bar.section.forced:
        return
    rng = desk.hand("taiko", bar)
    meter = desk.plan.meter
    pattern = drum_pattern("taiko", groove.lanes.get("taiko", _TAIKO_PATTERN), meter)
    shape = "9" if bar.final else fit(pattern, bar, meter)
    for step, digit, _ in events(shape):
        pitch = _TAIKO_DEEP if digit == "9" else _TAIKO_HIGH
        velocity = int(digit) * 10 + 24 * bar.intensity
        desk.write("percussion", "taiko", bar, step, 2.0, pitch, velocity, rng, pitched=False)


def _write_timpani(desk: Desk, bar: Bar) -> None:
    if bar.intensity <= 0.55 and "percussion" not in bar.section.forced:
        return
    rng = desk.hand("timpani", bar)
    root = _TIMPANI_LOWEST + bar.chord.root
    desk.write("timpani", "timpani", bar, 0, 3.0, root, 58 + 46 * bar.intensity, rng)
    if bar.last and not bar.final:
        # A roll carries the section into the next.
        for count in range(4):
            step = bar.steps - 4 + count
            desk.write("timpani", "timpani", bar, step, 1.0, root, 52 + 12 * count, rng)


def _strike(
    desk: Desk,
    bar: Bar,
    kit: str,
    lane: str,
    step: float,
    velocity: float,
    rng: np.random.Generator,
    *,
    beats: float = 0.5,
    role: str = "drums",
) -> None:
    desk.write(
        role,
        kit,
        bar,
        step,
        beats,
        DRUM_KEYS[lane],
        velocity,
        rng,
        jitter_s=0.0025,
        pitched=False,
    )


def _cymbal_kit(kit: str) -> str:
    """Return the kit whose crash is used: drum machines have none worth hearing."""
    return "kit" if kit.startswith("@") else kit
