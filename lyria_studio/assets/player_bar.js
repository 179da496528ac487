// The player at the bottom of every screen.
import { clamp, clock, find } from "./helpers.js";
import "./media_keys.js";
import { keys, listen } from "./shortcuts.js";
import { playback } from "./sounds.js";
import { fill } from "./waveform.js";

const DRAG_PX = 5;
/** @type {Map<ParentNode, Bar>} */
const bars = new Map();

class Bar {
  /** @param {ParentNode} parent */
  constructor(parent) {
    this.root = find(parent, ".bar", HTMLElement);
    this.button = find(parent, ".toggle", HTMLButtonElement);
    this.wave = find(parent, ".wave", HTMLElement);
    this.looping = find(parent, ".loop", HTMLElement);
    this.advance = find(parent, ".advance", HTMLElement);
    this.speed = find(parent, ".speed select", HTMLSelectElement);
    this.mute = find(parent, ".mute", HTMLElement);
    this.volume = find(parent, ".volume input", HTMLInputElement);
    this.link = find(parent, ".download", HTMLAnchorElement);
    this.more = find(parent, ".more", HTMLElement);
    this.help = find(parent, "dialog", HTMLDialogElement);
    this.parent = parent;
    this.drawn = "";
    this.listen();
    this.show = this.show.bind(this);
    this.tick = this.tick.bind(this);
    playback.addEventListener("change", this.show);
    playback.addEventListener("tick", this.tick);
    this.show();
  }

  listen() {
    this.button.onclick = () => playback.toggle();
    find(this.parent, ".previous", HTMLElement).onclick = () => playback.go(-1);
    find(this.parent, ".next", HTMLElement).onclick = () => playback.go(1);
    this.looping.onclick = () => playback.loop(!playback.looping);
    this.advance.onclick = () => playback.setAdvance(!playback.advance);
    this.speed.onchange = () => (playback.audio.playbackRate = Number(this.speed.value));
    this.mute.onclick = () => (playback.audio.muted = !playback.audio.muted);
    this.volume.oninput = () => playback.setVolume(Number(this.volume.value));
    find(this.parent, ".close", HTMLElement).onclick = () => playback.close();
    find(this.parent, ".keys", HTMLElement).onclick = () => this.explain();
    this.more.onclick = () => {
      const open = this.root.classList.toggle("open");
      this.more.setAttribute("aria-expanded", String(open));
    };
    this.wave.onkeydown = (event) => this.key(event);
    // Keys of ours go on to the document by way of shortcuts.js; Streamlit's own act on no player.
    const single = find(this.parent, ".single", HTMLInputElement);
    single.checked = keys.on;
    single.onchange = () => (keys.on = single.checked);
    find(this.parent, ".shut", HTMLElement).onclick = () => this.help.close();
    this.help.onclick = (event) => { if (event.target === this.help) this.help.close(); };
    this.drag();
  }

  explain() {
    if (!this.help.open) this.help.showModal();
  }

