// The sounds of the page. They belong to it and not to their players: Streamlit draws a player anew
// when something is listed above it or the screen changes, and what plays must not stop.
import { ClockWatch } from "./instep/clock_watch.js";

/** @type {Map<string, Sound>} */
const sounds = new Map();
const element = document.createElement("div");
element.id = "lyria-sounds";
element.hidden = true;
document.body.append(element);

/** @type {{ element: HTMLElement, current: Sound | undefined }} */
export const nowPlaying = { element, current: undefined };

// Players that are no media element, by a name of their own; each can pause().
/** @type {Map<string, { pause(): void }>} */
export const engines = new Map();

// Media events do not bubble, but they can be caught on their way down.
element.addEventListener("play", (event) => {
  nowPlaying.current = /** @type {Sound} */ (event.target);
  for (const engine of engines.values()) engine.pause();
}, true);

/** @param {string} track */
export function soundOf(track) {
  let audio = sounds.get(track);
  if (!audio) {
    audio = document.createElement("audio");
    audio.preload = "none";
    audio.dataset.track = track;
    watch(audio);
    element.append(audio);
    sounds.set(track, audio);
  }
  return audio;
}

// What is buffered has to move; otherwise a "silence" event says that audio.silent has changed.
/** @param {Sound} audio */
function watch(audio) {
  const clock = new ClockWatch(() => audio.currentTime, () => {
    audio.silent = clock.silent;
    audio.dispatchEvent(new Event("silence"));
  }, () => audio.readyState > audio.HAVE_CURRENT_DATA && !audio.seeking);
  audio.addEventListener("play", () => clock.start());
  for (const name of ["pause", "ended", "error"]) audio.addEventListener(name, () => clock.stop());
}

/** @param {Sound} audio */
export const rests = (audio) => audio.paused || Boolean(audio.silent);

// One sound at a time: everything but this one falls silent.
/** @param {{ pause(): void }} player */
export function alone(player) {
  for (const other of [...sounds.values(), ...engines.values()]) if (other !== player) other.pause();
}

/** @param {Sound} audio */
export function play(audio) {
  alone(audio);
  if (audio.silent) audio.pause(); // and so it is begun anew
  return audio.play();
}
