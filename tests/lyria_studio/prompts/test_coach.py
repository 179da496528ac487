from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.prompts import any_text

from lyria_core import MODELS, InvalidRequest, MusicRequest
from lyria_studio.model.draft import MAX_PROMPT_CHARACTERS
from lyria_studio.prompts import Advice, Fields, advise
from lyria_studio.prompts.coach import REFUSED, RULES
from lyria_studio.prompts.sources import SOURCES

pytestmark = pytest.mark.slow

PRO, CLIP, STUDIO = "lyria-3-pro", "lyria-3", "lyria-2"
GOOD = "Slow warm folk, acoustic guitar and harmonica, soft female vocals"
INSTRUMENTAL = "Slow warm folk, acoustic guitar and harmonica. Instrumental only, no vocals."
IMAGE = "https://example.com/beach.jpg"


def fields(
    prompt: str, model: str = PRO, negative: str = "", images: tuple[str, ...] = ()
) -> Fields:
    return Fields(prompt, negative, images, model)


def advice_on(given: Fields) -> dict[str, Advice]:
    found = advise(given.prompt, given.negative_prompt, given.images, given.model_id)
    assert len({advice.id for advice in found}) == len(found)
    return {advice.id: advice for advice in found}


@pytest.mark.parametrize(
    "said",
    [
        fields(GOOD),
        fields(GOOD, CLIP),
        fields(INSTRUMENTAL),
        fields(INSTRUMENTAL, STUDIO),
        fields(INSTRUMENTAL, STUDIO, "drums, vocals"),
        fields(GOOD, images=(IMAGE,) * 10),
        fields("Genre: soul\nMood: warm\nInstruments: organ\nTempo: 84 BPM\nVocals: deep baritone"),
        fields(f"{GOOD}\n\n[0:00 - 0:20] Intro: guitar\n\n[0:20 - 1:00] Verse:\nLate train home"),
        fields(
            "Langsame Volksmusik mit einer Gitarre und der Geige für die Nacht, im Stil von früher"
        ),
    ],
)
def test_a_good_prompt_is_left_alone(said: Fields) -> None:
    assert advice_on(said) == {}


