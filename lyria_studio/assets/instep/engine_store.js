// The engines of the players in step on this page. An engine outlives its element, if that comes back soon.
import { InStep } from "../instep.js";
import { engines } from "../sounds.js";
import { factor } from "./lanes.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{ key: string, sides: Side[] }} Sides */

/**
 * What is kept of a player while its element is away.
 * @typedef {InStep & {
 *   tracks: string, offsets: number[], stored: number[], marked: Stretch | null,
 *   view?: View, forgetting?: ReturnType<typeof setTimeout>,
 * }} Engine
 */

const FORGET_MS = 1000; // Streamlit may take an element away and draw it again at another place

/** @param {Sides} data */
export function engineOf(data) {
  const tracks = data.sides.map((side) => side.track_id).join(" ");
  const known = /** @type {Engine | undefined} */ (engines.get(data.key));
  if (known?.tracks === tracks) {
    clearTimeout(known.forgetting);
    return known;
  }
  const offsets = data.sides.map((side) => side.offset_s);
  /** @type {Engine} */
  const engine = Object.assign(new InStep({
    sounds: data.sides.map((side) => ({
      url: new URL(side.url, document.baseURI).href, gain: factor(side.gain_db), offset_s: side.offset_s,
    })),
    onchange: (state) => engine.view?.show(state),
  }), { tracks, offsets, stored: [...offsets], marked: null });
  if (known) {
    // Other takes of the same letters: the ear stays where it was.
    engine.switchTo(Math.min(known.current, data.sides.length - 1));
    engine.seek(known.position);
    engine.setVolume(known.volume);
    const { playing } = known;
    known.destroy();
    if (playing) engine.play();
  }
  engines.set(data.key, engine);
  return engine;
}

/** @param {string} key @param {Engine} engine @param {View} view */
export function forget(key, engine, view) {
  if (engine.view !== view) return;
  engine.view = undefined;
  engine.forgetting = setTimeout(() => {
    engine.destroy();
    if (engines.get(key) === engine) engines.delete(key);
  }, FORGET_MS);
}
