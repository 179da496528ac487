import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import MODELS, MusicRequest
from lyria_studio.prompts import (
    Template,
    TemplateError,
    advise,
    all_templates,
    check_sections,
    compose_prompt,
    export_json,
    import_json,
    import_some,
    new_template,
    read_prompt,
    search,
)
from lyria_studio.prompts.templates import MAX_FILE_CHARACTERS, MAX_TEMPLATES

OURS = all_templates()
by_id = pytest.mark.parametrize("template", OURS, ids=lambda template: template.id)
MINE = {"title": "Mine", "model": "lyria-3", "prompt": "Slow folk"}

line = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
templates = st.builds(
    new_template,
    title=line.filter(str.strip),
    prompt=line.filter(str.strip),
    model=st.sampled_from(sorted(MODELS)),
    use=line,
    genre=line,
    tags=st.lists(line, max_size=3),
    negative_prompt=line,
)


def ids(found: list[Template]) -> list[str]:
    return [template.id for template in found]


def test_there_are_many_for_many_uses_and_every_model() -> None:
    assert len(OURS) >= 30
    assert len({template.id for template in OURS}) == len(OURS)
    assert len({template.title for template in OURS}) == len(OURS)
    assert len({template.use for template in OURS}) >= 15
    assert len({template.genre for template in OURS}) >= 20
    assert {template.model for template in OURS} == set(MODELS)


@by_id
def test_ours_opens_in_the_form_with_nothing_lost(template: Template) -> None:
    blueprint = read_prompt(template.prompt)
    assert compose_prompt(blueprint, template.model) == template.prompt
    assert blueprint.genre
    assert blueprint.moods
    assert blueprint.instruments
    assert blueprint.tempo
    assert check_sections(blueprint.sections, template.model) == []


@by_id
def test_ours_is_sent_and_the_coach_has_nothing_to_say(template: Template) -> None:
    request = MusicRequest(
        template.model, template.prompt, negative_prompt=template.negative_prompt or None
    )
    assert request.payload()["prompt"] == template.prompt
    assert advise(template.prompt, template.negative_prompt, (), template.model) == []


def test_words_are_found_in_any_order_and_case() -> None:
    assert ids(search("INTRO podcast"))[0] == "podcast-intro"
    assert ids(search("podcast intro"))[0] == "podcast-intro"
    assert search("  ") == list(OURS)
    assert search("no such words here") == []


def test_accents_and_beginnings_of_words_are_enough() -> None:
    assert "chanson-cafe" in ids(search("cafe"))
    assert "chanson-cafe" in ids(search("CAFÉ"))
    assert "game-loop-puzzle" in ids(search("puzz"))
    assert "game-loop-puzzle" not in ids(search("uzzle"))


def test_titles_come_first_and_prompts_last() -> None:
    first = Template("a", "Harp at dawn", "film", "folk", "lyria-3", "Slow")
    tagged = Template("b", "Morning", "film", "folk", "lyria-3", "Slow", tags=("harp",))
    written = Template("c", "Evening", "film", "folk", "lyria-3", "Slow harp")
    assert search("harp", [written, tagged, first]) == [first, tagged, written]
    assert search("harp slow", [written, tagged, first]) == [written, tagged, first]


def test_every_template_is_found_by_its_title_use_and_genre() -> None:
    for template in OURS:
        assert template in search(f"{template.genre} {template.use} {template.title}")


@given(st.lists(templates, max_size=4))
def test_own_templates_survive_a_file(own: list[Template]) -> None:
    again = import_json(export_json(own))
    assert [replace(t, id="") for t in again] == [replace(t, id="") for t in own]
    assert len({t.id for t in again}) == len(own)


@given(st.lists(templates, max_size=4))
def test_a_file_of_bytes_is_read_too(own: list[Template]) -> None:
    text = export_json(own)
    assert import_json(text.encode()) == import_json(text)
    assert import_json(b"\xef\xbb\xbf" + text.encode()) == import_json(text)


def test_a_new_template_gets_an_id_of_its_own() -> None:
    first = new_template("Mein Café!", "Slow folk", "lyria-3")
    second = new_template("Mein Café!", "Slow folk", "lyria-3", taken=[first.id])
    assert (first.id, second.id) == ("mein-cafe", "mein-cafe-2")
    assert new_template("日本", "Slow folk", "lyria-3").id == "template"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**MINE, "title": " "}, "Template 1 of the file has no title."),
        ({**MINE, "prompt": ""}, "Template 1 of the file has no prompt."),
        ({**MINE, "prompt": 3}, "has a prompt that is no text"),
        ({**MINE, "prompt": ["a", 3]}, "has a prompt that is no text"),
        ({**MINE, "model": "lyria-9"}, "a model that is not known here"),
        ({**MINE, "title": "x" * 81}, "a title of 81 characters, and at most 80"),
        ({**MINE, "prompt": "x" * 20_001}, "a prompt of 20,001 characters, and at most 20,000"),
        ({**MINE, "prompt": ["x" * 15_000] * 2}, "a prompt of 30,001 characters"),
        ({**MINE, "tags": "folk"}, "no list of at most 20 tags"),
        ({**MINE, "tags": ["x"] * 21}, "no list of at most 20 tags"),
        ({**MINE, "tags": [{}]}, "has a tag that is no text"),
        ({**MINE, "prompt": "a\ud800"}, "a prompt with broken characters"),
        ("Mine", "Template 1 of the file cannot be read."),
    ],
)
def test_a_wrong_template_is_refused_in_one_sentence(row: object, said: str) -> None:
    with pytest.raises(TemplateError) as refused:
        import_json(json.dumps([row]))
    assert said in str(refused.value)
    assert str(refused.value).count(". ") == 0
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 200_000, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        ("null", "no templates"),
        ("{}", "no templates"),
        ('{"templates": {}}', "no templates"),
        ('{"lyria_templates": 2, "templates": []}', "newer version"),
        (json.dumps([MINE] * (MAX_TEMPLATES + 1)), f"at most {MAX_TEMPLATES}"),
        (" " * (MAX_FILE_CHARACTERS + 1), "too large"),
        ("1" * 5_000, "not JSON"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(text: str | bytes, said: str) -> None:
    with pytest.raises(TemplateError, match=said):
        import_json(text)


def test_an_import_takes_what_it_can_and_says_what_it_left() -> None:
    rows = [MINE, {**MINE, "title": "x" * 200}, {**MINE, "model": "lyria-9"}, 7]
    found = import_some(json.dumps(rows))
    assert [one.title for one in found.templates] == [MINE["title"], "x" * 80]
    name, model, seven = found.left
    assert "Template 2 of the file has a title of 200 characters" in name
    assert "Template 3" in model
    assert "Template 4" in seven


def test_an_import_takes_the_first_of_too_many() -> None:
    found = import_some(json.dumps([MINE] * (MAX_TEMPLATES + 3)))
    assert len(found.templates) == MAX_TEMPLATES
    [left] = found.left
    assert f"holds {MAX_TEMPLATES + 3} templates" in left


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["templates", "lyria_templates", *MINE, "tags", "id", "use"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60), json_values.map(json.dumps)))
def test_garbage_is_refused_and_never_breaks(text: str | bytes) -> None:
    try:
        found = import_json(text)
    except TemplateError as refused:
        assert str(refused).endswith(".")
    else:
        assert import_json(export_json(found)) == found
