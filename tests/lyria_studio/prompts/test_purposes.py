"""Templates by purpose, and what their prompts say in a sentence."""

import re

import pytest

from lyria_studio.prompts import PURPOSES, Template, all_templates, for_purpose, in_a_sentence
from lyria_studio.prompts.grammar import LABELS


@pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.id)
def test_every_template_has_one_purpose_and_reads_as_a_sentence(template: Template) -> None:
    assert [purpose for purpose in PURPOSES if template in for_purpose(purpose, [template])] == [
        next(purpose for purpose, uses in PURPOSES.items() if template.use in uses)
    ]
    said = in_a_sentence(template.prompt)
    labels = "|".join(LABELS.values())
    assert not re.search(rf"\b({labels}): |\[\d|\n", said)
    assert said.endswith(".")
    assert len(said) > 40


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (
            "Genre: funk\nMood: cool\nInstruments: slap bass, horns\nTempo: 108 BPM\nKey: E minor\n"
            "Instrumental only, no vocals.\n\n[0:00 - 0:10] Intro: bass\n\n[0:10 - 0:30] Drop: all",
            "Cool funk. Slap bass, horns. 108 BPM, E minor. Instrumental. Intro – Drop.",
        ),
        ("", ""),
        ("Anything typed by hand", "Anything typed by hand."),
    ],
)
def test_sentence_names_the_parts_in_order(prompt: str, said: str) -> None:
    assert in_a_sentence(prompt) == said