FOUND = [
    ("empty", fields("")),
    ("empty", fields(" \n ")),
    ("too-long", fields("a" * (MAX_PROMPT_CHARACTERS + 1))),
    ("unsendable", fields(f"{GOOD} \ud83c")),
    ("unsendable", fields(INSTRUMENTAL, STUDIO, "drums \udf00")),
    ("images-not-taken", fields(INSTRUMENTAL, STUDIO, images=(IMAGE,))),
    ("too-many-images", fields(GOOD, images=(IMAGE,) * 11)),
    ("image-address", fields(GOOD, images=(IMAGE, "beach.jpg"))),
    ("negative-not-taken", fields(GOOD, CLIP, "drums")),
    ("name", fields(f"{GOOD}, like Adele")),
    ("name", fields(f"{GOOD} in the style of Queen")),
    ("name", fields(f"{GOOD}, a cover of Hello")),
    ("name", fields(f"{GOOD}\n\n[Chorus]\nDon't stop believin'")),
    ("unsafe", fields(f"{GOOD} about a murder")),
    ("lyrics-instrumental", fields(f"{INSTRUMENTAL}\n\n[Verse]\nLate train home")),
    ("lyrics-instrumental", fields(f"{GOOD}. No vocals.\n\nLyrics:\nLate train home")),
    ("vocals-unsupported", fields(GOOD, STUDIO)),
    ("vocals-unsupported", fields("Slow warm folk, guitar, a man sings of rain", STUDIO)),
    ("sections-unsupported", fields(f"{INSTRUMENTAL}\n\n[Intro]\n\n[Outro]", STUDIO)),
    ("language", fields(f"{GOOD}, sung in Italian")),
    ("language", fields(f"{GOOD}, Swedish lyrics")),
    ("language", fields(f"{GOOD}\nLanguage: Russian")),
    ("language", fields(f"{GOOD}\n\nLyrics:\nПоздний поезд домой")),
    ("language", fields(f"{GOOD}\n\nLyrics:\n深夜的火车带我回家")),
    ("english-only", fields("ruhige Musik mit der Gitarre und der Geige für eine Nacht", STUDIO)),
    ("english-only", fields("夜の静かなギターの音楽", STUDIO)),
    ("length", fields(f"{GOOD}, 3 minutes long", CLIP)),
    ("length", fields(f"{INSTRUMENTAL} A 90-second piece.", STUDIO)),
    ("length", fields(f"{GOOD}, ten minutes")),
    ("timing", fields(f"{GOOD}\n\n[0:00 - 0:20] Intro: x\n[0:10 - 0:30] Verse: y")),
    ("timing", fields(f"{GOOD}\n\n[0:00 - 0:20] Intro: x\n[0:20 - 1:30] Verse: y", CLIP)),
    ("contradiction", fields(INSTRUMENTAL, STUDIO, "harmonica, drums")),
    ("negative-sentence", fields(INSTRUMENTAL, STUDIO, "no drums please")),
    ("negative-sentence", fields(INSTRUMENTAL, STUDIO, "I don't want any vocals")),
    ("negative-sentence", fields(INSTRUMENTAL, STUDIO, "no, please")),
    ("negation-in-prompt", fields("Slow warm folk with guitar but without bass drums", STUDIO)),
    ("no-genre", fields("Something slow and warm with guitar, no vocals")),
    ("no-genre", fields("Music for a haunted house, slow, dark, organ, no vocals")),
    ("no-mood", fields("Slow folk with guitar, no vocals")),
    ("no-instruments", fields("Slow warm folk, no vocals")),
    ("no-instruments", fields("Slow warm folk, no drums, no vocals")),
    ("no-tempo", fields("Warm folk with guitar, no vocals")),
    ("voice-unsaid", fields("Slow warm folk with guitar")),
    ("short", fields(f"{GOOD}, a 30-second jingle")),
    ("short", fields(f"{GOOD}, 10 seconds", CLIP)),
]

NOT_FOUND = [
    ("too-long", fields("a" * MAX_PROMPT_CHARACTERS)),
    ("unsendable", fields(f"{GOOD} 🎸 日本")),
    ("image-address", fields(GOOD, images=("http://example.com/a b.jpg".replace(" ", "%20"),))),
    ("negative-not-taken", fields(GOOD, CLIP, "  ")),
    ("name", fields(f"{GOOD} for a queen, a prince and a kiss in the bush, yes")),
    ("unsafe", fields(f"{GOOD}, a killer bass line with piano stabs")),
    ("lyrics-instrumental", fields(f"{GOOD}, an instrumental break\n\n[Verse]\nLate train home")),
    ("lyrics-instrumental", fields(f"{GOOD}\n\n[Instrumental]\n\n[Verse]\nLate train home")),
    ("vocals-unsupported", fields(f"{INSTRUMENTAL} Without singing.", STUDIO)),
    ("vocals-unsupported", fields("Slow warm folk, alto saxophone", STUDIO)),
    ("sections-unsupported", fields(f"{INSTRUMENTAL} [soft] end", STUDIO)),
    ("language", fields(f"{GOOD}, Italian disco strings")),
    ("language", fields(f"{GOOD}, vocals in Latin style")),
    ("language", fields(f"{GOOD}, sung in Japanese\n\nLyrics:\n夜の電車で帰る")),
    ("language", fields(f"{GOOD}\n\nLyrics:\n늦은 밤 기차를 타고 집으로")),
    ("language", fields(f"{GOOD}\n\nLyrics:\nरात की गाड़ी घर ले चली")),
    ("english-only", fields("Slow flamenco con fuego, a nylon guitar for el toro", STUDIO)),
    ("length", fields(f"{GOOD}, 30 seconds", CLIP)),
    ("length", fields(f"{GOOD}, after 90 seconds the drums enter", CLIP)),
    ("length", fields(f"{GOOD}\n\n[Verse]\nFive more minutes in this town", CLIP)),
    ("length", fields(f"{GOOD}, about 3 minutes")),
    ("timing", fields(f"{GOOD}\n\n[0:00 - 0:10] Intro: x\n[0:14 - 0:30] Verse: y")),
    ("contradiction", fields("Slow warm folk, guitar, no drums", STUDIO, "drums")),
    ("negative-sentence", fields(INSTRUMENTAL, STUDIO, "vocals, slow tempo, notes out of tune")),
    ("negation-in-prompt", fields("Slow warm folk, guitar, no drums")),
    ("negation-in-prompt", fields("Slow warm folk, guitar, no hurry", STUDIO)),
    ("no-genre", fields("slow house music with organ")),
    ("no-genre", fields("anything", images=(IMAGE,))),
    ("no-mood", fields("anything", images=(IMAGE,))),
    ("no-mood", fields("Genre: folk\nMood: feel-good")),
    ("no-instruments", fields("hi-hat patterns")),
    ("no-tempo", fields("folk, 84bpm")),
    ("no-tempo", fields("folk, andante")),
    ("voice-unsaid", fields(f"{GOOD}\n\nLyrics:\nLate train home")),
    ("voice-unsaid", fields("Slow warm folk with guitar", STUDIO)),
    ("short", fields(f"{GOOD}, 2 minutes")),
]


