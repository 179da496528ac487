// One track: stored peaks are drawn at once, the sound is fetched when play is pressed.
import { clamp, clock, find } from "./helpers.js";
import { silence } from "./instep/clock_watch.js";
import { play, rests, soundOf } from "./sounds.js";

/**
 * @typedef {object} Track
 * @property {string} track_id
 * @property {string} title
 * @property {string} url
 * @property {string} [download_url]
 * @property {string} [file_name]
 * @property {number} duration_s
 * @property {number[]} peaks
 * @property {boolean} [small]
 */

/** @type {WeakMap<ParentNode, Player>} */
const players = new WeakMap();
/** @type {Promise<any[]> | undefined} */
let drawing;

function wavesurfer() {
  drawing ??= Promise.all(["wavesurfer", "regions"].map((name) => import(`./wavesurfer/${name}-8.0.1.esm.js`)));
  return drawing;
}

// A canvas knows no color-mix(): the text colour made paler by its alpha.
/** @param {string} colour @param {number} alpha */
function mixed(colour, alpha) {
  const parts = colour.match(/[\d.]+/g) ?? ["120", "120", "120"];
  return `rgba(${parts.slice(0, 3).join(", ")}, ${alpha})`;
}

/** @param {Element} element */
function colours(element) {
  const style = getComputedStyle(element);
  return {
    waveColor: mixed(style.color, 0.38),
    progressColor: style.getPropertyValue("--st-primary-color").trim() || "#444",
    cursorColor: style.getPropertyValue("--st-text-color").trim() || "#000",
  };
}

class Player {
  /** @param {ParentNode} parent @param {Track} data */
  constructor(parent, data) {
    this.root = find(parent, ".player", HTMLElement);
    this.audio = soundOf(data.track_id);
    this.audio.player = this;
    this.button = find(parent, ".toggle", HTMLButtonElement);
    this.slider = find(parent, ".wave", HTMLElement);
    this.label = find(parent, ".time", HTMLElement);
    this.looping = find(parent, ".loop", HTMLElement);
    this.speed = find(parent, ".speed select", HTMLSelectElement);
    this.volume = find(parent, ".volume input", HTMLInputElement);
    this.link = find(parent, ".download", HTMLAnchorElement);
    this.problem = find(parent, ".problem", HTMLElement);
    this.gone = new AbortController();
    this.duration = 0;
    this.title = "";
    /** @type {number[]} */
    this.peaks = [];
    /** @type {any} */
    this.wave = undefined;
    /** @type {any} */
    this.regions = undefined;
    this.volume.value = String(this.audio.volume);
    this.speed.value = String(this.audio.playbackRate);
    this.listen();
    this.update(data);
    if (!data.small) this.draw();
  }

  listen() {
    this.button.onclick = () => (rests(this.audio) ? this.play() : this.audio.pause());
    this.audio.onplay = () => this.state("playing", true);
    this.audio.onpause = () => this.state("playing", false);
    this.audio.onended = () => this.state("playing", false);
    this.audio.onwaiting = () => this.state("waiting", true);
    this.audio.onplaying = () => this.state("waiting", false);
    this.audio.ontimeupdate = () => this.tick();
    this.audio.onseeked = () => this.tick();
    this.audio.onerror = () => this.fail();
    this.audio.addEventListener("silence", () => this.silence(), { signal: this.gone.signal });
    this.volume.oninput = () => (this.audio.volume = Number(this.volume.value));
    this.speed.onchange = () => (this.audio.playbackRate = Number(this.speed.value));
    this.looping.onclick = () => this.loop(this.looping.getAttribute("aria-pressed") !== "true");
    this.slider.onkeydown = (event) => this.key(event);
    // Streamlit has shortcuts of its own on the document; keys pressed in the player are not for them.
    this.root.onkeydown = (event) => event.stopPropagation();
  }

