import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lyria_studio.phrases import clock, count, listed


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 votes"), (1, "1 vote"), (2, "2 votes"), (1200, "1,200 votes")]
)
def test_a_number_agrees_with_its_noun(number: int, text: str) -> None:
    assert count(number, "vote") == text


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert [count(n, "match", "matches") for n in (1, 2)] == ["1 match", "2 matches"]


@pytest.mark.parametrize(("names", "text"), [("A", "A"), ("AB", "A and B"), ("ABC", "A, B and C")])
def test_names_are_joined_as_in_a_sentence(names: str, text: str) -> None:
    assert listed(list(names)) == text


TIMES = [(0, "0:00"), (0.5, "0:01"), (9.4, "0:09"), (32.8, "0:33"), (59.6, "1:00"), (185, "3:05")]


@pytest.mark.parametrize(("seconds", "text"), TIMES)
def test_a_length_is_rounded_to_the_nearest_second(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_the_script_of_the_pages_writes_the_same_lengths() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    helpers = Path(__file__).parents[2] / "lyria_studio/assets/helpers.js"
    code = (
        f"import {{ clock }} from {json.dumps(helpers.as_uri())};"
        f"console.log(JSON.stringify({[seconds for seconds, _ in TIMES]}.map(clock)))"
    )
    command = [node, "--no-warnings", "--input-type=module", "--eval", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(found.stdout) == [text for _, text in TIMES]
