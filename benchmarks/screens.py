"""Measure how fast the screens are: `python benchmarks/screens.py` (needs Chromium).

Prints, for the app started as the README says with an empty library:
- seconds from the start of the process to the first answer;
- seconds from opening the address to the drawn Create screen, for the first and for later visitors;
- milliseconds from a change of the number of takes to the price that the browser computes;
- milliseconds of the rerun that confirms it, until the script has run, measured in the browser,
  beside the same for a bare Streamlit script with stock settings (the reference);
- seconds from the click to the playable track at the sandbox's pace `instant`, for each model.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.app_process import free_port, running_app
from support.browsers import launch
from support.screens import card, choose_model, expect_ready, open_screen, order_button

RERUNS = 30
BARE = """
import streamlit as st
st.title("Reference")
takes = st.number_input("Takes", 1, 8)
st.button(f"Make {takes} tracks now", key="make", type="primary")
"""
# In the page, so that no message between browser and test counts.
CLOCK = """
async ([button, plus]) => {
  const app = document.querySelector("[data-testid=stApp]");
  const before = button.textContent;
  const start = performance.now();
  const when = (target, options, there) => new Promise((done) => {
    const watch = new MutationObserver(() => {
      if (there()) { watch.disconnect(); done(performance.now() - start); }
    });
    watch.observe(target, options);
  });
  const changed = when(
    button, { childList: true, subtree: true, characterData: true },
    () => button.textContent !== before,
  );
  let ran = false;
  const finished = when(app, { attributes: true }, () => {
    const state = app.getAttribute("data-test-script-state");
    ran ||= state !== "notRunning";
    return ran && state === "notRunning";
  });
  plus.click();
  return await Promise.all([changed, finished]);
}
"""


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as home,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        start = time.perf_counter()
        with running_app(Path(home)) as app:
            print(f"start to first answer       {time.perf_counter() - start:6.2f} s")
            first = first_paint(browser, app.url)
            later = statistics.median(first_paint(browser, app.url) for _ in range(5))
            print(f"first paint                 {first:6.2f} s, later visitors {later:.2f} s")
            page = browser.new_page()
            open_screen(page, app.url)
            shown, ours = rerun_ms(page)
            with bare_app(Path(home)) as url:
                reference = browser.new_page()
                open_screen(reference, url)
                _, stock = rerun_ms(reference)
            print(f"price of a choice, p50      {shown:6.1f} ms")
            print(f"rerun, p50 of {RERUNS}            {ours:6.1f} ms")
            print(f"  bare script, stock        {stock:6.1f} ms   ratio {ours / stock:.2f}")
            for model, prompt in (
                ("Lyria 3", "Warm lo-fi hip hop, 80 BPM"),
                ("Lyria 2", "Epic orchestral trailer, 90 BPM"),
                ("Lyria 3 Pro", "Deep house, 124 BPM"),
            ):
                print(f"click to playable, {model:11}{to_track(page, model, prompt):5.2f} s")


def first_paint(browser: Browser, url: str) -> float:
    """Seconds until the button of the Create screen is there, in a browser without a cache."""
    context = browser.new_context()
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    order_button(page).wait_for()
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def rerun_ms(page: Page) -> tuple[float, float]:
    """Return median milliseconds from a click to the changed button and to the end of the run."""
    button = page.get_by_role("button", name=re.compile(r"Make \d")).element_handle()
    plus = page.get_by_test_id("stNumberInputStepUp").element_handle()
    minus = page.get_by_test_id("stNumberInputStepDown").element_handle()
    took: list[tuple[float, float]] = []
    for number in range(RERUNS + 4):
        changed, ran = page.evaluate(CLOCK, [button, plus if number % 2 == 0 else minus])
        took.append((float(changed), float(ran)))
        page.wait_for_timeout(120)
    return statistics.median(one for one, _ in took[4:]), statistics.median(
        one for _, one in took[4:]
    )


def to_track(page: Page, model: str, prompt: str) -> float:
    """Seconds from the click to the play button."""
    choose_model(page, model)
    page.get_by_label("Prompt", exact=True).fill(prompt)
    start = time.perf_counter()
    order_button(page).click()
    expect_ready(card(page, prompt))
    return time.perf_counter() - start


@contextmanager
def bare_app(folder: Path) -> Iterator[str]:
    """Start the smallest script with one number and one button, with stock settings."""
    script = folder / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", str(script)),
            *("--server.port", str(port), "--server.headless", "true"),
            *("--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"),
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
