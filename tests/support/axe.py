"""axe-core in the page under test: the rules of WCAG 2.2 AA and axe's own best practices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# Streamlit fades what a run may still replace. It lasts as long as the run, so it is not judged.
UNFADED = "[data-stale=true] { opacity: 1 !important; transition: none !important; }"
RUN = """
async ([exclude, runOnly, unfaded]) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(unfaded);
  document.adoptedStyleSheets.push(sheet);
  try {
    return (await axe.run({ exclude }, { runOnly, resultTypes: ["violations"] })).violations;
  } finally {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  }
}
"""
EVERYTHING = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast",)
"""All that another colour scheme can break."""


def violations(
    page: Page, exclude: Sequence[str] = (), rules: Sequence[str] = EVERYTHING
) -> list[str]:
    """Return one line for each element that breaks a rule: the rule, the element, what is wrong.

    Args:
        page: the page as it stands.
        exclude: selectors of what is not judged.
        rules: tags or names of the rules to judge by.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())
    found = page.evaluate(RUN, [[[selector] for selector in exclude], rules, UNFADED])
    return [line for violation in found for line in _lines(violation)]


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def _lines(violation: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']} ({violation['impact']}) {node['html'][:160]}: "
        + "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
        for node in violation["nodes"]
    ]
