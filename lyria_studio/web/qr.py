"""QR codes of links, as SVG that can stand in a page."""

import io

import segno

_QUIET_ZONE = 4  # modules; what ISO/IEC 18004 asks for


def qr_svg(text: str, label: str = "QR code of the link") -> str:
    """Draw a QR code, black on white in light and dark alike: not every reader takes it inverted.

    Args:
        text: what the code says, usually a link.
        label: what a screen reader says instead.

    Returns:
        An SVG element that fills the width it is given. It holds neither script nor style.

    Raises:
        ValueError: the text is too long for a QR code (2,953 bytes at the lowest correction).
    """
    drawing = io.BytesIO()
    code = segno.make(text, error="m", boost_error=False, micro=False)
    code.save(
        drawing,
        kind="svg",
        border=_QUIET_ZONE,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
        title=label,
        nl=False,
    )
    svg = drawing.getvalue().decode("utf-8")
    return svg.replace("<svg ", '<svg role="img" ', 1)
