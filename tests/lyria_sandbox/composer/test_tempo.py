"""Tempo, its changes, and meters, from the words to the notes."""

import pytest
from support.parsed_prompts import names, parsed, written

from lyria_sandbox.composer.meter import METERS


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("punk 160", 160),
        ("deep house, 122", 122),
        ("techno @ 135bpm", 135),
        ("♩=96, strings", 96),
        ("♩ = 72", 72),
        ("quarter note = 66", 66),
        ("between 90 and 100 BPM", 95),
        ("90 to 100 bpm", 95),
        ("120–128 BPM house", 124),
        ("half-time at 140", 140),
        ("double time 85 bpm", 85),
        ("60 beats per minute", 60),
        ("100 beats a minute", 100),
        ("tempo = 104", 104),
        ("run at 180 steps per minute", 180),
        ("BPM: 87", 87),
        ("ninety beats per minute", 90),
        ("a hundred and twenty bpm", 120),
        ("one hundred and five bpm", 105),
        ("allegretto for strings", 112),
        ("largo", 50),
        ("prestissimo", 196),
    ],
)
def test_ways_to_write_a_tempo(prompt: str, bpm: float) -> None:
    assert parsed(prompt).tempo_bpm == bpm


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("calm piano, about one-sixty", 160),
        ("techno at one thirty", 130),
        ("house, say one-twenty-eight", 128),
        ("soul at about ninety", 90),
        ("funk, around a hundred and five", 105),
        ("rock at 95 or so", 95),
        ("afro house but slower, like 110", 110),
        ("jazz, maybe 140, with brushes", 140),
    ],
)
def test_tempos_as_people_say_them(prompt: str, bpm: float) -> None:
    assert parsed(prompt).tempo_bpm == bpm


@pytest.mark.parametrize(
    ("prompt", "genre", "bpm"),
    [
        ("half the tempo of drum and bass", "drum and bass", 86),
        ("hip hop at half the speed of techno", "hip hop", 65),
        ("a waltz as fast as punk", "waltz", 172),
        ("ambient, twice as slow as house", "ambient", 61),
        ("bossa nova slower than reggae", "bossa nova", 65),
        ("rock, a bit faster than normal house", "rock", 130),
        ("folk at the tempo of a waltz", "folk", 111),
    ],
)
def test_a_tempo_may_be_told_by_that_of_a_genre(prompt: str, genre: str, bpm: float) -> None:
    found = parsed(prompt)
    assert found.genre is not None
    assert found.genre.name == genre
    assert found.tempo_bpm == pytest.approx(bpm, rel=0.08)


@pytest.mark.parametrize(
    "prompt",
    [
        "pop about 25 years",
        "a song about sixty years",
        "about two minutes of jazz",
        "a band of about nine",
    ],
)
def test_topics_lengths_and_counts_are_no_tempo(prompt: str) -> None:
    assert parsed(prompt).tempo_bpm is None


@pytest.mark.parametrize(
    "prompt", ["a Rhodes that never hurries", "jazz, unhurried", "no rush, soul", "takes its time"]
)
def test_what_never_hurries_is_slow(prompt: str) -> None:
    assert parsed(prompt).tempo_factor < 1


@pytest.mark.parametrize("prompt", ["60 beats per minute", "ninety beats a minute, harp"])
def test_beats_per_minute_are_no_drums(prompt: str) -> None:
    assert "drums" not in names(parsed(prompt).instruments)


@pytest.mark.parametrize(
    "prompt", ["synthwave from 1984", "8-bit chiptune", "80s pop", "blues, 12 bars", "24 violins"]
)
def test_years_and_counts_are_no_tempo(prompt: str) -> None:
    assert parsed(prompt).tempo_bpm is None


