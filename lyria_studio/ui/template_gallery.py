"""Starting points for a prompt: the studio's, with a sample each, and a person's own."""

import streamlit as st

from lyria_core import MODELS, LyriaError
from lyria_studio.library import Library
from lyria_studio.prompts import (
    Template,
    all_templates,
    export_json,
    import_json,
    new_template,
    search,
)
from lyria_studio.services import Services
from lyria_studio.ui import builder, dialogs, player, session
from lyria_studio.ui.error_messages import keeping_input, show_error
from lyria_studio.wording import title, verbatim

SHOWN = 8
DIALOG = "templates"


def draw(services: Services) -> None:
    """The button that opens the list."""
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
    """The list itself: search, samples, and one's own."""
    own = services.library.tracks.own_templates()
    wanted = st.text_input(
        "Search",
        key="template_search",
        type="search",
        live=True,
        placeholder="advert, podcast, jazz, birthday…",
    )
    found = search(wanted or "", [*own, *all_templates()])
    if not found:
        st.caption("Nothing matches. Try a use, such as advert, or a genre, such as jazz.")
    mine = {template.id for template in own}
    pages = max(1, -(-len(found) // SHOWN))
    number = st.session_state.get(f"template-page-{wanted}") or 1
    for template in found[(number - 1) * SHOWN : number * SHOWN]:
        _row(services.library, template, template.id in mine)
    if pages > 1:
        st.pagination(pages, key=f"template-page-{wanted}")
    _keep(services.library, own)


def _row(library: Library, template: Template, own: bool) -> None:
    with st.container(border=True, key=f"template-{template.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            if not own:
                player.draw_sample(template)
            with st.container(gap=None, width="stretch"):
                st.text(template.title)
                st.caption(verbatim(_about(template)))
            if st.button("Use", key=f"use-{template.id}", on_click=_use, args=(template,)):
                st.rerun()
        st.text(preview(template.prompt))
        if own:
            _own_actions(library, template)


def preview(prompt: str, limit: int = 160) -> str:
    """How a prompt begins, on one line; its lines stay apart."""
    return title(" · ".join(line.strip() for line in prompt.splitlines() if line.strip()), limit)


def _about(template: Template) -> str:
    parts = [template.use, template.genre, MODELS[template.model].name]
    return " · ".join(part for part in parts if part)


def _use(template: Template) -> None:
    dialogs.close()
    builder.restore(
        {
            "model": template.model,
            "prompt": template.prompt,
            "negative_prompt": template.negative_prompt,
        }
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
            on_click=keeping_input(library.tracks.delete_template),
            args=(template.id,),
        )


def _rename(library: Library, template: Template) -> None:
    # Read at the click, not when the button was drawn: the name may have been typed since.
    name = str(st.session_state.get(f"name-{template.id}") or "").strip()
    if name:
        library.tracks.rename_template(template.id, name)


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
        file = st.file_uploader("Import from JSON", type="json", key="template_file")
        if file is not None:
            _import(library, file.getvalue(), file.file_id)


def _save(library: Library) -> None:
    draft = session.draft()
    name = str(st.session_state.get("template_name") or "").strip() or title(draft.prompt, 40)
    template = new_template(
        name, draft.prompt, draft.model, negative_prompt=draft.negative_prompt.strip()
    )
    library.tracks.keep_template(template)


def _import(library: Library, data: bytes, file_id: str) -> None:
    if st.session_state.get("imported") == file_id:
        return
    st.session_state["imported"] = file_id
    try:
        found = import_json(data)
        for template in found:
            library.tracks.keep_template(template)
    except LyriaError as error:
        show_error(error)
        return
    st.toast(f"{len(found)} imported.")
    st.rerun(scope="fragment")
