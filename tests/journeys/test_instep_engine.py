"""The player in step, measured on what it plays in Chromium, sample by sample.

Sounds that say in each sample which side they are and where show whether the sides keep step.
Music shows what a switch does to the ear: steps, gaps, level. An offline context renders exactly
what would be heard; a live one is recorded beside it by an audio worklet.
"""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pyloudnorm
import pytest
import soundfile
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Route
from support.screens import ARTIFACTS
from support.sounds import (
    RATE_HZ,
    Samples,
    coded,
    decoded,
    encoded,
    music,
    open_page,
    recorded,
    rendered,
    serving,
    wav,
)
from support.windows import shared_window

from lyria_studio.audio import measure
from lyria_studio.audio.matching import matched_gains

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SECONDS = (9.0, 8.5, 8.0, 7.5, 7.0, 2.0)
SETTLED_S = 0.045  # from a call to the end of what it does: lead, then fade
FADE = round(0.02 * RATE_HZ)
STARTED = round(0.15 * RATE_HZ)

Note = Callable[[str, object], None]
Mask = NDArray[np.bool_]


def related(seed: int, seconds: float) -> Samples:
    """A piece that shares most of its sound with `music(1)`, as another mix of it would."""
    return 0.9 * music(1, seconds) + 0.25 * music(seed, seconds)


def tone(hertz: float, seconds: float) -> Samples:
    """A sine that begins in the middle of its swing."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave: Samples = TONE * np.cos(2 * np.pi * hertz * time)
    return np.stack([wave, wave], axis=1)


TONE = 0.5
LOUD = {"quiet.mp3": (2, 2, 0.2), "loud.mp3": (3, 2, 0.9), "mono.mp3": (4, 1, 0.7)}
FILES = {
    **{f"code{side}": wav(coded(side, seconds)) for side, seconds in enumerate(SECONDS)},
    "music1": wav(music(1, 9)),
    "music2": wav(music(2, 9)),
    "related": wav(related(2, 9)),
    "low": wav(tone(110, 9)),
    "high": wav(tone(165, 9)),
    "noise": b"This is no sound.",
    **{
        name: encoded(music(seed, 6, channels, level), RATE_HZ, "MP3")
        for name, (seed, channels, level) in LOUD.items()
    },
}
CODES = [f"code{side}" for side in range(len(SECONDS))]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page with the engine."""
    with serving(FILES) as url, shared_window(browser) as window:
        open_page(window, url)
        yield window


@pytest.fixture(scope="module")
def note() -> Iterator[Note]:
    """Keeps what was measured beside the other artefacts of a test run."""
    found: dict[str, object] = {}
    yield found.__setitem__
    ARTIFACTS.mkdir(exist_ok=True)
    (ARTIFACTS / "instep.json").write_text(json.dumps(found, indent=2), encoding="utf-8")


def sounds(*names: str) -> list[dict[str, object]]:
    return [{"url": f"/sounds/{name}"} for name in names]


def settled(frames: int, times: list[float]) -> Mask:
    """Which samples are not within a fade that began at one of these times."""
    steady = np.ones(frames, dtype=bool)
    for time in (0.0, *times):
        steady[round(time * RATE_HZ) : round((time + SETTLED_S) * RATE_HZ)] = False
    return steady


def shift_of(sound: Samples, steady: Mask) -> NDArray[np.int64]:
    """Position of what sounds less the time it sounds at, in samples."""
    _, position = decoded(sound)
    shift: NDArray[np.int64] = (position - np.arange(len(sound)))[steady]
    return shift


# ---- in step


