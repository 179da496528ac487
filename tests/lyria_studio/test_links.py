import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.links import LinkError, LinkExpiredError, Signer

SECRET = b"s" * 32
SIGNER = Signer(SECRET)
HOUR = 3600.0


@given(st.floats(0, 4e9), st.floats(0, 12 * HOUR - 1))
def test_a_link_holds_for_at_least_twelve_hours(now: float, later: float) -> None:
    signer = Signer(SECRET)
    assert signer.track_id(signer.track_token("t1", now), now + later) == "t1"


@given(st.floats(0, 4e9))
def test_a_link_is_over_after_a_day(now: float) -> None:
    signer = Signer(SECRET)
    with pytest.raises(LinkExpiredError):
        signer.track_id(signer.track_token("t1", now), now + 24 * HOUR)


def test_a_page_drawn_again_gives_the_same_link() -> None:
    signer = Signer(SECRET)
    noon = 1_800_000_000.0 - 1_800_000_000.0 % (12 * HOUR)
    assert signer.track_token("t1", noon) == signer.track_token("t1", noon + 11 * HOUR)
    assert signer.track_token("t1", noon) != signer.track_token("t1", noon + 13 * HOUR)


@given(st.text(max_size=80))
def test_no_other_text_is_a_link(token: str) -> None:
    with pytest.raises(LinkError):
        Signer(SECRET).track_id(token)


def test_links_and_callback_tokens_depend_on_the_secret() -> None:
    one, other = Signer(SECRET), Signer(b"o" * 32)
    with pytest.raises(LinkError):
        other.track_id(one.track_token("t1"))
    assert not other.callback_matches("g1", one.callback_token("g1"))


@given(st.text(), st.text())
def test_a_callback_token_is_good_for_its_generation_only(one: str, other: str) -> None:
    signer = Signer(SECRET)
    assert signer.callback_matches(one, signer.callback_token(one))
    assert signer.callback_matches(other, signer.callback_token(one)) == (one == other)


@given(st.text())
def test_no_other_text_is_a_callback_token(token: str) -> None:
    assert not Signer(SECRET).callback_matches("g1", token)


def test_a_listening_test_is_found_by_its_token() -> None:
    token = SIGNER.listen_token("test-1", "nonce-1")
    assert SIGNER.listen_test(token) == ("test-1", "nonce-1")


@given(st.text(max_size=60))
def test_no_other_token_opens_a_listening_test(token: str) -> None:
    with pytest.raises(LinkError):
        SIGNER.listen_test(token)


def test_the_tokens_of_tracks_and_of_other_installations_open_no_listening_test() -> None:
    foreign = Signer(b"o" * 32).listen_token("test-1", "nonce-1")
    for token in (SIGNER.track_token("test-1", now=0), foreign):
        with pytest.raises(LinkError):
            SIGNER.listen_test(token)
    with pytest.raises(LinkError):
        SIGNER.track_id(SIGNER.listen_token("test-1", "9" * 12))


@given(st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_opaque_names_differ_where_their_parts_do(one: list[str], other: list[str]) -> None:
    assert (SIGNER.opaque(*one) == SIGNER.opaque(*other)) == (one == other)
    assert len(SIGNER.opaque(*one)) == 32
