"""Prompts: building, reading, checking, softening them, and good ones to start from.

Pure functions on texts: no screen, no database, no network.
"""

from lyria_studio.prompts.advice import Advice, Change, Fields, Severity
from lyria_studio.prompts.blueprint import (
    INSTRUMENTAL,
    Blueprint,
    BlueprintError,
    Section,
    from_json,
    tidy,
    to_json,
)
from lyria_studio.prompts.coach import advise
from lyria_studio.prompts.lyrics import SECTIONS as LYRICS_SECTIONS
from lyria_studio.prompts.lyrics import line_counts, split_lyrics, with_lyrics, with_section
from lyria_studio.prompts.merging import merge_edited
from lyria_studio.prompts.purposes import PURPOSES, for_purpose, in_a_sentence
from lyria_studio.prompts.reading import read_prompt
from lyria_studio.prompts.section_timeline import (
    Block,
    SectionProblem,
    check_sections,
    longest_s,
    timeline,
)
from lyria_studio.prompts.soften import SoftenChange, Softened, soften
from lyria_studio.prompts.surprise import surprise
from lyria_studio.prompts.templates import (
    MAX_TEMPLATES,
    Imported,
    Template,
    TemplateError,
    all_templates,
    export_json,
    import_json,
    import_some,
    new_template,
    search,
    validated,
)
from lyria_studio.prompts.text_diff import word_diff
from lyria_studio.prompts.titles import title_of
from lyria_studio.prompts.writing import compose_prompt, parked, written

__all__ = [
    "INSTRUMENTAL",
    "LYRICS_SECTIONS",
    "MAX_TEMPLATES",
    "PURPOSES",
    "Advice",
    "Block",
    "Blueprint",
    "BlueprintError",
    "Change",
    "Fields",
    "Imported",
    "Section",
    "SectionProblem",
    "Severity",
    "SoftenChange",
    "Softened",
    "Template",
    "TemplateError",
    "advise",
    "all_templates",
    "check_sections",
    "compose_prompt",
    "export_json",
    "for_purpose",
    "from_json",
    "import_json",
    "import_some",
    "in_a_sentence",
    "line_counts",
    "longest_s",
    "merge_edited",
    "new_template",
    "parked",
    "read_prompt",
    "search",
    "soften",
    "split_lyrics",
    "surprise",
    "tidy",
    "timeline",
    "title_of",
    "to_json",
    "validated",
    "with_lyrics",
    "with_section",
    "word_diff",
    "written",
]
