"""The images of a prompt on the Create screen, driven without a browser."""

import io
import threading
import time

from PIL import Image
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_core import Fetched
from lyria_studio.images import ImageChecks
from lyria_studio.services import Services


def wait_until_checked(services: Services, *urls: str) -> None:
    """Wait until nothing is looked at any more."""
    deadline = time.monotonic() + 20
    while any(check.state == "checking" for check in services.images.check(urls)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def png() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def test_an_image_on_this_machine_is_refused_and_the_rest_is_checked(
    app: AppTest, services: Services
) -> None:
    url = "https://127.0.0.1/secret.png"
    app.text_area(key="prompt").set_value("x")
    app.text_area(key="images").set_value(url).run()
    wait_until_checked(services, url)
    app.run()
    [check] = services.images.check([url])
    assert check.state == "bad"
    assert f"Image 1: {check.message}" in words(app)
    assert app.text_area(key="images").value == url


def test_slow_image_does_not_delay_the_page(app: AppTest, services: Services) -> None:
    answer = threading.Event()

    def fetch(url: str) -> Fetched:
        assert answer.wait(20)
        return Fetched(body=png(), content_type="image/png", redirects=0)

    services.images = ImageChecks(fetch=fetch)
    url = "https://slow.example/a.png"
    app.text_area(key="images").set_value(url).run()
    assert "Checking image 1" in words(app)
    assert not app.image
    answer.set()
    wait_until_checked(services, url)
    app.run()
    assert "Checking image" not in words(app)
    assert len(app.image) == 1
