import io
import time
from pathlib import Path
from typing import Literal

import pytest
import requests
import soundfile
from support.library_rows import in_state
from support.worker_rig import sound

from lyria_studio.model.generation import NewTrack, Track
from lyria_studio.model.states import State
from lyria_studio.services import Services
from lyria_studio.settings import Settings

SOUND = bytes(range(256)) * 1000


def shelve(services: Services, name: str = "night-drive_lyria-3.mp3", **change: object) -> Track:
    generation = in_state(services.library, State.DOWNLOADING)
    path = services.settings.home / "tracks" / generation.id / "output.mpeg"
    path.parent.mkdir(parents=True)
    path.write_bytes(SOUND)
    values: dict[str, object] = {
        "path": path,
        "file_name": name,
        "media_type": "audio/mpeg",
        "size_bytes": len(SOUND),
        "sha256": "0" * 64,
    }
    new = NewTrack(**(values | change))  # type: ignore[arg-type]
    return services.library.jobs.track_stored(generation.id, new).tracks[0]


def get(address: str, **headers: str) -> requests.Response:
    return requests.get(address, headers=headers, timeout=20)


def test_a_track_is_served_whole_as_what_it_is(services: Services, url: str) -> None:
    track = shelve(services)
    answer = get(url + services.sign(track.id))
    assert answer.status_code == 200
    assert answer.content == SOUND
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"].startswith("inline")
    assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=1000-1999", 1000, 2000), ("bytes=255990-", 255_990, 256_000)],
)
def test_a_range_is_served_so_that_a_player_can_seek(
    services: Services, url: str, asked: str, start: int, end: int
) -> None:
    answer = get(url + services.sign(shelve(services).id), Range=asked)
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(SOUND)}"
    assert answer.content == SOUND[start:end]


def test_the_last_bytes_can_be_asked_for(services: Services, url: str) -> None:
    answer = get(url + services.sign(shelve(services).id), Range="bytes=-10")
    assert (answer.status_code, answer.content) == (206, SOUND[-10:])


def test_a_range_beyond_the_end_is_416(services: Services, url: str) -> None:
    answer = get(url + services.sign(shelve(services).id), Range="bytes=256000-")
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(SOUND)}"


def test_a_resumed_download_of_another_file_starts_again(services: Services, url: str) -> None:
    answer = get(
        url + services.sign(shelve(services).id), Range="bytes=5-9", **{"If-Range": '"other"'}
    )
    assert (answer.status_code, len(answer.content)) == (200, len(SOUND))


def test_head_returns_the_size_without_a_body(services: Services, url: str) -> None:
    answer = requests.head(url + services.sign(shelve(services).id), timeout=20)
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(SOUND))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a_b.mp3", 'attachment; filename="a_b.mp3"'),
        (
            "静か.mp3",
            "attachment; filename*=utf-8''%E9%9D%99%E3%81%8B.mp3",
        ),
        ('a"; x=.mp3', "attachment; filename*=utf-8''a%22%3B%20x%3D.mp3"),
    ],
)
def test_a_download_has_the_name_for_people(
    services: Services, url: str, name: str, expected: str
) -> None:
    answer = get(url + services.sign(shelve(services, name).id, download=True))
    assert answer.headers["content-disposition"] == expected
    assert answer.content == SOUND


def test_what_is_no_audio_is_never_given_a_type_that_a_browser_would_run(
    services: Services, url: str
) -> None:
    track = shelve(services, media_type="text/html")
    answer = get(url + services.sign(track.id))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_changed_link_is_not_found(services: Services, url: str) -> None:
    address = services.sign(shelve(services).id)
    # The first sign of the signature: the last one carries bits that decoding drops.
    start, _, signature = address.rpartition(".")
    other = "A" if signature[0] != "A" else "B"
    assert get(f"{url}{start}.{other}{signature[1:]}").status_code == 404
    assert get(f"{url}/audio/x").status_code == 404
    assert get(f"{url}/audio/").status_code == 404


def test_a_link_ends_within_a_day(services: Services, url: str) -> None:
    track = shelve(services)
    made = time.time() - 24 * 3600
    answer = get(f"{url}/audio/{services.signer.track_token(track.id, now=made)}")
    assert answer.status_code == 410
    assert "reload" in answer.text


def test_a_token_of_another_installation_is_not_found(
    services: Services, url: str, tmp_path: Path
) -> None:
    other = Services(Settings(home=tmp_path / "other"))
    assert get(url + other.sign(shelve(services).id)).status_code == 404
    other.stop()


def test_a_track_whose_file_is_gone_is_not_found(services: Services, url: str) -> None:
    track = shelve(services)
    track.path.unlink()
    assert get(url + services.sign(track.id)).status_code == 404


def test_nothing_outside_the_tracks_folder_is_served(services: Services, url: str) -> None:
    home = services.settings.home
    secret = home / "secrets" / "links"
    inside = home / "tracks" / "x" / "link.mp3"
    inside.parent.mkdir(parents=True)
    inside.symlink_to(secret)
    for path in (secret, inside):
        assert get(url + services.sign(shelve(services, path=path).id)).status_code == 404


def test_an_unknown_track_is_not_found(services: Services, url: str) -> None:
    assert get(url + services.sign("nothing")).status_code == 404


def shelve_sound(services: Services, kind: str) -> Track:
    track = shelve(services, f"night-drive_lyria-3.{kind.lower()}")
    track.path.write_bytes(sound(1.0, kind))
    return track


@pytest.mark.parametrize("original", ["MP3", "WAV"])
@pytest.mark.parametrize(("kind", "media_type"), [("mp3", "audio/mpeg"), ("wav", "audio/wav")])
def test_a_copy_has_the_format_and_the_tags_that_were_asked_for(
    services: Services, url: str, original: str, kind: Literal["mp3", "wav"], media_type: str
) -> None:
    track = shelve_sound(services, original)
    for _ in range(2):
        answer = get(url + services.sign(track.id, kind=kind))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
        assert (
            answer.headers["content-disposition"]
            == f'attachment; filename="night-drive_lyria-3.{kind}"'
        )
        assert soundfile.info(io.BytesIO(answer.content)).format.lower() == kind
        assert b"Calm folk, 90 BPM." in answer.content
    assert track.path.read_bytes() == sound(1.0, original)
    part = get(url + services.sign(track.id, kind=kind), Range="bytes=0-9")
    assert (part.status_code, part.content) == (206, answer.content[:10])


def test_how_it_was_made_comes_as_json(services: Services, url: str) -> None:
    track = shelve(services)
    answer = get(url + services.sign(track.id, kind="json"))
    told = answer.json()
    assert answer.headers["content-disposition"].endswith("''night-drive_lyria-3.json")
    assert (told["prompt"], told["model"]) == ("Calm folk, 90 BPM.", "lyria-3")
    assert told["file"]["sha256"] == track.sha256
    assert told["price_usd"] == "0.0400"
    assert not any("key" in name or "fingerprint" in name for name in told)


def test_no_copy_is_made_of_what_cannot_be_decoded(services: Services, url: str) -> None:
    track = shelve(services)
    answer = get(url + services.sign(track.id, kind="mp3"))
    assert answer.status_code == 422
    assert "decoded" in answer.text
    assert not list((services.settings.home / "copies").glob(f"*{track.id}*"))
