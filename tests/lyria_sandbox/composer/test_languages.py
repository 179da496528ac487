"""Prompts in the languages that Lyria takes, and in Chinese and Russian."""

import pytest
from support.parsed_prompts import names, parsed

from lyria_sandbox.composer.parse.lexicon import SECTION_NAMES, lexicons
from lyria_sandbox.composer.tables.scales import tonic_name


@pytest.mark.parametrize(
    ("prompt", "genre", "mood", "instruments", "bpm"),
    [
        ("Trauriger Jazz mit Klavier und Trompete, 90 BPM", "jazz", "sad",
         ["piano", "trumpet"], 90),
        ("Jazz triste con piano y trompeta, 90 BPM", "jazz", "sad", ["piano", "trumpet"], 90),
        ("Un jazz triste au piano et à la trompette, 90 BPM", "jazz", "sad",
         ["piano", "trumpet"], 90),
        ("Jazz triste com piano e trompete, 90 BPM", "jazz", "sad", ["piano", "trumpet"], 90),
        ("पियानो और तुरही के साथ उदास जैज़, 90 बीपीएम", "jazz", "sad",
         ["piano", "trumpet"], 90),
        ("ピアノとトランペットの悲しいジャズ、90BPM", "jazz", "sad", ["piano", "trumpet"], 90),
        ("피아노와 트럼펫이 있는 슬픈 재즈, 90 BPM", "jazz", "sad", ["piano", "trumpet"], 90),
        ("悲伤的爵士乐，钢琴和小号，每分钟90拍", "jazz", "sad", ["piano", "trumpet"], 90),
        ("Грустный джаз с фортепиано и трубой, 90 ударов в минуту", "jazz", "sad",
         ["piano", "trumpet"], 90),
    ],
)  # fmt: skip
def test_the_same_wish_in_every_language(
    prompt: str, genre: str, mood: str, instruments: list[str], bpm: float
) -> None:
    found = parsed(prompt)
    assert found.genre is not None
    assert found.genre.name == genre
    assert names(found.moods) == [mood]
    assert names(found.instruments) == instruments
    assert found.tempo_bpm == bpm


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("Klavierstück in C-Dur", "C major"),
        ("Walzer in cis-Moll", "C# minor"),
        ("ein Lied in B-Dur", "Bb major"),
        ("ein Lied in h-Moll", "B minor"),
        ("Ballade in Es-Dur", "Eb major"),
        ("canción de piano en do mayor", "C major"),
        ("balada en fa sostenido menor", "F# minor"),
        ("bolero en si bemol mayor", "Bb major"),
        ("une chanson en ré mineur", "D minor"),
        ("une valse en mi bémol majeur", "Eb major"),
        ("uma canção em lá menor", "A minor"),
        ("музыка в до мажоре", "C major"),
        ("баллада в до-диез миноре", "C# minor"),
        ("ピアノ曲、ハ長調", "C major"),
        ("嬰ハ短調のワルツ", "C# minor"),
        ("C大调钢琴曲", "C major"),
        ("升C小调的曲子", "C# minor"),
        ("다장조 피아노곡", "C major"),
        ("C 마이너 발라드", "C minor"),
    ],
)
def test_keys(prompt: str, key: str) -> None:
    found = parsed(prompt)
    assert found.key.tonic is not None
    assert found.key.mode is not None
    tonic, mode = key.split()
    assert found.key.mode == mode
    same = {"Eb": "D#", "Bb": "A#"}
    assert tonic_name(found.key.tonic, mode).split()[0] in (tonic, same.get(tonic))


@pytest.mark.parametrize("key", ["A minor", "E major", "E flat major", "D maj", "C# min"])
@pytest.mark.parametrize(
    "lyrics",
    [
        "Reste encore un peu, la ville nous oublie",
        "Quédate un poco más, la ciudad nos olvida",
        "Fica mais um pouco, a cidade nos esquece",
        "Bleib noch ein wenig, die Stadt vergisst uns",
    ],
)
def test_an_english_key_stays_a_key_above_lyrics_of_another_language(key: str, lyrics: str) -> None:
    found = parsed(f"Genre: chanson\nKey: {key}\nLyrics:\n{lyrics}").key
    assert found == parsed(f"Genre: chanson\nKey: {key}").key
    assert found.tonic is not None


