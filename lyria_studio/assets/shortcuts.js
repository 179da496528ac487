// Single keys that act on the bar from anywhere on a screen, and the list of them.
import { playback, engines } from "./sounds.js";
import { moveSelection } from "./track_button.js";

const SETTING = "lyria-keys";
// Where typing means text, or a letter chooses an option.
const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=option]";
// Where Space has a meaning of its own.
const PRESSED = "button, a[href], input, summary, [role=button], [role=radio], [role=checkbox], [role=switch], [role=tab], [role=menuitem], [role=slider]";

export const keys = {
  get on() {
    try {
      return localStorage.getItem(SETTING) !== "off";
    } catch {
      return true;
    }
  },
  /** @param {boolean} on */
  set on(on) {
    try {
      localStorage.setItem(SETTING, on ? "on" : "off");
    } catch {
      // A browser that keeps nothing: they are on again after the next reload.
    }
  },
};

// The player in step, while it is heard.
const engine = () => [...engines.values()].find((one) => one.playing);

/** @type {Record<string, () => void>} */
const ACTIONS = {
  " ": () => (engine() ?? { pause: () => playback.toggle() }).pause(),
  j: () => playback.go(1),
  k: () => playback.go(-1),
  l: () => playback.loop(!playback.looping),
  m: () => (playback.audio.muted = !playback.audio.muted),
  "[": () => mark(playback.position, playback.stretch?.end ?? playback.duration),
  "]": () => mark(playback.stretch?.start ?? 0, playback.position),
};

/** @param {number} start @param {number} end seconds */
function mark(start, end) {
  if (end - start > 0.1) playback.loop({ start, end });
}

/**
 * Let keys act on the bar.
 * @param {() => void} help shows the list of keys
 */
export function listen(help) {
  document.addEventListener("keydown", (event) => {
    if (!keys.on || event.defaultPrevented || event.isComposing) return;
    const graph = event.getModifierState("AltGraph"); // how a bracket is typed on many keyboards
    if ((event.ctrlKey || event.metaKey || event.altKey) && !graph) return;
    const field = event.composedPath()[0];
    if (!(field instanceof Element) || field.matches(TYPED)) return;
    if (/** @type {HTMLElement} */ (field).isContentEditable) return;
    if (document.querySelector("[role=dialog], dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === " " && field.matches(PRESSED)) return;
    if (key === "?") help();
    else if (/^[jk]$/.test(key) && moveSelection(field, key === "j" ? 1 : -1)) {
      // The list that has the focus.
    } else if (key in ACTIONS && (playback.track || engine())) ACTIONS[key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
