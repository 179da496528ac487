"""Finds the kind of a file from its bytes; the host's media type is ignored."""

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"\0\0\1\0", "ICO"),
    (b"%PDF-", "PDF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
)
# The brands of ISO/IEC 23008-12 (HEIF) and of the AV1 image format.
_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"hevc": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
}
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
_BLANK = b"\xef\xbb\xbf \t\r\n"


def kind_of(data: bytes) -> str | None:
    """Name the kind of a file by its first bytes.

    Returns:
        ``PNG``, ``JPEG``, ``WebP``, ``GIF``; another kind by its usual name (``SVG``, ``AVIF``,
        ...); ``HTML`` for a web page and any other markup; None if it is none of these.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12])
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    text = data[:4096].lstrip(_BLANK).lower()
    if not text.startswith(b"<"):
        return None
    return "SVG" if b"<svg" in text and not text.startswith(_PAGES) else "HTML"
