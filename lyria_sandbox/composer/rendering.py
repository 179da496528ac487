"""From an order to a file."""

from collections.abc import Iterator

from lyria_sandbox.composer import encode
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.midi import write_midi
from lyria_sandbox.composer.order import Order, Rendered
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import make_plan
from lyria_sandbox.composer.sound import SAMPLE_RATE, perform
from lyria_sandbox.composer.sound.kit import load_kit
from lyria_sandbox.composer.understood import describe

ARTIST = "Lyria Studio sandbox composer"
COMMENT = "Made by the Lyria Studio sandbox composer, not by Lyria."

_REHEARSED = ("pop with vocals", "lo-fi hip hop", "orchestral", "deep house", "rock", "jazz")


def render(order: Order) -> Rendered:
    """Compose, play and encode a piece.

    Equal orders give equal bytes.

    Args:
        order: What to make.

    Returns:
        The file: WAV for Lyria 2, MP3 for the others.
    """
    parsed = read(order)
    plan = make_plan(order, parsed)
    score = compose(plan)
    is_wav = order.model == "lyria-2"
    sound = perform(plan, score, None if is_wav else encode.MP3_GAIN_DB)
    understood = describe(order, parsed, plan, score, len(sound) / SAMPLE_RATE)
    tags = {
        "title": f"{plan.genre.name} in {understood['key']} {plan.mode}, {plan.tempo_bpm:g} BPM",
        "artist": ARTIST,
        "comment": COMMENT,
        "encoded_by": ARTIST,
        "genre": plan.genre.name,
    }
    return Rendered(
        audio=encode.wav(sound, tags) if is_wav else encode.mp3(sound, tags),
        media_type="audio/wav" if is_wav else "audio/mpeg",
        extension="wav" if is_wav else "mpeg",
        duration_s=len(sound) / SAMPLE_RATE,
        understood=understood,
        midi=write_midi(plan, score),
    )


def warm() -> None:
    """Load the kit and everything that is slow to import."""
    kit = load_kit()
    zone = kit.instruments["piano"][0]
    kit.tuned(zone, zone.root, 1.0)


def rehearse() -> Iterator[str]:
    """Play short pieces for nobody, so that the instruments most in demand are decoded.

    The first piece of a process takes a third longer than the same piece later.

    Yields:
        The genre of each piece once it is played.
    """
    for genre in _REHEARSED:
        order = Order("lyria-3", f"{genre}, 8 seconds")
        plan = make_plan(order, read(order))
        perform(plan, compose(plan))
        yield genre
