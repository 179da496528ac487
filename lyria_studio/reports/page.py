"""Write a report as one HTML file that needs nothing else: no network, no script, no font."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lyria_studio.reports.changes import changes
from lyria_studio.reports.drawing import Drawing
from lyria_studio.reports.report import Report
from lyria_studio.reports.svg import svg, writable


def html_report(report: Report) -> str:
    """Return a report as HTML.

    Nothing in it loads anything, and a policy in its head forbids it. All text of people is
    escaped and kept to itself, so that writing from right to left does not turn its neighbours.
    """
    return _TEMPLATES.get_template("report.html").render(report=report)


def _drawn(drawing: Drawing, kind: str, number: int) -> Markup:
    return Markup(svg(drawing, name=f"{kind}-{number}"))  # noqa: S704 - svg() escapes its texts


def _finalize(value: object) -> object:
    return writable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_TEMPLATES = Environment(
    loader=PackageLoader("lyria_studio.reports"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_finalize,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(changes=changes, drawn=_drawn)
