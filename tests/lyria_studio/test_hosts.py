import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.hosts import Authority, is_loopback_address, parse_authority, parse_origin


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("localhost", Authority("localhost")),
        ("LOCALHOST:8501", Authority("localhost", 8501)),
        ("localhost.", Authority("localhost")),
        ("127.0.0.1:80", Authority("127.0.0.1", 80)),
        ("[::1]:8501", Authority("::1", 8501)),
        ("[0:0:0:0:0:0:0:1]", Authority("::1")),
        ("my_machine.lan", Authority("my_machine.lan")),
        ("2130706433", Authority("2130706433")),
        ("", None),
        (" localhost", None),
        ("localhost:", None),
        ("localhost:0", None),
        ("localhost:65536", None),
        ("localhost:8501:8501", None),
        ("localhost:80a", None),
        ("localhost..", None),
        (".localhost", None),
        ("me@localhost", None),
        ("localhost:8501@evil.com", None),
        ("evil.com@127.0.0.1:8501", None),
        ("localhost/", None),
        ("localhost#evil.com", None),
        ("localhost,evil.com", None),
        ("http://localhost", None),
        ("::1", None),
        ("[::1", None),
        ("[::1%25lo]", None),
        ("[localhost]", None),
        ("loc%61lhost", None),
        ("localhost\x00", None),
        ("\N{FULLWIDTH LATIN SMALL LETTER L}ocalhost", None),
    ],
)
def test_host_is_read_strictly(text: str, authority: Authority | None) -> None:
    assert parse_authority(text) == authority


@pytest.mark.parametrize(
    ("name", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("[::1]", True),
        ("localhost.evil.com", False),
        ("evil.localhost", False),
        ("127.0.0.1.nip.io", False),
        ("127.0.0.1.", True),
        ("2130706433", False),
        ("0x7f000001", False),
        ("0177.0.0.1", False),
        ("127.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("[::]", False),
        ("192.168.1.20", False),
    ],
)
def test_only_plain_names_of_this_machine_are_loopback(name: str, loopback: bool) -> None:
    host = parse_authority(name)
    assert host is not None
    assert host.is_loopback is loopback


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://localhost:8501", ("http", "localhost", 8501)),
        ("HTTPS://Music.Example.com", ("https", "music.example.com", 443)),
        ("http://[::1]", ("http", "::1", 80)),
        ("null", None),
        ("", None),
        ("file://", None),
        ("localhost:8501", None),
        ("http://localhost:8501/", None),
        ("ftp://localhost", None),
        ("http://localhost http://evil.com", None),
    ],
)
def test_origin_is_read_strictly(text: str, origin: object) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("::ffff:10.0.0.1", False),
     ("172.17.0.1", False), ("testclient", False), ("", False)],
)  # fmt: skip
def test_peer_on_this_machine_is_known_by_its_address(address: str, loopback: bool) -> None:
    assert is_loopback_address(address) is loopback


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    host = parse_authority(text)
    if host is not None and host.is_loopback:
        assert text.lower().startswith(("localhost", "127.", "["))
