// What plays, on every screen: shown while the player of the sound is not to be seen.
import { clock, find } from "./helpers.js";
import { silence } from "./instep/clock_watch.js";
import { play, rests, nowPlaying } from "./sounds.js";

const EVENTS = ["play", "pause", "ended", "timeupdate", "seeked", "emptied", "silence"];
/** @type {WeakMap<ParentNode, Bar>} */
const bars = new WeakMap();

/** @param {Sound} audio */
function inSight(audio) {
  const box = audio.player?.root.getBoundingClientRect();
  return box !== undefined && box.bottom > 60 && box.top < innerHeight - 40;
}

class Bar {
  /** @param {ParentNode} parent */
  constructor(parent) {
    this.root = find(parent, ".mini", HTMLElement);
    this.button = find(parent, ".toggle", HTMLButtonElement);
    this.title = find(parent, ".title", HTMLElement);
    this.position = find(parent, ".position", HTMLInputElement);
    this.time = find(parent, ".time", HTMLElement);
    this.problem = find(parent, ".problem", HTMLElement);
    this.button.onclick = () => {
      const audio = nowPlaying.current;
      if (!audio) return;
      if (rests(audio)) play(audio).catch(() => undefined);
      else audio.pause();
    };
    this.position.oninput = () => {
      if (nowPlaying.current) nowPlaying.current.currentTime = Number(this.position.value);
    };
    find(parent, ".close", HTMLElement).onclick = () => {
      nowPlaying.current?.pause();
      nowPlaying.current = undefined;
      this.show();
    };
    this.root.onkeydown = (event) => event.stopPropagation();
    this.show = this.show.bind(this);
    for (const name of EVENTS) nowPlaying.element.addEventListener(name, this.show, true);
    document.addEventListener("scroll", this.show, { capture: true, passive: true });
    this.show();
  }

  show() {
    const audio = nowPlaying.current;
    // A sound that stands still at its beginning or end has nothing to be controlled.
    const shown = audio && !(audio.paused && (audio.ended || audio.currentTime === 0)) && !inSight(audio);
    this.root.hidden = !shown;
    const problem = shown ? silence(audio.silent) : "";
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
    if (!shown) return;
    const length = audio.duration || Number(audio.dataset.duration) || 0;
    this.root.classList.toggle("playing", !rests(audio));
    this.title.textContent = audio.dataset.title ?? "";
    this.button.setAttribute("aria-label", `${rests(audio) ? "Play" : "Pause"} ${audio.dataset.title}`);
    this.position.max = String(length);
    this.position.value = String(audio.currentTime);
    this.position.setAttribute("aria-valuetext", `${clock(audio.currentTime)} of ${clock(length)}`);
    this.time.textContent = `${clock(audio.currentTime)} / ${clock(length)}`;
  }

  destroy() {
    for (const name of EVENTS) nowPlaying.element.removeEventListener(name, this.show, true);
    document.removeEventListener("scroll", this.show, { capture: true });
  }
}

/** @param {StreamlitComponent} component */
export function draw({ parentElement }) {
  const bar = bars.get(parentElement) ?? new Bar(parentElement);
  bars.set(parentElement, bar);
  bar.show();
}

/** @param {ParentNode} parent */
export function remove(parent) {
  bars.get(parent)?.destroy();
  bars.delete(parent);
}