  // A drag moves the position; while a loop is on, it marks the part that loops.
  drag() {
    /** @type {{ x: number, from: number, moved: boolean } | undefined} */
    let press;
    const at = (/** @type {PointerEvent} */ event) => {
      const box = this.wave.getBoundingClientRect();
      return clamp((event.clientX - box.left) / box.width, 0, 1) * playback.duration;
    };
    this.wave.onpointerdown = (event) => {
      if (event.button !== 0) return;
      this.wave.setPointerCapture(event.pointerId);
      press = { x: event.clientX, from: at(event), moved: false };
    };
    this.wave.onpointermove = (event) => {
      if (!press) return;
      press.moved ||= Math.abs(event.clientX - press.x) > DRAG_PX;
      if (!press.moved) return;
      const [start, end] = [press.from, at(event)].sort((one, other) => one - other);
      if (!playback.looping) playback.seek(at(event));
      else if (end > start) playback.loop({ start, end });
    };
    this.wave.onpointerup = (event) => {
      if (press && !press.moved) playback.seek(at(event));
      press = undefined;
    };
    this.wave.onpointercancel = () => (press = undefined);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, number>} */
    const steps = {
      ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -15, PageUp: 15,
      Home: -Infinity, End: Infinity,
    };
    if (event.key in steps) playback.seek(playback.position + steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") playback.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  show() {
    playback.refresh();
    const { track, tracks, index, audio, playing } = playback;
    this.root.hidden = !track;
    const problem = find(this.parent, ".problem", HTMLElement);
    if (problem.textContent !== playback.problem) problem.textContent = playback.problem;
    if (!track) return;
    if (this.drawn !== track.track_id) {
      this.drawn = track.track_id;
      fill(this.wave, track.peaks);
      find(this.parent, ".title", HTMLElement).textContent = track.title;
      find(this.parent, ".about", HTMLElement).textContent = track.about;
      find(this.parent, ".spoken", HTMLElement).textContent = `${track.title}, ${index + 1} of ${tracks.length}`;
    }
    this.root.classList.toggle("playing", playing);
    this.root.classList.toggle("waiting", playback.waiting);
    this.root.classList.toggle("muted", audio.muted);
    this.root.classList.toggle("marked", playback.stretch !== null);
    this.button.setAttribute("aria-label", `${playing ? "Pause" : "Play"} ${track.title}`);
    find(this.parent, ".next", HTMLButtonElement).disabled = index + 1 >= tracks.length;
    this.looping.setAttribute("aria-pressed", String(playback.looping));
    this.advance.setAttribute("aria-pressed", String(playback.advance));
    this.mute.setAttribute("aria-pressed", String(audio.muted));
    this.speed.value = String(audio.playbackRate);
    this.volume.value = String(audio.muted ? 0 : audio.volume);
    this.link.hidden = !track.download_url;
    find(this.parent, ".rights", HTMLAnchorElement).href = "settings#usage-rights";
    this.link.href = track.download_url ?? "";
    this.link.download = this.link.title = track.file_name ?? "";
    const { stretch, duration } = playback;
    this.wave.style.setProperty("--from", String((stretch?.start ?? 0) / duration));
    this.wave.style.setProperty("--to", String((stretch?.end ?? 0) / duration));
    this.wave.setAttribute("aria-valuemax", String(Math.round(duration)));
    find(this.parent, ".length", HTMLElement).textContent = clock(duration);
    this.tick();
  }

  tick() {
    const { position, duration } = playback;
    this.wave.style.setProperty("--at", String(duration ? clamp(position / duration, 0, 1) : 0));
    find(this.parent, ".now", HTMLElement).textContent = clock(position);
    this.wave.setAttribute("aria-valuenow", String(Math.round(position)));
    this.wave.setAttribute("aria-valuetext", `${clock(position)} of ${clock(duration)}`);
  }

  destroy() {
    playback.removeEventListener("change", this.show);
    playback.removeEventListener("tick", this.tick);
  }
}

/** Show the list of keys. */
export function explain() {
  for (const bar of bars.values()) bar.explain();
}

listen(explain);

// A listening test is blind: its player is another page, and ours names what it plays.
document.addEventListener("click", (event) => {
  const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  if (link instanceof HTMLAnchorElement && /\/listen\//.test(link.pathname)) playback.close();
}, true);

// Streamlit takes a change of the address for a click on its own link, and loads nothing anew.
/** @param {MouseEvent} event */
function visit(event) {
  const { href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (href === location.href) return;
  history.pushState({}, "", href);
  dispatchEvent(new PopStateEvent("popstate"));
}

/** @typedef {{ tabs: [string, string][], current: string | null }} Screens */

/** @param {ParentNode} parent @param {Screens} screens */
function showTabs(parent, { tabs, current }) {
  const box = find(parent, ".tabs", HTMLElement);
  box.hidden = !tabs.length;
  tabs.forEach(([title, path], index) => {
    const link = /** @type {HTMLAnchorElement} */ (box.children[index] ?? box.appendChild(document.createElement("a")));
    link.textContent = title;
    link.href = new URL(path || "./", document.baseURI).href;
    link.onclick = visit;
    if (path === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
}

/** @param {StreamlitComponent<Screens>} component */
export function draw({ data, parentElement }) {
  if (!bars.has(parentElement)) bars.set(parentElement, new Bar(parentElement));
  showTabs(parentElement, data);
}

/** @param {ParentNode} parent */
export function remove(parent) {
  bars.get(parent)?.destroy();
  bars.delete(parent);
}
