"""Thumbnails of a prompt's images, or a sentence on what is wrong."""

import streamlit as st

from lyria_studio.images import ImageCheck
from lyria_studio.model.draft import Draft
from lyria_studio.services import Services
from lyria_studio.ui import watch

WIDTH = 88


def draw(services: Services, draft: Draft) -> None:
    """Draw a thumbnail for each image address; those still being checked appear later."""
    addresses = list(dict.fromkeys(draft.images.split()))[: max(m.max_images for m in draft.models)]
    if not addresses:
        return
    checks = services.images.check(addresses)
    with st.container(horizontal=True, key="pictures", gap="small"):
        for number, check in enumerate(checks, start=1):
            if check.thumbnail is not None:
                st.image(check.thumbnail, width=WIDTH, alt=f"Image {number}")
    for number, check in enumerate(checks, start=1):
        if line := _line(number, check):
            st.text(line)
    watch.also([check.topic for check in checks if check.state == "checking"])


def _line(number: int, check: ImageCheck) -> str:
    if check.state == "checking":
        return f"Checking image {number}…"
    return f"Image {number}: {check.message}" if check.message else ""
