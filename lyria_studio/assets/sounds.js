// What sounds in this tab. It belongs to the page and not to what is drawn: Streamlit draws the
// screen anew at any time, and what plays must not stop.
import { clamp } from "./helpers.js";
import { ClockWatch, silence } from "./instep/clock_watch.js";

/** @typedef {import("./track_button.js").Track} Track */

// Players with a sound of their own, by name; each can pause(), and says whether it is playing.
/** @type {Map<string, { pause(): void, playing?: boolean }>} */
export const engines = new Map();

const LOST = "This track could not be loaded. Reload the page to try again.";
const SETTINGS = "lyria-player";
const RESTART_S = 3; // "previous" begins the track again after this long

/** @returns {{ volume?: number, advance?: boolean }} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(SETTINGS) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * Plays a list of tracks, one at a time. Every change dispatches "change", every step "tick".
 *
 * All tracks share one element: a phone lets the next track begin by itself only in an element that
 * a tap has started.
 */
class Playback extends EventTarget {
  /** @type {Track[]} */
  tracks = [];
  index = -1;
  /** @type {Stretch | null} */
  stretch = null;
  problem = "";
  waiting = false;
  /** @type {() => Track[]} */
  #source = () => [];
  #asked = false; // whether the next pause is one that was asked for

  constructor() {
    super();
    const home = document.createElement("div");
    home.id = "lyria-sounds";
    home.hidden = true;
    const audio = (this.audio = document.createElement("audio"));
    audio.preload = "none";
    home.append(audio);
    document.body.append(home);
    const { volume = 1, advance = false } = remembered();
    audio.volume = clamp(Number(volume) || 0, 0, 1);
    this.advance = Boolean(advance);
    this.#listen();
  }

  get track() { return /** @type {Track | undefined} */ (this.tracks[this.index]); }
  get duration() { return this.audio.duration || this.track?.duration_s || 0; }
  get position() { return this.audio.currentTime; }
  get playing() { return !this.audio.paused && !this.#clock.silent; }
  get looping() { return this.audio.loop || this.stretch !== null; }

  // What is buffered has to move; otherwise nothing sounds.
  #clock = new ClockWatch(() => this.audio.currentTime, () => {
    this.problem = silence(this.#clock.silent);
    this.#changed();
  }, () => this.audio.readyState > this.audio.HAVE_CURRENT_DATA && !this.audio.seeking);

  #listen() {
    const { audio } = this;
    const on = (/** @type {string} */ names, /** @type {() => void} */ act) => {
      for (const name of names.split(" ")) audio.addEventListener(name, act);
    };
    on("play", () => {
      this.#asked = false;
      alone(this);
      this.#clock.start();
    });
    on("ended error", () => this.#clock.stop());
    // A call or another app takes the sound away from a phone: nobody here asked for it.
    on("pause", () => (this.#asked || audio.ended ? this.#clock.stop() : this.#clock.halted()));
    on("waiting", () => (this.waiting = true));
    on("playing pause ended error", () => (this.waiting = false));
    on("error", () => { if (this.track) this.problem = LOST; });
    on("ended", () => { if (this.advance) this.go(1); });
    on("play pause ended error waiting playing volumechange ratechange durationchange", () => this.#changed());
    on("timeupdate seeked", () => this.#tick());
  }

  #changed() { this.dispatchEvent(new Event("change")); }

  #tick() {
    const { stretch, audio } = this;
    if (stretch && !audio.paused && audio.currentTime >= stretch.end) audio.currentTime = stretch.start;
    this.dispatchEvent(new Event("tick"));
  }

  /**
   * Play a list from one of its tracks on.
   * @param {Track[]} tracks
   * @param {number} index
   * @param {number} [part] where in the track to begin, 0 to 1
   * @param {() => Track[]} [source] gives the list as the screen shows it now; empty on another one
   */
  start(tracks, index, part = 0, source = () => []) {
    this.tracks = tracks;
    this.#source = source;
    this.#open(index, part);
  }

  // What was made since joins the list, as long as the screen shows what plays.
  refresh() {
    const fresh = this.#source();
    const at = fresh.findIndex(({ track_id }) => track_id === this.track?.track_id);
    if (at >= 0) [this.tracks, this.index] = [fresh, at];
  }

  /** @param {number} index */
  #open(index, part = 0) {
    this.index = index;
    this.problem = "";
    this.stretch = null;
    const { audio, track } = this;
    if (!track) return;
    const { playbackRate } = audio;
    audio.src = track.url;
    audio.dataset.track = track.track_id;
    audio.defaultPlaybackRate = audio.playbackRate = playbackRate;
    if (part) audio.currentTime = part * track.duration_s;
    this.#changed();
    this.play();
  }

  /**
   * Give known tracks their newest address; what has begun to play keeps its own.
   * @param {Track} fresh
   */
  renew(fresh) {
    const at = this.tracks.findIndex((track) => track.track_id === fresh.track_id);
    if (at < 0) return;
    this.tracks[at] = fresh;
    if (at === this.index && this.audio.paused && !this.audio.currentTime) this.audio.src = fresh.url;
  }

  async play() {
    const { audio } = this;
    if (this.#clock.silent) this.pause(); // and so it is begun anew
    if (audio.error) audio.load();
    this.problem = "";
    try {
      await audio.play();
    } catch (error) {
      if (audio.error) this.problem = LOST;
      else if (!(error instanceof DOMException && error.name === "AbortError")) this.problem = "Press Play to start.";
      this.#changed();
    }
  }

  pause() {
    this.#asked = true;
    this.audio.pause();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {1 | -1} step to the next track or the one before */
  go(step) {
    this.refresh();
    if (step < 0 && (this.position > RESTART_S || !this.tracks[this.index - 1])) {
      this.seek(0);
    } else if (this.tracks[this.index + step]) {
      this.#open(this.index + step);
    }
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.audio.currentTime = clamp(seconds, 0, this.duration);
    this.#tick();
  }

  /** @param {Stretch | boolean} what loops: the track, a part of it, or nothing */
  loop(what) {
    this.stretch = typeof what === "object" ? what : null;
    this.audio.loop = what === true;
    if (this.stretch && (this.position < this.stretch.start || this.position > this.stretch.end)) {
      this.seek(this.stretch.start);
    }
    this.#changed();
  }

  /** @param {number} volume */
  setVolume(volume) {
    this.audio.volume = volume;
    this.audio.muted = false;
    this.#remember();
  }

  /** @param {boolean} advance */
  setAdvance(advance) {
    this.advance = advance;
    this.#remember();
    this.#changed();
  }

  #remember() {
    try {
      localStorage.setItem(SETTINGS, JSON.stringify({ volume: this.audio.volume, advance: this.advance }));
    } catch {
      // A browser that keeps nothing: it is as before after the next reload.
    }
  }

  close() {
    this.pause();
    this.tracks = [];
    this.index = -1;
    this.audio.removeAttribute("src");
    this.audio.load();
    this.#changed();
  }
}

export const playback = new Playback();

// One sound at a time: everything but this one falls silent.
/** @param {{ pause(): void }} player */
export function alone(player) {
  for (const other of [playback, ...engines.values()]) if (other !== player) other.pause();
}