@pytest.mark.parametrize(("rule", "said"), FOUND)
def test_each_rule_finds(rule: str, said: Fields) -> None:
    assert rule in advice_on(said)


@pytest.mark.parametrize(("rule", "said"), NOT_FOUND)
def test_each_rule_leaves_alone(rule: str, said: Fields) -> None:
    assert rule not in advice_on(said)


def test_every_rule_is_shown_to_find() -> None:
    assert {rule for rule, _ in FOUND} == {rule.id for rule in (*REFUSED, *RULES)}


@pytest.mark.parametrize(("rule", "said"), FOUND)
def test_a_remedy_helps_and_can_be_pressed_once(rule: str, said: Fields) -> None:
    advice = advice_on(said)[rule]
    assert (advice.remedy is None) == (advice.change is None)
    after = advice.apply(said)
    if advice.change is None:
        assert after == said
    else:
        assert after != said
        assert advice_on(after).get(rule, replace(advice, message="")).message != advice.message


@pytest.mark.parametrize(
    ("rule", "said", "after"),
    [
        ("negative-sentence", fields(INSTRUMENTAL, STUDIO, "no drums please"), "drums"),
        (
            "negative-sentence",
            fields(
                INSTRUMENTAL, STUDIO, "Please don't use any vocals, and no harsh drum and bass."
            ),
            "vocals, harsh drum and bass",
        ),
        (
            "negation-in-prompt",
            fields("Slow folk, guitar, no drums", STUDIO, "vocals"),
            "vocals, drums",
        ),
        ("contradiction", fields(INSTRUMENTAL, STUDIO, "harmonica, drums"), "drums"),
    ],
)
def test_what_to_leave_out_is_written_as_nouns(rule: str, said: Fields, after: str) -> None:
    assert advice_on(said)[rule].apply(said).negative_prompt == after


@pytest.mark.parametrize(
    ("rule", "said", "after"),
    [
        ("no-tempo", fields("Warm folk with guitar, no vocals"), "\nTempo: 100 BPM"),
        (
            "no-tempo",
            fields("Genre: folk\nMood: warm\nKey: D minor\n\n[Verse]\nHome"),
            "Mood: warm\nTempo: 100 BPM\nKey: D minor\n\n[Verse]",
        ),
        (
            "voice-unsaid",
            fields("Slow warm folk with guitar"),
            "guitar\nInstrumental only, no vocals.",
        ),
        ("negative-not-taken", fields(GOOD, CLIP, "no drums, no bass"), "\n\nNo drums, no bass."),
        (
            "name",
            fields(f"{GOOD}, like Enya."),
            ", like Celtic new age with layered female vocals.",
        ),
        (
            "lyrics-instrumental",
            fields(f"{INSTRUMENTAL}\n\n[Verse]\nHome"),
            "harmonica.\n\n[Verse]\nHome",
        ),
        ("language", fields(f"{GOOD}, sung in Italian"), ", sung in English"),
    ],
)
def test_a_remedy_changes_the_prompt_where_it_should(rule: str, said: Fields, after: str) -> None:
    assert after in advice_on(said)[rule].apply(said).prompt


