"""Starting points for a prompt: the studio's, with a sample each, and a person's own."""

from functools import lru_cache
from pathlib import Path

import streamlit as st

from lyria_core import MODELS
from lyria_studio.audio.measure import measure_and_describe
from lyria_studio.library import Library
from lyria_studio.phrases import count
from lyria_studio.prompts import (
    MAX_TEMPLATES,
    PURPOSES,
    Template,
    all_templates,
    export_json,
    for_purpose,
    import_some,
    in_a_sentence,
    new_template,
    search,
)
from lyria_studio.services import Services
from lyria_studio.ui import builder, dialogs, player, session
from lyria_studio.ui.error_messages import keeping_input, show_pending
from lyria_studio.web.template_samples import file_name
from lyria_studio.wording import title, verbatim

SHOWN = 8
PREVIEW = 200  # characters
OWN = "Yours"
DIALOG = "templates"
DELETED = "deleted_template"
FILE = "template_file"
LEFT = "templates_left"  # what could not be imported from the last file, or not as it was


def draw(services: Services) -> None:
    """Draw the button that opens the list."""
    st.button(
        "Templates",
        key="templates",
        icon=":material/auto_stories:",
        type="tertiary",
        on_click=dialogs.show,
        args=(DIALOG,),
    )
    if dialogs.is_open(DIALOG):
        _choose(services)


@st.dialog("Start from a template", width="large", on_dismiss=dialogs.close)
def _choose(services: Services) -> None:
    choose(services)


def choose(services: Services) -> None:
    """Draw the list: search, samples, and the user's own."""
    own = services.library.tracks.own_templates()
    wanted = st.text_input(
        "Search",
        key="template_search",
        type="search",
        live=True,
        placeholder="advert, podcast, jazz, birthday…",
    )
    purpose = st.pills("Purpose", [*PURPOSES, OWN] if own else list(PURPOSES), key="purpose")
    offered = own if purpose == OWN else for_purpose(purpose, [*own, *all_templates()])
    found = search(wanted or "", offered)
    if not found:
        st.caption("Nothing matches. Try a use, such as advert, or a genre, such as jazz.")
    show_pending()
    _offer_undo(services.library)
    mine = {template.id for template in own}
    pages = max(1, -(-len(found) // SHOWN))
    pages_key = f"template-page-{purpose}-{wanted}"
    number = st.session_state.get(pages_key) or 1
    for template in found[(number - 1) * SHOWN : number * SHOWN]:
        _row(services, template, template.id in mine)
    if pages > 1:
        st.pagination(pages, key=pages_key)
    _keep(services.library, own)


def _row(services: Services, template: Template, own: bool) -> None:
    with st.container(border=True, key=f"template-{template.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            if not own:
                player.draw_sample(template, _peaks(services, template))
            with st.container(gap=None, width="stretch"):
                st.text(template.title)
                st.caption(verbatim(_about(template)))
            if st.button("Use", key=f"use-{template.id}", on_click=_use, args=(template,)):
                st.rerun()
        st.text(title(in_a_sentence(template.prompt), PREVIEW))
        if own:
            _own_actions(services.library, template)


def _peaks(services: Services, template: Template) -> bytes:
    """Return the waveform of a sample that was rendered before, or nothing."""
    path = services.settings.home / "samples" / file_name(template)
    return _measured_peaks(path) if path.exists() else b""


@lru_cache(maxsize=128)
def _measured_peaks(path: Path) -> bytes:
    measured, _ = measure_and_describe(path, levels=False)
    return measured.peaks if measured else b""


def _about(template: Template) -> str:
    parts = [template.use, template.genre, MODELS[template.model].name]
    return " · ".join(part for part in parts if part)


def _use(template: Template) -> None:
    dialogs.close()
    builder.replace(
        {
            "model": template.model,
            "prompt": template.prompt,
            "negative_prompt": template.negative_prompt,
        },
        "A template replaced your text.",
    )


def _own_actions(library: Library, template: Template) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name", value=template.title, key=f"name-{template.id}", label_visibility="collapsed"
        )
        st.button(
            "Rename",
            key=f"rename-{template.id}",
            type="tertiary",
            on_click=keeping_input(_rename),
            args=(library, template),
        )
        st.button(
            "Delete",
            key=f"delete-{template.id}",
            type="tertiary",
            on_click=keeping_input(_delete),
            args=(library, template),
        )


def _rename(library: Library, template: Template) -> None:
    # Read at the click, not when the button was drawn: the name may have been typed since.
    name = str(st.session_state.get(f"name-{template.id}") or "")
    library.tracks.rename_template(template.id, name)


def _delete(library: Library, template: Template) -> None:
    st.session_state[DELETED] = library.tracks.delete_template(template.id)


def _offer_undo(library: Library) -> None:
    deleted: Template | None = st.session_state.get(DELETED)
    if deleted is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="template_undo"):
        st.text(f"Deleted: {deleted.title}", width="content")
        st.button(
            "Undo",
            key="template_undo_button",
            icon=":material/undo:",
            type="tertiary",
            on_click=keeping_input(_restore),
            args=(library, deleted),
        )


def _restore(library: Library, template: Template) -> None:
    library.tracks.restore_template(template)
    st.session_state[DELETED] = None


def _keep(library: Library, own: list[Template]) -> None:
    with st.expander("Your own templates", icon=":material/bookmark:"):
        draft = session.draft()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Save what is in the form as", key="template_name")
            st.button(
                "Save",
                key="template_save",
                disabled=not draft.prompt.strip(),
                on_click=keeping_input(_save),
                args=(library,),
            )
        if own:
            st.download_button(
                "Export as JSON",
                export_json(own),
                "lyria-templates.json",
                "application/json",
                icon=":material/download:",
                on_click="ignore",
            )
        st.file_uploader(
            "Import from JSON",
            type="json",
            key=FILE,
            on_change=keeping_input(_import),
            args=(library,),
        )
        _tell_left()


def _tell_left() -> None:
    left: list[str] = st.session_state.get(LEFT, [])
    for sentence in left[:SHOWN]:
        st.text(sentence)
    if len(left) > SHOWN:
        st.text(f"And {len(left) - SHOWN} more.")


def _save(library: Library) -> None:
    draft = session.draft()
    name = str(st.session_state.get("template_name") or "").strip() or title(draft.prompt, 40)
    template = new_template(
        name, draft.prompt, draft.model, negative_prompt=draft.negative_prompt.strip()
    )
    known = {own.id for own in library.tracks.own_templates()}
    if library.tracks.keep_template(template).id in known:
        st.toast("Saved already, unchanged.")


def _import(library: Library) -> None:
    file = st.session_state[FILE]
    st.session_state[LEFT] = []
    if file is None:
        return
    found = import_some(file.getvalue())
    kept = library.tracks.keep_templates(found.templates)
    left = list(found.left)
    if over := len(found.templates) - len(kept):
        left.append(f"{count(over, 'template')} left out: {MAX_TEMPLATES} is the limit.")
    st.session_state[LEFT] = left
    st.toast(f"{count(len(kept), 'template')} imported.")
