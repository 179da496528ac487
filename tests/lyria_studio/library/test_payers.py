"""Who pays, as browser sessions know it."""

from support.library_rows import Clock, takes

from lyria_studio.library import Library
from lyria_studio.library.payers import Consent, Payer

MINE = Payer("live", "https://gateway.example", "f" * 32)
DEMO = Payer.of("sandbox", "http://127.0.0.1:8501/sandbox", "d" * 32)


def test_an_empty_library_has_no_payer(library: Library) -> None:
    assert library.ledger.payers.consent("anna") is None


def test_new_session_knows_who_paid_last(library: Library, clock: Clock) -> None:
    library.jobs.order(takes(gateway="sandbox", base_url="http://x", fingerprint=DEMO.fingerprint))
    clock.forward(seconds=1)
    library.jobs.order(takes(base_url=MINE.base_url, fingerprint=MINE.fingerprint))
    assert library.ledger.payers.consent("anna") == Consent(MINE, MINE)


def test_each_session_has_its_own_memory(library: Library) -> None:
    payers = library.ledger.payers
    payers.remember("anna", Consent(seen=DEMO, agreed=MINE))
    payers.remember("bert", Consent(MINE, MINE))
    assert payers.consent("anna") == Consent(seen=DEMO, agreed=MINE)
    assert payers.consent("bert") == Consent(MINE, MINE)
    assert library.ledger.preferences() == type(library.ledger.preferences())()


def test_sandbox_is_one_payer_on_any_port() -> None:
    assert Payer.of("sandbox", "http://127.0.0.1:9/sandbox", "d" * 32) == DEMO


def test_sessions_of_long_ago_are_forgotten(library: Library, clock: Clock) -> None:
    payers = library.ledger.payers
    payers.remember("anna", Consent(MINE, MINE))
    clock.forward(days=61)
    payers.remember("bert", Consent(MINE, MINE))
    assert payers.consent("anna") is None


def test_orders_with_another_key_are_found(library: Library) -> None:
    library.jobs.order(takes(base_url=MINE.base_url, fingerprint=MINE.fingerprint))
    assert not library.ledger.payers.others(MINE.fingerprint)
    library.jobs.order(takes(gateway="sandbox", base_url="http://x", fingerprint="e" * 32))
    assert not library.ledger.payers.others(MINE.fingerprint), "play money is shared with nobody"
    assert library.ledger.payers.others("e" * 32)