def test_a_hundred_switches_do_not_move_the_position_by_a_sample(page: Page, note: Note) -> None:
    order = np.random.default_rng(7).integers(1, 5, 100).cumsum() % 5
    times = [0.1 + 0.06 * number for number in range(100)]
    sound, told = rendered(
        page,
        sounds=sounds(*CODES[:5]),
        seconds=6.5,
        actions=[[time, "switchTo", int(side)] for time, side in zip(times, order, strict=True)],
    )
    steady = settled(len(sound), times)
    shift = shift_of(sound, steady)
    note("samples off after 100 switches", int(np.ptp(shift)))
    assert np.ptp(shift) == 0
    assert steady.mean() > 0.2
    heard, _ = decoded(sound)
    for (time, until), side in zip(pairwise([*times, 6.2]), order, strict=True):
        middle = heard[round((time + SETTLED_S) * RATE_HZ) : round(until * RATE_HZ)]
        assert set(middle) == {side}
    assert told["current"] == order[-1]


def test_the_live_clock_keeps_step_as_well(page: Page, note: Note) -> None:
    """A hundred switches in a running context, at whatever time they come."""
    sound, told = recorded(
        page,
        """async (player, context) => {
            await player.play();
            await new Promise((done) => setTimeout(done, 200));
            for (let number = 0; number < 100; number += 1) {
                await new Promise((done) => setTimeout(done, 50 + (number * 7) % 13));
                player.switchTo((player.current + 1 + (number % 3)) % 5);
            }
            await new Promise((done) => setTimeout(done, 100));
            return [player.position, player.playing, context.state];
        }""",
        sounds=sounds(*CODES[:5]),
    )
    first, last = np.flatnonzero(sound[:, 0])[[0, -1]]
    # On a machine that is busy with other things a start may be late, and is then mended.
    sound = sound[first + STARTED : last + 1]
    side, position = decoded(sound)
    shift = position - np.arange(len(sound))
    # Between fades a sample is one further than the one before it, and of the same side.
    steady = np.append(False, (np.diff(shift) == 0) & (np.diff(side) == 0))
    kept = np.array([steady[at - 200 : at + 200].all() for at in range(200, len(steady) - 200)])
    shifts = shift[200:-200][kept]
    note("live: samples off after 100 switches", int(np.ptp(shifts)))
    note("live: share of time between fades", float(kept.mean()))
    assert np.ptp(shifts) == 0
    assert kept.mean() > 0.4
    order = side[200:-200][kept]
    assert np.count_nonzero(np.diff(order)) == 100
    assert told["told"][1:] == [True, "running"]
    # Nothing is silent in the midst of it.
    assert np.abs(sound[:-1000]).min() > 0


