"""Reports on listening tests: charts, a page in HTML and PDF, and the table of votes.

A chart is drawn once (`Drawing`) and shown as SVG on a screen, inside the HTML report, and with
the PDF's own strokes and text in the PDF.
"""

from lyria_studio.reports.charts import abx_chart, matrix_chart, share_chart, strengths_chart
from lyria_studio.reports.drawing import Drawing
from lyria_studio.reports.page import html_report
from lyria_studio.reports.pdf import pdf_report
from lyria_studio.reports.progress import progress_chart
from lyria_studio.reports.report import Report, charts, how_sure, report
from lyria_studio.reports.svg import svg
from lyria_studio.reports.votes_table import votes_csv, votes_zip
from lyria_studio.reports.waveform import waveform_chart

__all__ = [
    "Drawing",
    "Report",
    "abx_chart",
    "charts",
    "how_sure",
    "html_report",
    "matrix_chart",
    "pdf_report",
    "progress_chart",
    "report",
    "share_chart",
    "strengths_chart",
    "svg",
    "votes_csv",
    "votes_zip",
    "waveform_chart",
]