@pytest.mark.parametrize(
    ("said", "model"),
    [
        (fields(f"{GOOD}, 3 minutes long", CLIP), PRO),
        (fields(f"{GOOD}, a 30-second jingle", PRO), CLIP),
        (fields(GOOD, STUDIO), CLIP),
    ],
)
def test_another_model_is_offered(said: Fields, model: str) -> None:
    advice = next(iter(advice_on(said).values()))
    assert advice.apply(said) == replace(said, model_id=model)
    assert advice.remedy == f"Switch to {MODELS[model].name}"


def test_facts_have_a_source_and_lines_are_lines() -> None:
    for rule, said in FOUND:
        advice = advice_on(said)[rule]
        assert advice.source in SOURCES.values()
        assert "\n" not in advice.message
        assert len(advice.message) < 130
        assert len(advice.remedy or "") < 60


def test_the_gravest_comes_first() -> None:
    found = advise("like Adele, sung in Italian \ud83c", "drums", ("x",), CLIP)
    order = ["refused", "warning", "tip"]
    assert [advice.severity for advice in found] == sorted(
        (advice.severity for advice in found), key=order.index
    )
    assert {advice.severity for advice in found} == set(order)


def test_an_unknown_model_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        advise("folk", "", (), "lyria-9")


NEGATIVE_WORDS = ("no", "drums", ",", "please", "and", "vocals", "don't", "use", ".", "any")
anything = st.builds(
    Fields,
    prompt=st.one_of(
        st.text(st.characters(), max_size=200),
        st.lists(
            st.one_of(any_text, st.sampled_from([s.prompt for _, s in FOUND])), max_size=4
        ).map(" ".join),
    ),
    negative_prompt=st.one_of(
        st.text(st.characters(), max_size=60),
        st.lists(st.sampled_from(NEGATIVE_WORDS), max_size=9).map(" ".join),
    ),
    images=st.lists(st.one_of(st.just(IMAGE), st.text(max_size=20)), max_size=12).map(tuple),
    model_id=st.sampled_from(sorted(MODELS)),
)


@given(anything)
def test_the_coach_blocks_exactly_what_the_client_refuses(said: Fields) -> None:
    try:
        MusicRequest(said.model_id, said.prompt, said.images, said.negative_prompt or None)
        refused = len(said.prompt) > MAX_PROMPT_CHARACTERS
    except InvalidRequest:
        refused = True
    assert any(a.severity == "refused" for a in advice_on(said).values()) == refused


@given(anything)
def test_every_remedy_can_be_applied_and_is_then_gone(said: Fields) -> None:
    for advice in advice_on(said).values():
        if advice.change is None:
            continue
        after = advice.apply(said)
        assert after != said
        again = advice_on(after).get(advice.id)
        assert again is None or (again.message, again.change) != (advice.message, advice.change)


@pytest.mark.parametrize("model", sorted(MODELS))
@pytest.mark.parametrize(
    "piece",
    ["no ", "a", " ", "\n", "[", "[0:00 - ", "(", "in the style of ", "Queen and ", "Genre: ", "1 ",
     "instrumental, ", "vocals in ", "‘", "-", "，", "пт ", "Mood: sad. ", "piano, ", ", no drums"],
)  # fmt: skip
def test_long_texts_without_end_are_read(piece: str, model: str) -> None:
    # 100 kB, and the longest that is not refused at once; a regular expression that goes back
    # over what it has read would run into the test's time limit.
    for size in (MAX_PROMPT_CHARACTERS, 100_000):
        text = (piece * (size // len(piece)))[:size]
        advise(text, text, (), model)
