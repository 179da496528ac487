// The keys of the player in step.

const STEP_S = 5;
const NUDGE_S = 0.01;
/** @type {Record<string, string>} */
const SHIFTED = { Comma: ",", Period: "." }; // the same key with Shift is another sign

/** @typedef {import("./view.js").View} View */

// What a key does; undefined: it is not for the player.
/**
 * @param {KeyboardEvent} event @param {string[]} letters
 * @returns {((view: View) => void) | undefined}
 */
export function meaning(event, letters) {
  const field = /** @type {HTMLInputElement} */ (event.composedPath()[0]);
  const graph = event.getModifierState("AltGraph"); // how a bracket is typed on many keyboards
  if ((event.ctrlKey || event.metaKey || event.altKey) && !graph) return undefined;
  if (field.type === "number") return undefined;
  if (field.type === "range" && /^(Arrow|Home|End|Page)/.test(event.key)) return undefined;
  if (event.key === " " && field.tagName === "BUTTON") return undefined; // the button itself acts
  const key = event.shiftKey ? (SHIFTED[event.code] ?? event.key) : event.key;
  const side = /^[1-6]$/.test(key) ? Number(key) - 1
    : /^[a-f]$/i.test(key) ? letters.indexOf(key.toUpperCase()) : -1;
  if (side >= 0) return (view) => view.choose(side);
  const nudge = event.shiftKey ? 10 * NUDGE_S : NUDGE_S;
  const step = (/** @type {number} */ seconds) => (/** @type {View} */ view) => view.step(seconds);
  /** @type {Record<string, (view: View) => void>} */
  const meanings = {
    " ": (view) => view.playOrPause(),
    ArrowLeft: step(-STEP_S), ArrowDown: step(-STEP_S),
    ArrowRight: step(STEP_S), ArrowUp: step(STEP_S),
    PageDown: step(-3 * STEP_S), PageUp: step(3 * STEP_S),
    Home: step(-Infinity), End: step(Infinity),
    l: (view) => view.loop(), L: (view) => view.loop(),
    "[": (view) => view.loopFromHere(), "]": (view) => view.loopToHere(), Escape: (view) => view.unmark(),
    ",": (view) => view.nudge(-nudge), ".": (view) => view.nudge(nudge),
  };
  return meanings[key];
}
