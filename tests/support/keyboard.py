"""Operates a screen by keyboard alone and checks where the focus is and how it shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# The focused element, through open shadow roots; how it and its surroundings are drawn. What a
# focus is drawn on differs: the element itself, the box around a field, the mark beside a radio.
LOOK = """
() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const drawn = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor,
            style.boxShadow, style.borderColor, style.backgroundColor, style.opacity].join();
  };
  const looks = (element) => {
    const around = [element, ...[...element.querySelectorAll("*")].slice(0, 12)];
    let outer = element;
    for (let step = 0; step < 4; step += 1) {
      outer = outer.parentElement ?? outer.getRootNode().host;
      if (!outer) break;
      around.push(outer);
    }
    return around.map(drawn).join("|");
  };
  const last = globalThis.lastStop;
  // From a field to the cross inside it: the box around both is rightly still marked.
  const field = last?.element.parentElement?.parentElement ?? last?.element;
  const shown = !last?.element.isConnected || field.contains(focused)
    || looks(last.element) !== last.looks;
  const whole = !focused || focused === document.body;
  globalThis.lastStop = whole ? undefined : { element: focused, looks: looks(focused) };
  const box = whole ? undefined : focused.getBoundingClientRect();
  const words = (element) => {
    const copy = element.cloneNode(true);
    for (const silent of copy.querySelectorAll("[aria-hidden=true]")) silent.remove();
    return copy.textContent;
  };
  const label = whole ? "" : focused.getAttribute("aria-label")
    || [...(focused.labels ?? [])].map(words).join(" ")
    || words(focused) || focused.title || focused.placeholder || "";
  return {
    name: label.trim().replace(/\\s+/g, " "),
    tag: whole ? "body" : focused.tagName.toLowerCase(),
    shown,
    x: box?.left, y: box ? box.top + box.height / 2 : undefined,
    visible: !whole && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth,
  };
}
"""
AT_REST = """
() => document.getAnimations().every((moving) =>
  moving.playState !== "running" || moving.effect.getComputedTiming().endTime === Infinity)
"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is.

    Attributes:
        name: what a screen reader would call the element, roughly.
        tag: the kind of element; "body" where nothing has the focus.
        x: its left edge, in CSS pixels of the viewport.
        y: its middle.
        visible: whether it is inside the viewport.
    """

    name: str
    tag: str
    x: float
    y: float
    visible: bool


class Keyboard:
    """Hands that know no mouse.

    Attributes:
        stops: every stop so far.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops: list[Stop] = []
        self.look()

    def press(self, *keys: str) -> Stop:
        """Press keys one after the other; where that led."""
        for key in keys:
            self.page.keyboard.press(key)
        return self.look()

    def tab_to(self, name: str, *, back: bool = False, limit: int = 90) -> Stop:
        """Press Tab (or Shift+Tab) until the focus is on what is called so.

        Every stop on the way must be in sight, have a name, and have shown that it has the focus.

        Args:
            name: a regular expression for the beginning of the name.
            back: whether to go backwards.
            limit: after how many stops to give up.
        """
        for _ in range(limit):
            stop = self.press("Shift+Tab" if back else "Tab")
            if re.match(name, stop.name):
                return stop
        on_the_way = [stop.name[:40] for stop in self.stops[-limit:]]
        raise AssertionError(f"{name!r} is not among the next {limit} stops: {on_the_way}")

    def look(self) -> Stop:
        """Where the focus is now."""
        self.page.wait_for_function(AT_REST)
        seen: Mapping[str, Any] = self.page.evaluate(LOOK)
        before = self.stops[-1] if self.stops else None
        # Streamlit lets the whole scrolled part be a stop; to draw a frame around it says nothing.
        assert seen["shown"] or (before and before.tag == "main"), (
            f"nothing shows that the focus is on {before}"
        )
        stop = Stop(
            seen["name"], seen["tag"], seen["x"] or 0.0, seen["y"] or 0.0, bool(seen["visible"])
        )
        if stop.tag != "body":
            assert stop.name, f"a stop without a name, after {before}: {stop}"
            assert stop.visible, f"the focus is out of sight: {stop}"
        self.stops.append(stop)
        return stop
