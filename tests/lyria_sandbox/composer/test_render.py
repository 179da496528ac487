"""Rendered files, heard by a listener that does not know what was asked for."""

import hashlib
import io
import json
import os
import pickle
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
import soundfile
from support.listen import Recording, distance

from lyria_sandbox.composer import Order, Rendered, render, warm
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import make_plan

ASKED_TEMPOS = {
    "lo-fi hip hop, rhodes, 82 BPM, 16 seconds": 82,
    "reggae with organ, 78 BPM, 16 seconds": 78,
    "orchestral adventure, 90 BPM, 16 seconds": 90,
    "acoustic folk, guitar and violin, 98 BPM, 16 seconds": 98,
    "funk with slap bass, 108 BPM, 16 seconds": 108,
    "music box waltz in 3/4, 114 BPM, 16 seconds": 114,
    "house with piano, 124 BPM, 16 seconds": 124,
    "driving rock, 137 BPM, 16 seconds": 137,
    "thrash metal, 160 BPM, 16 seconds": 160,
    "rock ballad in 6/8, electric guitar, 66 BPM, 16 seconds": 66,
}
HALF_TIME = {"pop punk, 180 BPM, 16 seconds": 180}
SONG = """Indie pop, 116 BPM, G major, acoustic guitar, warm vocals, 60 seconds
[Intro]
[Verse]
Walking down the empty street tonight
Counting all the little city lights
[Chorus]
Oh we are golden, we are free
Running like a river to the sea
[Verse]
Morning comes and paints the window blue
[Chorus]
Oh we are golden, we are free
Running like a river to the sea
[Outro]"""


@cache
def rendered(prompt: str, model: str = "lyria-3", seed: int = 7) -> Rendered:
    return render(Order(model, prompt, seed=seed))


@cache
def heard(prompt: str, model: str = "lyria-3", seed: int = 7) -> Recording:
    return Recording.of(rendered(prompt, model, seed).audio)


@pytest.mark.parametrize(("prompt", "bpm"), ASKED_TEMPOS.items())
def test_the_tempo_heard_is_the_tempo_asked_for(prompt: str, bpm: float) -> None:
    assert heard(prompt).tempo_bpm() == pytest.approx(bpm, abs=2)
    assert rendered(prompt).understood["tempo_bpm"] == bpm


@pytest.mark.parametrize(("prompt", "bpm"), HALF_TIME.items())
def test_very_fast_beats_may_be_counted_in_half(prompt: str, bpm: float) -> None:
    # People, too, tap with the backbeat of such music: preferred tempos lie between 80 and 160 BPM
    # (van Noorden and Moelants 1999), and the snare sounds on every second beat.
    measured = heard(prompt).tempo_bpm()
    assert min(abs(measured - bpm), 2 * abs(measured - bpm / 2)) < 2


@pytest.mark.parametrize("prompt", [*list(ASKED_TEMPOS)[::2], SONG])
def test_levels(prompt: str) -> None:
    recording = heard(prompt, "lyria-3-pro" if prompt is SONG else "lyria-3")
    assert recording.loudness_lufs() == pytest.approx(-14, abs=0.3)
    assert recording.true_peak_dbtp() < -1
    assert recording.clipped() == 0
    assert recording.clicks() == 0


@pytest.mark.parametrize("prompt", [*list(ASKED_TEMPOS)[1::2], SONG])
def test_there_is_no_silence(prompt: str) -> None:
    recording = heard(prompt, "lyria-3-pro" if prompt is SONG else "lyria-3")
    assert recording.gaps() == []
    assert recording.correlation() < 0.97


def test_lyria_2_is_a_wav_of_32_8_seconds() -> None:
    made = rendered("calm piano, 80 BPM, C major", "lyria-2")
    info = soundfile.info(io.BytesIO(made.audio))
    assert (info.format, info.subtype) == ("WAV", "PCM_16")
    assert (info.samplerate, info.channels, info.frames) == (48_000, 2, round(32.8 * 48_000))
    assert (made.media_type, made.extension, made.duration_s) == ("audio/wav", "wav", 32.8)
    recording = heard("calm piano, 80 BPM, C major", "lyria-2")
    assert recording.loudness_lufs() == pytest.approx(-14, abs=0.3)
    assert recording.true_peak_dbtp() < -1
    assert recording.gaps() == []


def test_lyria_3_is_an_mp3_of_about_30_seconds() -> None:
    prompt = "synthwave, 104 BPM"
    made = rendered(prompt)
    info = soundfile.info(io.BytesIO(made.audio))
    assert (info.format, info.samplerate, info.channels) == ("MP3", 48_000, 2)
    assert (made.media_type, made.extension) == ("audio/mpeg", "mpeg")
    assert 27 <= heard(prompt).seconds <= 32.5
    assert made.duration_s == pytest.approx(heard(prompt).seconds, abs=0.1)


def test_lyria_3_pro_follows_the_length_and_the_tags() -> None:
    made = rendered(SONG, "lyria-3-pro")
    assert made.duration_s == pytest.approx(60, rel=0.07)
    names = [section["name"] for section in made.understood["sections"]]
    assert names == ["intro", "verse", "chorus", "verse", "chorus", "outro"]
    assert made.understood["sections"][-1]["end_s"] == pytest.approx(made.duration_s, abs=0.01)
    assert made.understood["voice"] == "wordless"


