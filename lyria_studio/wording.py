"""How money, time and states are written, the same on every screen."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lyria_core import MODELS, Charge
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.money import usd
from lyria_studio.phrases import clock


@dataclass(frozen=True)
class Label:
    """A state as a badge: a word, a colour of Streamlit's palette, a Material symbol."""

    text: str
    color: str
    icon: str


LABELS = {
    State.INTENDED: Label("Queued", "gray", ":material/schedule:"),
    State.SUBMITTING: Label("Sending", "blue", ":material/upload:"),
    State.QUEUED: Label("Queued", "blue", ":material/hourglass_top:"),
    State.PROCESSING: Label("Generating", "blue", ":material/graphic_eq:"),
    State.DOWNLOADING: Label("Downloading", "blue", ":material/download:"),
    State.READY: Label("Ready", "green", ":material/check:"),
    State.REFUSED: Label("Failed", "orange", ":material/block:"),
    State.FAILED: Label("Failed", "red", ":material/error:"),
    State.ERROR: Label("Failed", "orange", ":material/error:"),
    State.UNKNOWN: Label("Unknown", "red", ":material/help:"),
    State.CANCELLED: Label("Cancelled", "gray", ":material/cancel:"),
    State.STALLED: Label("Needs action", "orange", ":material/hourglass_bottom:"),
    State.UNDELIVERED: Label("Needs action", "orange", ":material/cloud_download:"),
}

NEEDS_KEY = Label("Needs action", "orange", ":material/key:")
NOT_SENT = Label("Not sent", "gray", ":material/block:")


def facts(generation: Generation) -> list[str]:
    """Model, gateway, take, seed and length of a generation, for a line of facts."""
    model = MODELS.get(generation.model_id)
    name = model.name if model else generation.model_id
    found = [f"{name} · sandbox" if generation.gateway == "sandbox" else name]
    if generation.takes > 1:
        found.append(f"take {generation.take} of {generation.takes}")
    if generation.seed is not None:
        found.append(f"seed {generation.seed}")
    return found + [clock(track.duration_s) for track in generation.tracks if track.duration_s]


def cost(generation: Generation) -> str:
    """Return what a generation cost, or may have cost, in a few words."""
    money = usd(generation.price_usd, generation.gateway)
    if generation.active and generation.charge is Charge.MAYBE:
        return f"{money} reserved"
    match generation.charge:
        case Charge.YES:
            return f"{money} charged"
        case Charge.MAYBE:
            return f"{money} may have been charged"
        case Charge.NO:
            return "not charged"


def expectation(recent_s: list[float]) -> str:
    """Return a range from the recent durations of a model: its middle half, in seconds or minutes.

    Fewer than three say nothing about a range, so nothing is claimed.
    """
    if len(recent_s) < 3:
        return ""
    low, high = _usual(recent_s)
    if high < 1.5:
        return "usually about 1 s"
    first, second = round(low), max(round(high), round(low) + 1)
    if second < 90:
        return f"usually {first}–{second} s"
    first, second = max(1, int(low // 60)), int(-(-high // 60))
    return f"usually {first}–{second} min" if second > first else f"usually about {second} min"


def usual_until_s(recent_s: list[float]) -> float | None:
    """Return the seconds after which a generation is slower than usual; None if unknown."""
    return max(_usual(recent_s)[1], 1.0) if len(recent_s) >= 3 else None


def _usual(recent_s: list[float]) -> tuple[float, float]:
    ordered = sorted(recent_s)
    return ordered[len(ordered) // 4], ordered[-1 - len(ordered) // 4]


def zone_named(name: str | None) -> tzinfo:
    """Return a time zone by its IANA name; UTC where it is not known."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def moment(when: datetime, zone: tzinfo, now: datetime | None = None) -> str:
    """`today 14:05`, `yesterday 09:10` or `12 May 2026, 14:05` on the viewer's clock.

    Args:
        when: an aware time.
        zone: the viewer's.
        now: an aware time; the present if not given.
    """
    there = when.astimezone(zone)
    today = (now or datetime.now(UTC)).astimezone(zone).date()
    if there.date() == today:
        return f"today {there:%H:%M}"
    if there.date() == today - timedelta(days=1):
        return f"yesterday {there:%H:%M}"
    return f"{there.day} {there:%B %Y, %H:%M}"


def title(prompt: str, limit: int = 70) -> str:
    """Return the first words of a prompt on one line, cut at a word."""
    line = " ".join(prompt.split())
    if len(line) <= limit:
        return line
    cut = line[: limit + 1].rsplit(" ", 1)[0] if " " in line[: limit + 1] else line[:limit]
    return f"{cut.rstrip(' ,.;:·')}…"


def literal(text: str) -> str:
    """Our own sentences for Streamlit's Markdown: two dollar signs would be read as a formula."""
    return text.replace("$", "\\$")


def verbatim(text: str) -> str:
    """Return other people's words for Streamlit's Markdown, with all markup escaped."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|$:~&" else sign for sign in text)
