"""One script from the modules of a page."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lyria_studio.web.listen_pages import page_script
from lyria_studio.web.modules import joined

MODULES = {
    "page/main.js": """\
// Prints all of it.
import { SoundError, greet, shout as loud } from "./words.js";
import { Counter } from "../shared/counter.js";
import { greet as again } from "./words.js";

const counter = new Counter();
console.log(loud(greet("you")), greet === again, counter.next(), counter.next(), SoundError);
""",
    "page/words.js": """\
import {
  first, second as SoundError,
} from "../shared/counter.js";
/**
 * What to say: import { nothing } from "nowhere.js";
 * @param {string} name
 */
export function greet(name) {
  return /** @type {string} */ (`${name} // no comment, ${first}`); // a comment
}
export const shout = (text) => text.toUpperCase();
export { SoundError };
""",
    "shared/counter.js": """\
export const first = 1;
const two = 2;
export const second = two;
export class Counter {
  #next = first;
  next() { return this.#next++; }
}
export async function later() {}
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in MODULES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def join(folder: Path) -> str:
    folders = {f"/{name}/": folder / name for name in ("page", "shared")}
    return joined("/page/main.js", folders)


def run(script: str) -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    command = [node, "--input-type=module"]
    return subprocess.run(
        command, input=script, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_script_does_what_its_modules_do(folder: Path) -> None:
    assert run(join(folder)) == "YOU // NO COMMENT, 1 true 1 2 2"


def test_a_module_is_there_once_and_without_its_comments(folder: Path) -> None:
    script = join(folder)
    assert script.count("class Counter") == 1
    assert "Prints all" not in script
    assert "nowhere.js" not in script


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('import all from "./words.js";', "import all"),
        ('import "./words.js";', 'import "'),
        ('import { greet } from "./main.js";', "imports itself"),
        ('import { greet } from "/elsewhere.js";', "lies in none"),
        ('export * from "./words.js";', "export [*]"),
        ("export default 3;", "export default"),
        ("export let changing = 3;", "export let"),
        ("export { greet as other };", "export { greet as"),
    ],
)
def test_what_is_not_understood_is_refused(folder: Path, line: str, why: str) -> None:
    words = folder / "page" / "words.js"
    words.write_text(f"{line}\n{words.read_text()}")
    with pytest.raises(ValueError, match=why):
        join(folder)


def test_the_listeners_page_is_one_script() -> None:
    script = page_script()
    assert "class InStep" in script
    assert "import " not in script
