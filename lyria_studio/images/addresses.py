"""Checks of an image address that need no network."""

from urllib.parse import urlsplit

# Servers commonly refuse longer ones (RFC 9110, section 4.1, asks for 8,000 to be supported).
MOST_CHARACTERS = 8_000
NOT_AN_ADDRESS = (
    "This is not a web address: give one that begins with https:// and leads to an image."
)
NOT_HTTPS = "Only https addresses are taken: use the one that begins with https://."
CREDENTIALS = "This address holds a user name or a password: the image must be open to everybody."


def refusal(address: str) -> str | None:
    """Return why an address cannot be one of a public image, in a sentence; None if it can.

    Args:
        address: what somebody typed.
    """
    if not address.strip():
        return NOT_AN_ADDRESS
    if address[:5].lower() == "data:":
        return (
            "This is an image written out as text: upload it somewhere and give its https address."
        )
    if len(address) > MOST_CHARACTERS:
        return "This address is too long to be taken: upload the image where its address is short."
    if any(sign.isspace() or not sign.isprintable() for sign in address):
        return "This address holds a blank or an invisible character: copy it again."
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # raises for a port that is no number
        address.encode()
    except ValueError:
        return NOT_AN_ADDRESS
    if not host or parts.scheme not in ("http", "https"):
        return NOT_AN_ADDRESS
    if parts.scheme != "https":
        return NOT_HTTPS
    if parts.username is not None or parts.password is not None:
        return CREDENTIALS
    return None
