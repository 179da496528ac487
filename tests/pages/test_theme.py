"""The theme of Streamlit and our own stylesheets are made of the same tokens."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "lyria_studio" / "ui"
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
SHEET = ROOT / "lyria_studio" / "assets" / "style.css"
STYLE = SHEET.read_text(encoding="utf-8")
SCALE = ("small", "body", "heading", "title")


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--lyria-([\w-]+): ([^;]+);", css))


LIGHT = tokens(STYLE.partition("@media (prefers-color-scheme: dark)")[0])
DARK = tokens(STYLE.partition("@media (prefers-color-scheme: dark)")[2])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "css"), [("light", LIGHT), ("dark", DARK)])
def test_accent_is_the_same_and_all_is_readable(scheme: str, css: dict[str, str]) -> None:
    theme = THEME[scheme]
    assert css["accent"] == theme["primaryColor"]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(css["muted"], ground) >= 4.5, "captions"
        assert contrast(theme["textColor"], ground) >= 7
    assert contrast(css["accent"], theme["backgroundColor"]) >= 3, "borders and marks"
    assert contrast("#ffffff", theme["primaryColor"]) >= 4.5, "words on buttons"
    assert contrast(theme["linkColor"], theme["backgroundColor"]) >= 4.5


def test_corners_and_sizes_agree() -> None:
    assert THEME["baseRadius"] == THEME["buttonRadius"] == LIGHT["radius"]
    sizes = {LIGHT[name] for name in SCALE}
    assert len(sizes) == len(SCALE)
    assert {*THEME["headingFontSizes"], THEME["metricValueFontSize"]} <= sizes


@pytest.mark.parametrize(
    "sheet",
    [SHEET, UI / "compare" / "compare.css", *sorted((UI / "elements").glob("*.css"))],
    ids=lambda path: path.name,
)
def test_every_text_has_one_of_four_sizes(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    sizes = re.findall(r"font-size:\s*([^;}]+)|font:\s*([^;}]+)", css)
    allowed = re.compile(rf"var\(--lyria-({'|'.join(SCALE)})\).*|inherit")
    assert [size for pair in sizes for size in pair if size and not allowed.match(size)] == []