@pytest.mark.parametrize(
    ("prompt", "excluded"),
    [
        ("Rock ohne Schlagzeug", ["drums"]),
        ("Popsong, kein Klavier, keine Geigen", ["piano", "violin"]),
        ("rock sin batería", ["drums"]),
        ("pop sans piano ni batterie", ["piano", "drums"]),
        ("samba sem guitarra", ["guitar"]),
        ("बिना ड्रम के पॉप", ["drums"]),
        ("पॉप, कोई ड्रम नहीं", ["drums"]),
        ("ドラムなしのロック", ["drums"]),
        ("드럼 없는 록", ["drums"]),
        ("没有鼓的摇滚", ["drums"]),
        ("рок без барабанов", ["drums"]),
    ],
)
def test_exclusions(prompt: str, excluded: list[str]) -> None:
    found = parsed(prompt)
    assert names(found.excluded) == excluded
    assert not set(excluded) & set(names(found.instruments))


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("Popsong\n[Strophe]\nHallo Welt\n[Refrain]\nAlles ist gut", ["verse", "chorus"]),
        ("Pop\n[Estrofa]\nHola mundo\n[Estribillo]\nTodo está bien", ["verse", "chorus"]),
        ("Pop\n[Couplet]\nBonjour le monde\n[Refrain]\nTout va bien", ["verse", "chorus"]),
        ("Pop\n[Verso]\nOlá mundo\n[Refrão]\nTudo está bem", ["verse", "chorus"]),
        ("ポップス\n[Aメロ]\nこんにちは\n[サビ]\nありがとう", ["verse", "chorus"]),
        ("팝\n[절]\n안녕 친구야\n[후렴]\n내 사랑 영원히 함께", ["verse", "chorus"]),
        ("流行\n[主歌]\n你好\n[副歌]\n再见", ["verse", "chorus"]),
        ("Поп\n[Куплет]\nПривет\n[Припев]\nПока", ["verse", "chorus"]),
    ],
)
def test_names_of_sections(prompt: str, kinds: list[str]) -> None:
    sections = parsed(prompt).sections
    found = ["chorus" if s.kind == "refrain" else s.kind for s in sections]
    assert found == kinds
    assert all(len(section.lyrics) == 1 for section in sections)


@pytest.mark.parametrize(
    "label",
    ["Lyrics", "Liedtext", "Letra", "Paroles", "गीत के बोल", "歌詞", "가사", "歌词", "Текст песни"],
)
def test_lines_after_a_label_are_sung_and_describe_nothing(label: str) -> None:
    found = parsed(f"Pop, 100 BPM.\n{label}:\nno drums and violins in the jazz\nslow metal rain")
    lines = [line for section in found.sections for line in section.lyrics]
    assert lines == ["no drums and violins in the jazz", "slow metal rain"]
    assert found.genre is not None
    assert found.genre.name == "pop"
    assert not found.excluded
    assert not found.instruments


@pytest.mark.parametrize(
    "prompt",
    ["pop with a Hammond organ", "a rock ballad from Rio de Janeiro", "dark ambient drone", "trio"],
)
def test_english_is_read_as_english(prompt: str) -> None:
    found = parsed(prompt)
    assert not found.not_understood or prompt.startswith("a rock")


def test_every_word_of_the_lists_means_something() -> None:
    fragments = {
        "beats per minute",
        "bpm",
        "hardly any",
        "in the background",
        "less",
        "minutes",
        "seconds",
        *SECTION_NAMES,
    }
    seen = 0
    for lexicon in lexicons():
        for english in dict.fromkeys(lexicon.meanings):
            text = english.replace("\x01", "").strip()
            if not text or text in fragments:
                continue
            found = parsed(f"{text} x")
            seen += 1
            assert set(found.not_understood) <= {"x", "no x"}, (lexicon.language, text)
    assert seen > 500
    assert {lexicon.language for lexicon in lexicons()} == {
        "de", "es", "fr", "hi", "ja", "ko", "pt", "ru", "zh",
    }  # fmt: skip
