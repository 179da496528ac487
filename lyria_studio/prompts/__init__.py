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
from lyria_studio.prompts.merging import merge_edited
from lyria_studio.prompts.reading import read_prompt
from lyria_studio.prompts.section_timeline import (
    Block,
    SectionProblem,
    check_sections,
    longest_s,
    timeline,
)
from lyria_studio.prompts.soften import SoftenChange, Softened, soften
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
from lyria_studio.prompts.writing import compose_prompt, parked, written

__all__ = [
    "INSTRUMENTAL",
    "MAX_TEMPLATES",
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
    "from_json",
    "import_json",
    "import_some",
    "longest_s",
    "merge_edited",
    "new_template",
    "parked",
    "read_prompt",
    "search",
    "soften",
    "tidy",
    "timeline",
    "to_json",
    "validated",
    "word_diff",
    "written",
]