def test_a_chorus_that_returns_is_known_again() -> None:
    spans: dict[str, list[tuple[float, float]]] = {}
    for section in rendered(SONG, "lyria-3-pro").understood["sections"]:
        spans.setdefault(section["name"], []).append((section["start_s"], section["end_s"]))
    song = heard(SONG, "lyria-3-pro")
    first, again = (song.colour(*span) for span in spans["chorus"])
    verse = song.colour(*spans["verse"][0])
    assert distance(first, again) < 0.5 * distance(again, verse)


def test_a_song_rises_to_its_choruses_and_dies_away() -> None:
    song = heard(SONG, "lyria-3-pro")
    levels: dict[str, list[float]] = {}
    for section in rendered(SONG, "lyria-3-pro").understood["sections"]:
        span = slice(int(section["start_s"] * song.rate), int(section["end_s"] * song.rate))
        power = float((song.sound[span] ** 2).mean())
        levels.setdefault(section["name"], []).append(10 * np.log10(power))
    assert levels["intro"][0] + 3 < levels["verse"][0] < levels["chorus"][0] - 0.5
    assert max(levels["chorus"]) - levels["outro"][0] > 3
    thirds = [10 * np.log10((part**2).mean()) for part in np.array_split(song.sound[-96_000:], 3)]
    assert thirds[0] > thirds[1] + 2 > thirds[2] + 6


def rings(prompt: str, seed: int) -> bool:
    order = Order("lyria-3", prompt, seed=seed)
    plan = make_plan(order, read(order))
    return not plan.stops and not plan.fade_s


def test_a_fade_out_is_a_long_one() -> None:
    prompt = "chiptune, 150 BPM, 16 seconds, instrumental"
    falls = []
    seed = next(seed for seed in range(20) if rings(prompt, seed))
    for words in (prompt, f"{prompt}, fade-out"):
        sound = heard(words, seed=seed).sound
        powers = [float((part**2).mean()) for part in np.array_split(sound, 32)]
        assert powers[-1] < powers[-3] < powers[-5]
        falls.append(10 * np.log10(np.mean(powers[12:22]) / np.mean(powers[-6:-3])))
    assert falls[1] > falls[0] + 1.5


def test_the_key_heard_is_the_key_asked_for() -> None:
    assert heard(SONG, "lyria-3-pro").key()[:2] == ("G", "major")
    assert rendered(SONG, "lyria-3-pro").understood["key"] == "G"


def test_tempo_and_key_change_where_the_prompt_says_so() -> None:
    prompt = (
        "Funk, C major, 96 BPM, instrumental\n[0:00 - 0:12] Verse: drums and bass\n"
        "[0:12 - 0:24] Chorus: 132 BPM, key change up a whole step"
    )
    whole = heard(prompt)
    told = rendered(prompt).understood
    change = told["sections"][1]["start_s"]
    assert change == pytest.approx(12, abs=60 / 96)
    assert told["tempo_changes"] == [{"start_s": pytest.approx(change, abs=1e-3), "tempo_bpm": 132}]
    cut = int(change * whole.rate)
    before, after = (Recording(part, whole.rate) for part in (whole.sound[:cut], whole.sound[cut:]))
    assert before.tempo_bpm() == pytest.approx(96, abs=2)
    assert after.tempo_bpm() == pytest.approx(132, abs=2)


def test_equal_orders_give_equal_files_and_others_do_not() -> None:
    prompt = "chiptune, 150 BPM, 10 seconds"
    again = render(Order("lyria-3", prompt, seed=7))
    assert again == rendered(prompt)
    assert render(Order("lyria-3", prompt, seed=8)).audio != again.audio


def test_another_process_makes_the_same_file() -> None:
    prompt = "folk with violin, 100 BPM, 8 seconds"
    script = (
        "import hashlib; from lyria_sandbox.composer import Order, render\n"
        f"made = render(Order('lyria-3', {prompt!r}, seed=7))\n"
        "print(hashlib.sha256(made.audio).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env=environment
    )
    assert done.stdout.decode().strip() == hashlib.sha256(rendered(prompt).audio).hexdigest()


def test_the_files_say_who_made_them() -> None:
    maker = b"Lyria Studio sandbox composer"
    wav = rendered("calm piano, 80 BPM, C major", "lyria-2").audio
    assert wav[:4] == b"RIFF"
    assert b"INFO" in wav[:400]
    assert maker in wav[:400]
    mp3 = rendered("chiptune, 150 BPM, 10 seconds").audio
    assert mp3[:3] == b"ID3"
    tag = mp3[:1200].decode("latin-1").replace("\x00", "")
    assert maker.decode() in tag
    assert "not by Lyria" in tag


def test_what_was_understood_is_told_in_json() -> None:
    made = rendered("chiptune, 150 BPM, 10 seconds")
    told = json.loads(json.dumps(made.understood))
    assert told == made.understood
    expected = {
        "tempo_bpm", "key", "mode", "genre", "instruments", "sections", "instrumental",
        "not_understood", "length_s", "moods", "meter", "notes",
    }  # fmt: skip
    assert expected <= told.keys()
    assert told["instrumental"] is True


def test_orders_and_files_cross_process_boundaries() -> None:
    warm()
    made = rendered("chiptune, 150 BPM, 10 seconds")
    order = Order("lyria-3", "chiptune", images=("https://example.com/a.png",))
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  # our own bytes
    assert pickle.loads(pickle.dumps(order)) == order  # noqa: S301  # our own bytes


def test_what_people_write_is_in_no_repr() -> None:
    order = Order("lyria-2", "my secret song", "secret noise", images=("https://secret.example",))
    assert "secret" not in repr(order)
    made = rendered("chiptune, 150 BPM, 10 seconds")
    assert len(repr(made)) < 200