def test_offsets_are_kept_to_the_sample(page: Page) -> None:
    offsets = (0.0, 1.25, -0.5, 0.01)
    sides = [
        {**sound, "offset_s": offset}
        for sound, offset in zip(sounds(*CODES[:4]), offsets, strict=True)
    ]
    times = [1.0, 2.0, 3.0]
    sound, told = rendered(
        page,
        sounds=sides,
        seconds=4,
        actions=[[time, "switchTo", side] for side, time in enumerate(times, start=1)],
    )
    side, position = decoded(sound)
    shift = position - np.arange(len(sound))
    for number, time in enumerate([0.5, 1.5, 2.5, 3.5]):
        at = round(time * RATE_HZ)
        assert side[at] == number
        assert shift[at] - shift[RATE_HZ // 2] == round(offsets[number] * RATE_HZ)
    assert told["duration"] == 9.0


def test_an_offset_moved_while_it_plays_moves_only_that_sound(page: Page) -> None:
    sound, _ = rendered(
        page,
        sounds=sounds(*CODES[:2]),
        seconds=4,
        actions=[[1, "setOffset", 0, 0.01], [2, "switchTo", 1], [3, "switchTo", 0]],
    )
    shift = decoded(sound)[1] - np.arange(len(sound))
    before, after, other, again = (shift[round(t * RATE_HZ)] for t in (0.5, 1.5, 2.5, 3.5))
    assert (after - before, other - before, again - before) == (480, 0, 480)


def test_a_loop_wraps_at_the_same_sample_for_all(page: Page, note: Note) -> None:
    """Of sides that cover the loop, end in it, or begin in it; in an odd number of samples."""
    start, end = 1.0001, 2.50037
    count = round(end * RATE_HZ) - round(start * RATE_HZ)
    sides = sounds(CODES[0], CODES[5], CODES[1])
    sides[2]["offset_s"] = -1.2
    times = [4.0, 8.0]
    sound, told = rendered(
        page,
        sounds=sides,
        seconds=12,
        prepare=[["loop", start, end]],
        actions=[[4.0, "switchTo", 1], [8.0, "switchTo", 2]],
    )
    side, position = decoded(sound)
    begin = int(np.flatnonzero(sound[:, 0])[0])
    at = np.arange(len(sound)) - begin
    first = round(start * RATE_HZ)
    expected = first + (at + 1) % count  # the gate is shut for the very first sample
    gated = (expected - first < 200) | (expected - first > count - 200)
    steady = settled(len(sound), times) & ~gated & (at > 0)
    offsets = {0: 0, 5: 0, 1: -round(1.2 * RATE_HZ)}
    worst = 0
    for number, (low, high) in {0: (0, 4), 5: (4, 8), 1: (8, 12)}.items():
        span = steady.copy()
        span[: round(low * RATE_HZ)] = span[round(high * RATE_HZ) :] = False
        source = expected + offsets[number]
        inside = (source >= 0) & (source < SECONDS[number] * RATE_HZ) & span
        assert inside.sum() > RATE_HZ
        assert set(side[inside]) == {number}
        worst = max(worst, int(np.abs(position - source)[inside].max()))
        assert not sound[~inside & span].any()
    note("samples off after loops", worst)
    assert worst == 0
    assert told["playing"]


def test_an_interruption_halts_all_and_takes_nothing_from_them(page: Page) -> None:
    """As a call on a phone does: the clock of the context stands still, then goes on."""
    sound, told = recorded(
        page,
        """async (player, context) => {
            const wait = (ms) => new Promise((done) => setTimeout(done, ms));
            await player.play();
            await wait(200);
            await context.suspend();
            await wait(50);
            const halted = { ...player.state, heard: player.heard[0] };
            await wait(150);
            const still = player.position === halted.position && player.heard[0] === halted.heard;
            await player.toggle();
            await wait(100);
            player.switchTo(1);
            await wait(200);
            const { playing, interrupted } = player.state;
            return [halted.playing, halted.interrupted, still, playing, interrupted];
        }""",
        sounds=sounds(*CODES[:2]),
    )
    assert told["told"] == [False, True, True, True, False]
    first, last = np.flatnonzero(sound[:, 0])[[0, -1]]
    side, position = decoded(sound[first : last + 1])
    shift = position - np.arange(len(position))
    assert (side[STARTED], side[-4000]) == (0, 1)
    assert shift[STARTED] == shift[-4000]


# ---- what a switch does to the ear


@pytest.mark.parametrize("other", ["music2", "related", "music1"])
def test_a_switch_makes_no_click_gap_or_dip(page: Page, note: Note, other: str) -> None:
    """Two pieces, two mixes of one, one and the same."""
    times = [0.2 + 0.08 * number for number in range(100)]
    sound, _ = rendered(
        page,
        sounds=sounds("music1", other),
        seconds=8.5,
        actions=[[time, "switchTo", number % 2] for number, time in enumerate(times, start=1)],
    )
    pair = [rendered(page, sounds=sounds(name), seconds=8.5)[0] for name in ("music1", other)]
    inside = max(np.abs(np.diff(one[2000:], axis=0)).max() for one in pair)
    steps = np.abs(np.diff(sound, axis=0))
    starts = [fade_at(time) for time in times]
    at_switch = max(steps[start - 48 : start + FADE + 48].max() for start in starts)
    note(f"{other}: largest step at a switch, of the largest inside", float(at_switch / inside))
    assert at_switch <= inside
    # Power in the middle of the fades, against what both sides had there.
    level = middle_level_db(sound, pair, starts)
    note(f"{other}: level in the middle of a fade, dB", level)
    assert abs(level) < 0.5
    assert longest_silence(sound[4000:], 1e-3) <= max(longest_silence(p[4000:], 1e-3) for p in pair)


def fade_at(time: float) -> int:
    """The sample at which a switch that was asked for at this time begins to be heard."""
    block = 128
    now = -(-round(time * RATE_HZ) // block) * block
    return int(now + np.ceil(0.006 * RATE_HZ))


def middle_level_db(sound: Samples, pair: list[Samples], starts: list[int]) -> float:
    """Level in the middle of the fades, less the mean level of both sides there, in decibels."""
    low, high = FADE // 4, 3 * FADE // 4
    spans = [slice(start + low, start + high) for start in starts]
    played = np.mean([np.mean(sound[span] ** 2) for span in spans])
    both = np.mean([np.mean(one[span] ** 2) for span in spans for one in pair])
    return float(10 * np.log10(played / both))


def longest_silence(sound: Samples, below: float) -> int:
    """Length of the longest run of samples that are quieter than this."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1) >= below)
    return int(np.diff(loud, prepend=-1, append=len(sound)).max()) - 1


def test_crossfades_keep_their_power_for_any_correlation(page: Page) -> None:
    for correlation in (0.0, 0.3, 0.7, 1.0):
        down, up = (
            np.array(list(curve.values()))
            for curve in page.evaluate("r => harness.curves(r).map((c) => ({...c}))", correlation)
        )
        assert down**2 + up**2 + 2 * correlation * down * up == pytest.approx(1, abs=1e-6)
        assert (down[0], down[-1], up[0], up[-1]) == pytest.approx((1, 0, 0, 1), abs=1e-6)


def test_pure_tones_let_every_click_be_heard(page: Page, note: Note) -> None:
    """Switches, seeks, loops, pauses: the slope of a fade is all that comes on top of a tone's."""
    actions = [
        [0.3, "switchTo", 1],
        [0.312, "switchTo", 0],
        [0.5, "seek", 4.3],
        [1.0, "seek", 0.7],
        [1.005, "seek", 6.1],
        [1.5, "loop", 6.2, 6.9003],
        [4.0, "loop", None],
        [4.5, "setOffset", 0, 0.01],
        [4.51, "switchTo", 1],
        [5.0, "pause"],
        [5.5, "play"],
        [6.0, "switchTo", 0],
        [6.012, "switchTo", 1],
        [6.018, "seek", 1.0],
        [6.5, "pause"],
    ]
    sound, told = rendered(page, sounds=sounds("low", "high"), seconds=7, actions=actions)
    pair = [rendered(page, sounds=sounds(name), seconds=3)[0] for name in ("low", "high")]
    inside = max(np.abs(np.diff(one[2000:], axis=0)).max() for one in pair)
    steepest = TONE / (0.003 * RATE_HZ)  # the gate at the ends of a loop
    step = float(np.abs(np.diff(sound, axis=0)).max())
    note("tones: largest step anywhere, of full scale", step)
    note("tones: largest step inside, of full scale", float(inside))
    assert step < inside + steepest
    assert not sound[round(5.05 * RATE_HZ) : round(5.5 * RATE_HZ)].any()
    assert not sound[round(6.6 * RATE_HZ) :].any()
    assert not told["playing"]


def test_sides_are_equally_loud_as_they_are_heard(
    page: Page, note: Note, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """MP3 files of different levels, one of them mono, decoded and played by the browser."""
    folder = tmp_path_factory.mktemp("loud")
    tracks = []
    for name in LOUD:
        (folder / name).write_bytes(FILES[name])
        tracks.append(measure(folder / name))
    heard = []
    for name, gain_db in zip(LOUD, matched_gains(tracks), strict=True):
        side = {"url": f"/sounds/{name}", "gain": 10 ** (gain_db / 20)}
        sound, _ = rendered(page, sounds=[side], seconds=6.2)
        soundfile.write(folder / "heard.wav", sound, RATE_HZ, subtype="FLOAT")
        heard.append(pyloudnorm.Meter(RATE_HZ).integrated_loudness(sound))
        assert np.abs(sound).max() < 1
    note("loudness of the sides as heard, LUFS", [round(one, 3) for one in heard])
    assert np.ptp(heard) < 0.1
    assert np.ptp([track.loudness_lufs for track in tracks]) > 3


# ---- ends, faults, what was heard


def test_silence_after_the_end_of_the_shorter(page: Page) -> None:
    sound, told = rendered(
        page, sounds=sounds(CODES[5], CODES[4]), seconds=8, actions=[[3, "switchTo", 1]]
    )
    assert told["duration"] == 7.0
    assert not sound[round(2.1 * RATE_HZ) : 3 * RATE_HZ].any()
    side, position = decoded(sound)
    at = 4 * RATE_HZ
    begin = int(np.flatnonzero(sound[:, 0])[0])
    assert side[at] == 4
    assert abs(position[at] - (at - begin)) <= 1  # the very first sample is faded to nothing
    assert not sound[round(7.1 * RATE_HZ) :].any()
    # What was silent was not heard.
    assert told["heard"] == pytest.approx([2.0, 3.97 + 0.03], abs=0.05)
    assert (told["playing"], told["position"]) == (False, 7.0)


def test_what_was_heard_is_counted_for_each_side(page: Page) -> None:
    _, told = rendered(
        page,
        sounds=sounds("music1", "music2", "related"),
        seconds=7,
        actions=[
            [1, "switchTo", 1],
            [3, "pause"],
            [4, "play"],
            [5, "setVolume", 0],
            [6, "setVolume", 1],
            [6.1, "seek", 0],
        ],
    )
    assert told["heard"] == pytest.approx([1.0, 2.0 + 1.0 + 1.0, 0], abs=0.1)


def test_a_missing_sound_is_named_and_the_others_play(page: Page) -> None:
    sides = sounds("not-there", CODES[1], "noise", CODES[3])
    sound, told = rendered(
        page, sounds=sides, seconds=2, actions=[[0.6, "switchTo", 2], [1, "switchTo", 3]]
    )
    assert told["errors"] == [
        {"index": 0, "kind": "fetch", "status": 404},
        {"index": 2, "kind": "decode", "status": None},
    ]
    side, _ = decoded(sound)
    assert (side[RATE_HZ // 2], side[round(0.8 * RATE_HZ)], side[round(1.5 * RATE_HZ)]) == (1, 1, 3)


def test_nothing_to_play_is_reported(page: Page) -> None:
    _, told = rendered(page, sounds=sounds("not-there", "noise"), seconds=0.5)
    assert [error["index"] for error in told["errors"]] == [0, 1]
    assert not told["playing"]


def test_a_failed_sound_is_fetched_again_and_joins_in(page: Page) -> None:
    """The first answer is lost on its way; the second arrives while the other side plays."""
    lost: list[Route] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.fallback()
        else:
            lost.append(route)
            route.abort()

    page.route("**/sounds/code1", lose_once)
    sound, told = recorded(
        page,
        """async (player) => {
            const missing = player.errors.map((error) => [error.index, error.kind]);
            await player.play();
            await new Promise((done) => setTimeout(done, 300));
            const refused = player.switchTo(1);
            const parts = [];
            const errors = await player.load((part) => parts.push(part));
            const taken = player.switchTo(1);
            await new Promise((done) => setTimeout(done, 300));
            return { missing, refused, taken, errors: errors.length, last: parts.at(-1) };
        }""",
        sounds=sounds(*CODES[:2]),
    )
    page.unroute("**/sounds/code1")
    assert told["told"] == {
        "missing": [[1, "fetch"]],
        "refused": False,
        "taken": True,
        "errors": 0,
        "last": 1,
    }
    first, last = np.flatnonzero(sound[:, 0])[[0, -1]]
    side, position = decoded(sound[first : last + 1])
    shift = position - np.arange(len(position))
    assert (side[STARTED], side[-5000]) == (0, 1)
    assert shift[STARTED] == shift[-5000]
