"""A report as PDF: one A4 page in the common case.

Written by fpdf2 with DejaVu Sans, of which only the letters that occur are embedded. It draws the
charts from their SVG, as strokes and text; with a family that is not one of the PDF's it would
take a built-in font, which has no arrows, and `currentColor` would be its latest fill.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from fpdf.bidi import auto_detect_base_direction
from fpdf.enums import Align, TextDirection, XPos, YPos
from fpdf.fonts import TTFFont

from lyria_studio.listening.remarks import Remark
from lyria_studio.reports.browser_pdf import can_show, print_pdf
from lyria_studio.reports.changes import changes
from lyria_studio.reports.drawing import PALETTE, Drawing
from lyria_studio.reports.page import html_report
from lyria_studio.reports.report import Described, Report
from lyria_studio.reports.svg import svg

_FONTS = Path(__file__).parent / "fonts"
_FAMILY = "dejavu"
_INK, _MUTED = (12, 19, 21), (84, 92, 96)
_CHART_INK = "#0c1315"
_MARGIN, _GAP = 14.0, 6.0  # millimetres
_NEW, _OLD = (9, 92, 74), (160, 66, 30)
_MISSING = "\u25a1"
# Marks that turn the direction of what follows: they would reach beyond the text they came in.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def pdf_report(report: Report) -> bytes:
    """Write a report as PDF.

    Writing that the font lacks (Chinese, Japanese, Korean, Indic scripts, Thai, emoji) is printed
    from the HTML report by a browser of this machine, if it has fonts for it. Otherwise it becomes
    hollow squares, and the page says so and points to the HTML report, which has all.
    """
    page = _Page(report)
    written = page.written()
    if not page.lacking or not can_show(sorted(page.lacking)):
        return written
    return print_pdf(html_report(report)) or written


class _Page:
    def __init__(self, report: Report) -> None:
        self._report = report
        self.lacking: set[str] = set()
        pdf = FPDF(format="A4")
        pdf.set_margins(_MARGIN, 12, _MARGIN)
        pdf.set_auto_page_break(auto=True, margin=11)
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            pdf.add_font(_FAMILY, style, _FONTS / name)
        fonts = [font for font in pdf.fonts.values() if isinstance(font, TTFFont)]
        self._known = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
        pdf.set_text_shaping(use_shaping_engine=True)
        pdf.set_lang("en")
        pdf.set_creation_date(report.made_at)
        self._pdf = pdf

    def written(self) -> bytes:
        pdf, report = self._pdf, self._report
        pdf.set_title(self._text(report.name))
        pdf.set_producer("Lyria Studio")
        pdf.add_page()
        self._line(report.name, 12, bold=True)
        self._line(" · ".join(report.facts), 8.5, color=_MUTED)
        self._line(report.question, 9.5, color=_MUTED)
        self._verdict()
        if report.range:
            self._line(report.range, 9)
        if report.sandbox:
            self._line(report.sandbox, 9, bold=True)
        self._drawings(report.charts)
        self._heading("What was compared")
        for variant in report.variants:
            self._variant(variant)
        self._remarks()
        for title, sentences in (
            ("Checks", report.findings),
            ("How it was tested", report.method),
        ):
            if sentences:
                self._heading(title)
                for sentence in sentences:
                    self._item(sentence)
        pdf.ln(1.5)
        self._line("Made with Lyria Studio.", 7.5, color=_MUTED)
        if self.lacking:
            self._line(
                f"Characters that the font of this PDF lacks are shown as {_MISSING}; the HTML "
                "report has them all.",
                7.5,
                color=_MUTED,
            )
        return bytes(pdf.output())

    def _verdict(self) -> None:
        pdf = self._pdf
        pdf.ln(2)
        top = pdf.get_y()
        pdf.set_left_margin(_MARGIN + 4)
        pdf.set_x(_MARGIN + 4)
        self._line(self._report.headline, 14, bold=True)
        self._line(self._report.verdict, 10)
        pdf.set_left_margin(_MARGIN)
        pdf.set_fill_color(PALETTE["B"])
        pdf.rect(_MARGIN, top, 1.3, pdf.get_y() - top, style="F")
        pdf.ln(1)
        pdf.set_x(_MARGIN)

    def _heading(self, text: str) -> None:
        if self._pdf.will_page_break(14):
            self._pdf.add_page()
        self._pdf.ln(2)
        self._line(text, 10.5, bold=True)

    def _variant(self, variant: Described) -> None:
        base = self._report.variants[0]
        facts = " · ".join(variant.facts)
        self._line(f"{variant.letter}   {facts}", 9, bold=True)
        if variant is base:
            self._line(variant.prompt, 9)
            if variant.negative_prompt:
                self._line(f"Negative prompt: {variant.negative_prompt}", 8.5, color=_MUTED)
            return
        if variant.prompt == base.prompt:
            self._line(f"The same prompt as {base.letter}.", 8.5, color=_MUTED)
        else:
            self._diff(base.prompt, variant.prompt)
        if variant.negative_prompt != base.negative_prompt:
            self._diff(base.negative_prompt, variant.negative_prompt, "Negative prompt: ")

    def _diff(self, old: str, new: str, before: str = "") -> None:
        """Draw what changed, in colour and underlined or struck through."""
        pdf = self._pdf
        if TextDirection.RTL in (auto_detect_base_direction(old), auto_detect_base_direction(new)):
            # Pieces written one after another would be in the wrong order.
            self._line(f"{before}{new}", 9)
            self._line("The HTML report marks the words that changed.", 7.5, color=_MUTED)
            return
        styles = {"equal": ("", _INK), "insert": ("U", _NEW), "delete": ("S", _OLD)}
        for op, piece in [("equal", before), *changes(old, new)]:
            style, color = styles[op]
            pdf.set_font(_FAMILY, style, 9)
            pdf.set_text_color(*color)
            if piece:
                pdf.write(4.2, self._text(piece))
        pdf.ln(4.8)

    def _remarks(self) -> None:
        report = self._report
        if not report.remarks:
            return
        self._heading("What listeners said")
        self._drawings(report.waves)
        for number, remark in enumerate(report.remarks, start=1):
            self._remark(number, remark)
        if report.more_remarks:
            more = f"{report.more_remarks} more are in the table of votes."
            self._line(more, 8, color=_MUTED)

    def _remark(self, number: int, remark: Remark) -> None:
        who = remark.name or "a listener"
        self._line(f"{number}. {remark.text} ({who}, {remark.place})", 8.5)

    def _item(self, sentence: str) -> None:
        """Draw a sentence of a list, its further lines under the first."""
        pdf = self._pdf
        pdf.set_font(_FAMILY, "", 8.5)
        pdf.set_text_color(*_INK)
        pdf.cell(4, 8.5 * 0.47, "•")
        pdf.set_left_margin(_MARGIN + 4)
        self._line(sentence, 8.5)
        pdf.set_left_margin(_MARGIN)
        pdf.set_x(_MARGIN)

    def _line(
        self, text: str, size: float, *, bold: bool = False, color: tuple[int, int, int] = _INK
    ) -> None:
        """Draw a paragraph over the whole width, right-aligned for right-to-left scripts."""
        shown = self._text(text)
        turned = auto_detect_base_direction(shown) is TextDirection.RTL
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        self._pdf.set_text_color(*color)
        self._pdf.multi_cell(
            0,
            size * 0.47,
            shown,
            align=Align.R if turned else Align.L,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _text(self, text: str) -> str:
        """Text that the font can show."""
        known = self._known
        shown = []
        for character in text.translate(_TURNS).replace("\r\n", "\n").replace("\t", " "):
            if character == "\n" or ord(character) in known:
                shown.append(character)
            elif character.isprintable():
                self.lacking.add(character)
                shown.append(_MISSING)
        return "".join(shown)

    def _drawings(self, drawings: tuple[Drawing, ...]) -> None:
        """Draw two drawings side by side."""
        pdf = self._pdf
        width = (pdf.epw - _GAP) / 2
        for start in range(0, len(drawings), 2):
            row = drawings[start : start + 2]
            height = max(one.height * width / one.width for one in row)
            if pdf.will_page_break(height + 2):
                pdf.add_page()
            top = pdf.get_y() + 2
            for column, drawing in enumerate(row):
                place = _MARGIN + column * (width + _GAP)
                written = svg(drawing, family=_FAMILY, ink=_CHART_INK, described=False).encode()
                pdf.image(BytesIO(written), place, top, width, alt_text=drawing.description)
            pdf.set_xy(_MARGIN, top + height + 1)