  /** @param {Track} data */
  update(data) {
    this.duration = data.duration_s || 0;
    this.title = data.title;
    this.peaks = data.peaks;
    // A fresh signature changes the address, not the sound: what was begun goes on.
    const fresh = this.audio.dataset.address !== data.url;
    if (fresh && (!this.audio.src || (this.audio.paused && this.audio.currentTime === 0))) {
      this.audio.src = data.url;
      this.audio.dataset.address = data.url;
    }
    this.audio.dataset.title = data.title;
    this.audio.dataset.duration = String(this.duration);
    this.root.classList.toggle("small", Boolean(data.small));
    this.link.href = data.download_url ?? "";
    this.link.setAttribute("download", data.file_name ?? "");
    this.link.setAttribute("aria-label", `Download ${data.file_name}`);
    this.link.title = data.file_name ?? "";
    this.root.setAttribute("aria-label", `Player: ${data.title}`);
    this.slider.setAttribute("aria-valuemax", String(Math.round(this.duration)));
    this.state("playing", !rests(this.audio));
    if (this.audio.silent) this.silence();
    this.tick();
    this.wave?.setOptions(colours(this.root));
  }

  async draw() {
    try {
      const [{ default: WaveSurfer }, { default: Regions }] = await wavesurfer();
      if (this.gone.signal.aborted) return;
      this.wave = WaveSurfer.create({
        container: this.slider,
        media: this.audio,
        peaks: [this.peaks],
        duration: this.duration,
        height: 52,
        barWidth: 2,
        barGap: 1,
        barRadius: 2,
        cursorWidth: 2,
        normalize: true,
        ...colours(this.root),
      });
      this.regions = this.wave.registerPlugin(Regions.create());
      const colour = mixed(getComputedStyle(this.root).color, 0.16);
      this.regions.enableDragSelection({ color: colour });
      this.regions.on("region-created", (/** @type {Stretch} */ region) => this.select(region));
    } catch {
      // Without the drawing the button, the keys and the sound still work.
      this.slider.textContent = "";
    }
  }

  // What was dragged over the waveform is what loops; a new stretch takes the place of the old one.
  /** @param {Stretch} region */
  select(region) {
    for (const other of this.regions.getRegions()) if (other !== region) other.remove();
    this.loop(true);
    if (this.audio.currentTime < region.start || this.audio.currentTime > region.end) {
      this.seek(region.start);
    }
  }

  /** @param {boolean} on */
  loop(on) {
    this.looping.setAttribute("aria-pressed", String(on));
    this.audio.loop = on;
    if (!on) this.regions?.clearRegions();
  }

  async play() {
    this.tell("");
    try {
      await play(this.audio);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) this.fail();
    }
  }

  fail() {
    if (!this.audio.error) return;
    this.state("waiting", false);
    this.tell("This track could not be loaded. Nothing is lost: reload the page to try again.");
  }

  silence() {
    this.tell(silence(this.audio.silent));
    this.state("playing", !rests(this.audio));
  }

  // Only its text changes, so that a screen reader says it.
  /** @param {string} words */
  tell(words) {
    this.problem.textContent = words;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -15, PageUp: 15 };
    if (event.key in steps) this.seek(this.audio.currentTime + steps[event.key]);
    else if (event.key === "Home") this.seek(0);
    else if (event.key === "End") this.seek(this.duration);
    else if (event.key === " " || event.key === "Enter") this.button.click();
    else if (event.key === "l" || event.key === "L") this.looping.click();
    else return;
    event.preventDefault();
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.audio.currentTime = clamp(seconds, 0, this.duration || 0);
    this.tick();
  }

  /** @param {string} name @param {boolean} on */
  state(name, on) {
    this.root.classList.toggle(name, on);
    const verb = rests(this.audio) ? "Play" : "Pause";
    this.button.setAttribute("aria-label", `${verb} ${this.title}`);
  }

  tick() {
    const now = this.audio.currentTime;
    const [region] = this.regions?.getRegions() ?? [];
    if (region && !this.audio.paused && now >= region.end) this.audio.currentTime = region.start;
    this.label.textContent = `${clock(now)} / ${clock(this.duration)}`;
    this.slider.setAttribute("aria-valuenow", String(Math.round(now)));
    this.slider.setAttribute("aria-valuetext", `${clock(now)} of ${clock(this.duration)}`);
  }

  destroy() {
    this.gone.abort();
    this.wave?.destroy();
    if (this.audio.player === this) this.audio.player = undefined;
  }
}

/** @param {StreamlitComponent<Track>} component */
export function draw({ data, parentElement }) {
  const known = players.get(parentElement);
  if (known?.audio === soundOf(data.track_id)) known.update(data);
  else {
    known?.destroy();
    players.set(parentElement, new Player(parentElement, data));
  }
}

/** @param {ParentNode} parent */
export function remove(parent) {
  players.get(parent)?.destroy();
  players.delete(parent);
}
