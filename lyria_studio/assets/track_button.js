// A track on a card: a play button and its waveform. What is pressed plays in the bar, together with
// the other tracks of the same list that stand on the screen.
import { clamp, clock, find } from "./helpers.js";
import { playback } from "./sounds.js";
import { fill } from "./waveform.js";

/**
 * @typedef {object} Track
 * @property {string} track_id
 * @property {string} title
 * @property {string} about what else the bar says of it
 * @property {string} url
 * @property {string} [download_url]
 * @property {string} [file_name]
 * @property {number} duration_s
 * @property {number[]} peaks
 * @property {string} list the name of the list that it belongs to
 * @property {boolean} [small] whether only the button is drawn
 */

/** @type {Map<ParentNode, TrackButton>} */
const shown = new Map();

/** The buttons of a list, from top to bottom. @param {string} list */
function listed(list) {
  const buttons = [...shown.values()].filter(({ track }) => track.list === list);
  const follows = (/** @type {TrackButton} */ one, /** @type {TrackButton} */ other) =>
    one.host.compareDocumentPosition(other.host) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
  return buttons.sort(follows);
}

/**
 * Move the selection of the list that has the focus. Returns false if none has.
 * @param {EventTarget} focused
 * @param {1 | -1} step
 */
export function moveSelection(focused, step) {
  const from = [...shown.values()].find(({ button }) => button === focused);
  if (!from) return false;
  const buttons = listed(from.track.list);
  const to = buttons[clamp(buttons.indexOf(from) + step, 0, buttons.length - 1)];
  to.button.focus();
  to.host.scrollIntoView({ block: "nearest" });
  return true;
}

class TrackButton {
  /** @param {ParentNode} parent @param {Track} track */
  constructor(parent, track) {
    this.root = find(parent, ".track", HTMLElement);
    this.button = find(parent, ".toggle", HTMLButtonElement);
    this.wave = find(parent, ".wave", HTMLElement);
    this.host = /** @type {ShadowRoot} */ (this.root.getRootNode()).host ?? this.root;
    this.track = track;
    this.drawn = "";
    // A click of the mouse leaves the focus where it is, so that the keys go on to act on the bar.
    this.button.onpointerdown = (event) => { if (event.pointerType === "mouse") event.preventDefault(); };
    this.button.onmousedown = (event) => event.preventDefault();
    this.button.onclick = () => (this.current ? playback.toggle() : this.start());
    this.wave.onclick = (event) => {
      const box = this.wave.getBoundingClientRect();
      const part = clamp((event.clientX - box.left) / box.width, 0, 1);
      if (!this.current) this.start(part);
      else {
        playback.seek(part * playback.duration);
        if (!playback.playing) playback.play();
      }
    };
    this.show = this.show.bind(this);
    for (const name of ["change", "tick"]) playback.addEventListener(name, this.show);
  }

  get current() { return playback.track?.track_id === this.track.track_id; }

  start(part = 0) {
    const { list } = this.track;
    const tracks = () => listed(list).map(({ track }) => track);
    playback.start(tracks(), listed(list).indexOf(this), part, tracks);
  }

  /** @param {Track} track */
  update(track) {
    this.track = track;
    playback.renew(track);
    this.button.disabled = false;
    this.root.classList.toggle("small", Boolean(track.small));
    this.root.setAttribute("aria-label", `Track: ${track.title}`);
    find(this.root, ".length", HTMLElement).textContent = clock(track.duration_s);
    if (!track.small && this.drawn !== track.track_id) fill(this.wave, track.peaks);
    this.drawn = track.track_id;
    this.show();
  }

  show() {
    const { current } = this;
    const playing = current && playback.playing;
    this.root.classList.toggle("current", current);
    this.root.classList.toggle("playing", playing);
    this.root.classList.toggle("waiting", current && playback.waiting);
    const label = `${playing ? "Pause" : "Play"} ${this.track.title}`;
    if (this.button.getAttribute("aria-label") !== label) this.button.setAttribute("aria-label", label);
    const at = current && playback.duration ? playback.position / playback.duration : 0;
    this.wave.style.setProperty("--at", String(clamp(at, 0, 1)));
  }

  destroy() {
    for (const name of ["change", "tick"]) playback.removeEventListener(name, this.show);
  }
}

/** @param {StreamlitComponent<Track>} component */
export function draw({ data, parentElement }) {
  const known = shown.get(parentElement) ?? new TrackButton(parentElement, data);
  shown.set(parentElement, known);
  known.update(data);
}

/** @param {ParentNode} parent */
export function remove(parent) {
  shown.get(parent)?.destroy();
  shown.delete(parent);
}
