"""A report as one HTML file that needs nothing else: no network, no script, no font."""

from __future__ import annotations

from collections.abc import Iterable

from lyria_studio.listening.remarks import RemarkKind
from lyria_studio.reports.changes import changes
from lyria_studio.reports.report import Described, Report
from lyria_studio.reports.svg import plain, svg

_STYLE = """
:root{color-scheme:light dark;--ink:#0c1315;--paper:#fff;--soft:#f1efe9;--line:#d3cfc4;
--new:#d8efe6;--old:#f6dfd6;--accent:#0f6b5c}
@media(prefers-color-scheme:dark){:root{--ink:#e8edeb;--paper:#12191b;--soft:#1b2527;
--line:#3a4a4c;--new:#12453a;--old:#54291b;--accent:#6fd3c0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:52rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
h1{font-size:1.15rem;margin:0;font-weight:600;overflow-wrap:anywhere}
h2{font-size:1rem;margin:1.5rem 0 .4rem;break-after:avoid}
p{margin:.3rem 0}
.facts,.small{font-size:.875rem;opacity:.85}
.question{font-style:italic}
.verdict{font-size:1.5rem;line-height:1.25;font-weight:650;margin:.9rem 0 .2rem;
border-inline-start:5px solid var(--accent);padding-inline-start:.8rem}
.note{background:var(--soft);border-radius:8px;padding:.5rem .8rem;margin:.8rem 0}
.charts{display:grid;grid-template-columns:1fr;gap:.75rem;margin:.9rem 0}
.charts svg,.wave svg{display:block;width:100%}
.waves{display:grid;grid-template-columns:1fr;gap:.5rem}
@media(min-width:48rem){.charts,.waves{grid-template-columns:1fr 1fr}}
.prompt{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);border-radius:8px;
padding:.5rem .8rem;margin:.25rem 0}
.letter{font-weight:700}
ins{background:var(--new);text-decoration:underline;text-underline-offset:2px}
del{background:var(--old);text-decoration:line-through}
ol{margin:.3rem 0;padding-inline-start:1.8rem}
li{margin:.25rem 0;overflow-wrap:anywhere;break-inside:avoid}
ul{margin:.3rem 0;padding-inline-start:1.2rem}
footer{margin-top:1.5rem;border-top:1px solid var(--line);padding-top:.5rem}
@media(max-width:30rem){main{padding:1rem .9rem 2rem}.verdict{font-size:1.25rem}}
@page{size:A4;margin:13mm 14mm}
@media print{:root{--ink:#0c1315;--paper:#fff;--soft:#f4f2ed;--line:#d3cfc4;--new:#d8efe6;
--old:#f6dfd6;--accent:#0f6b5c}
body{font-size:9pt;line-height:1.3}main{max-width:none;padding:0}
h1{font-size:11.5pt}h2{font-size:10pt;margin:.6rem 0 .15rem}
.verdict{font-size:14pt;margin:.4rem 0 .2rem}
p,li{margin:.12rem 0}.note{padding:.2rem .6rem;margin:.3rem 0}.charts{margin:.3rem 0}
.facts,.small{font-size:8pt}
.charts,.waves{grid-template-columns:1fr 1fr}
.prompt{padding:.3rem .6rem}footer{margin-top:.8rem}
ins,del,.prompt,.note{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def html_report(report: Report) -> str:
    """Write a report as HTML.

    Nothing in it loads anything, and a policy in its head forbids it. All text of people is
    escaped and kept to itself, so that writing from right to left does not turn its neighbours.
    """
    name = plain(report.name)
    parts = [
        f'<h1><bdi>{name}</bdi></h1><p class="facts">{_joined(report.facts)}</p>',
        f'<p class="question" dir="auto">{plain(report.question)}</p>',
        f'<p class="verdict">{plain(report.verdict)}</p>',
        f"<p>{plain(report.range)}</p>" if report.range else "",
        f'<p class="note">{plain(report.sandbox)}</p>' if report.sandbox else "",
        _charts(report),
        "<h2>What was compared</h2>",
        *_variants(report.variants),
        _remarks(report),
        _listed("Checks", report.findings),
        _listed("How it was tested", report.method),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none';style-src 'unsafe-inline'\">"
        f"<title>{name}: {plain(report.headline)}</title><style>{_STYLE}</style></head><body><main>"
        f"{''.join(parts)}"
        '<footer class="small">Made with Lyria Studio. The raw votes come as a CSV file beside '
        "this report.</footer></main></body></html>\n"
    )


def _charts(report: Report) -> str:
    drawn = "".join(
        f"<div>{svg(one, name=f'chart-{number}')}</div>"
        for number, one in enumerate(report.charts, start=1)
    )
    return f'<div class="charts">{drawn}</div>' if drawn else ""


def _variants(variants: tuple[Described, ...]) -> Iterable[str]:
    base = variants[0] if variants else None
    for variant in variants:
        yield (
            f'<p><span class="letter">{plain(variant.letter)}</span> '
            f'<span class="small">{_joined(variant.facts)}</span></p>'
        )
        if variant is base or base is None:
            yield f'<p class="prompt" dir="auto">{plain(variant.prompt)}</p>'
            if variant.negative_prompt:
                yield _without(plain(variant.negative_prompt))
            continue
        same = variant.prompt == base.prompt
        yield (
            f'<p class="small">The same prompt as {plain(base.letter)}.</p>'
            if same
            else f'<p class="prompt" dir="auto">{_diff(base.prompt, variant.prompt)}</p>'
        )
        if variant.negative_prompt != base.negative_prompt:
            yield _without(_diff(base.negative_prompt, variant.negative_prompt))


def _without(markup: str) -> str:
    return f'<p class="small">Negative prompt: <bdi>{markup}</bdi></p>'


def _diff(old: str, new: str) -> str:
    tags = {"equal": "{}", "insert": "<ins>{}</ins>", "delete": "<del>{}</del>"}
    return "".join(tags[op].format(plain(text)) for op, text in changes(old, new))


def _remarks(report: Report) -> str:
    if not report.remarks:
        return ""
    items = []
    for remark in report.remarks:
        about = "" if remark.about is None else f"on {plain(remark.about.letter)}"
        if remark.at_s is not None:
            about += f" at {int(remark.at_s) // 60}:{int(remark.at_s) % 60:02d}"
        if remark.kind is RemarkKind.REASON:
            about = "" if remark.about is None else f"for {plain(remark.about.letter)}"
        who = f"<bdi>{plain(remark.name)}</bdi>" if remark.name else "a listener"
        items.append(
            f'<li><bdi dir="auto">{plain(remark.text)}</bdi> '
            f'<span class="small">({who}{", " if about else ""}{about.strip()})</span></li>'
        )
    more = (
        f'<p class="small">{report.more_remarks} more are in the table of votes.</p>'
        if report.more_remarks
        else ""
    )
    waves = "".join(
        f'<div class="wave">{svg(one, name=f"wave-{number}")}</div>'
        for number, one in enumerate(report.waves, start=1)
    )
    waves = f'<div class="waves">{waves}</div>' if waves else ""
    return f"<h2>What listeners said</h2>{waves}<ol>{''.join(items)}</ol>{more}"


def _listed(title: str, sentences: tuple[str, ...]) -> str:
    if not sentences:
        return ""
    items = "".join(f"<li>{plain(sentence)}</li>" for sentence in sentences)
    return f"<h2>{title}</h2><ul>{items}</ul>"


def _joined(facts: tuple[str, ...]) -> str:
    return " · ".join(f"<bdi>{plain(fact)}</bdi>" for fact in facts)