@pytest.mark.parametrize(
    ("prompt", "start", "end"),
    [
        ("techno from 80 bpm speeding up to 160", 80, 160),
        ("rock, from 100 to 140 BPM", 100, 140),
        ("starts at 70 bpm and gradually accelerates to 120 bpm, folk", 70, 120),
        ("waltz, 150 → 90 bpm", 150, 90),
        ("lo-fi from 120 bpm slowing down to 80", 120, 80),
        ("techno, 80-120 BPM, accelerating", 80, 120),
        ("Techno, von 80 bis 120 BPM schneller werdend", 80, 120),
        ("rock de 90 a 150 bpm, acelerando", 90, 150),
        ("60から120BPMへ加速するテクノ", 60, 120),
        ("점점 빨라지는 음악, 100에서 140 BPM", 100, 140),
        ("速度从80加快到120的电子音乐", 80, 120),
        ("музыка ускоряется от 70 до 120 ударов в минуту", 70, 120),
    ],
)
def test_the_tempo_moves_from_one_to_another(prompt: str, start: float, end: float) -> None:
    found = parsed(prompt)
    assert found.tempo_bpm == start
    assert found.tempo_bpm * found.tempo_change == pytest.approx(end)
    plan, _ = written(prompt)
    tempos = plan.tempo_map.bpm
    assert tempos[0] == pytest.approx(start, rel=0.03)
    assert tempos[-1] == pytest.approx(end, rel=0.04)
    assert list(tempos) == sorted(tempos, reverse=end < start)
    assert 27 <= plan.duration_s <= 32.5


@pytest.mark.parametrize(
    ("prompt", "faster"),
    [
        ("folk, accelerando", True),
        ("rock that speeds up", True),
        ("pop, slowing down", False),
        ("folk, speeding up to 140 bpm", True),
        ("un morceau folk qui accélère jusqu'à 140 BPM", True),
    ],
)
def test_a_change_of_tempo_without_a_number(prompt: str, faster: bool) -> None:
    tempos = written(prompt)[0].tempo_map.bpm
    assert tempos[-1] > 1.15 * tempos[0] if faster else tempos[-1] < 0.9 * tempos[0]


@pytest.mark.parametrize(
    ("prompt", "meter"),
    [
        ("prog rock in 5/4", "5/4"),
        ("jazz in five-four time", "5/4"),
        ("folk in 7/8", "7/8"),
        ("seven-eight groove", "7/8"),
        ("slow blues 12/8", "12/8"),
        ("twelve-eight gospel", "12/8"),
        ("time signature: 3/4", "3/4"),
        ("common time", "4/4"),
    ],
)
def test_more_meters(prompt: str, meter: str) -> None:
    assert parsed(prompt).meter == meter


@pytest.mark.parametrize("signature", ["11/8", "9/8", "13/16"])
def test_a_meter_that_cannot_be_played_is_reported(signature: str) -> None:
    found = parsed(f"rock in {signature}")
    assert found.meter is None
    assert signature in found.not_understood
    assert any(signature in note for note in found.notes)


@pytest.mark.parametrize("meter", ["5/4", "7/8", "12/8"])
@pytest.mark.parametrize("genre", ["rock", "jazz", "techno", "folk", "ambient", "classical"])
def test_every_band_plays_in_odd_meters(genre: str, meter: str) -> None:
    plan, score = written(f"{genre} in {meter}, 100 BPM")
    beats = METERS[meter].beats
    assert plan.meter.name == meter
    bars = [bar for section in plan.sections for bar in section.bars]
    assert sum(bar == beats for bar in bars) >= len(bars) - len(plan.sections)
    end = sum(bars)
    for part in score.parts:
        assert all(0 <= note.beat < end for note in part.notes)
    if plan.genre.groove:
        # Every bar begins with a stroke: the drums keep to the meter.
        first = plan.sections[0]
        starts = {round(beats * number, 3) for number in range(len(first.bars))}
        struck = {round(note.beat, 3) for part in score.parts for note in part.notes}
        assert len(starts & struck) >= len(starts) - 1
    lasts = plan.tempo_map.seconds(beats)
    assert lasts == pytest.approx(60 / 100 * beats)
