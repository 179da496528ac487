import xml.etree.ElementTree as ET

import pytest

from lyria_studio.web import qr_svg

LINK = "https://studio.example/listen/" + "WyJ0ZXN0Iiwibm9uY2UiXQ" * 6


def test_it_is_an_image_with_a_name_and_no_script() -> None:
    root = ET.fromstring(qr_svg(LINK, "Link to <the> test"))  # noqa: S314 - our own text
    assert root.get("role") == "img"
    assert "viewBox" in root.attrib and "width" not in root.attrib
    assert "script" not in qr_svg(LINK)
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None and title.text == "Link to <the> test"


def test_another_link_is_another_picture() -> None:
    assert qr_svg(LINK) != qr_svg(LINK + "x")


def test_a_text_beyond_what_a_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        qr_svg("x" * 3000)
