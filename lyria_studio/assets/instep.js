// Several sounds in step: all are decoded, all run on one clock, one of them is heard.
//
// A position is a time on the common time line, in seconds. Sound i is heard there at its own time
// position + offset_s: what is skipped at its beginning if positive, silence before it if negative.
import { ClockWatch } from "./instep/clock_watch.js";
import { Loader } from "./instep/loader.js";
import { JOIN_S, Run, SOON_S } from "./instep/run.js";
import { Sound, SoundError } from "./instep/sound.js";

export { SoundError };

/** @typedef {import("./instep/growth.js").Growth} Growth */

const LEAD_S = 0.03; // all sources have to be started before the clock gets there
const LOOP_MIN_S = 0.1;
const END_S = 0.05; // play, so close to the end, begins at the beginning
const IDLE_MS = 3000; // a silent audio device costs a phone its battery

export class InStep {
  /** @type {{ context: BaseAudioContext, master: GainNode } | undefined} */
  #audio;
  #own; // the context is ours to stop and to close
  #output;
  #sounds;
  #onchange;
  /** @type {Run | undefined} */
  #run; // what sounds at present
  #current = 0;
  #at = 0; // the position while nothing sounds
  /** @type {Stretch | null} */
  #region = null;
  #volume = 1;
  #wanted = false; // play as soon as it can be
  #interrupted = false;
  #loader;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  #watch = new ClockWatch(() => this.#context.currentTime, () => this.#changed());

  // context, output: where to play, if not in a context of its own; an OfflineAudioContext renders
  // exactly what would be heard.
  // whole_s: how long the sounds are, if they may be played before all has come; see Growth.
  /**
   * @param {{ sounds: SoundSource[], onchange?: (state: InStepState) => void,
   *   context?: BaseAudioContext, output?: AudioNode, whole_s?: number }} given
   */
  constructor({ sounds, onchange = () => {}, context, output, whole_s }) {
    this.#sounds = sounds.map((sound, index) => new Sound(index, sound));
    this.#loader = new Loader({
      sounds: this.#sounds, whole_s, onprogress: () => this.#changed(), onmore: (growth) => this.#more(growth),
    });
    this.#onchange = onchange;
    this.#own = !context;
    this.#output = output;
    if (context) this.#connect(context);
  }

  // ---- what there is to know

  get playing() { return Boolean(this.#run) && !this.#interrupted && !this.#watch.silent; }
  get current() { return this.#current; }
  get loaded() { return this.#sounds.some((sound) => sound.buffer); }
  get errors() { return this.#sounds.map((sound) => sound.error).filter((error) => error !== null); }
  get volume() { return this.#volume; }
  get duration() { return Math.max(0, ...this.#sounds.map((sound) => sound.end)); }
  get position() { return this.#run ? this.#positionAt(this.#run, this.#context.currentTime) : this.#at; }

  // Seconds for which each sound was heard so far.
  get heard() {
    this.#count();
    return this.#sounds.map((sound) => sound.heard);
  }

  /** @returns {InStepState} */
  get state() {
    const { current, playing, position, duration, errors } = this;
    const status = this.#loader.all ? "loading" : this.loaded ? "ready" : errors.length ? "failed" : "idle";
    const loop = this.#region && { ...this.#region };
    return {
      status, progress: this.#loader.part, playing, wanted: this.#wanted, interrupted: this.#interrupted,
      silent: this.#watch.silent, growing: Boolean(this.#loader.growth), current, position, duration, loop, errors,
    };
  }

  // ---- loading

  // Fetch and decode what is not there yet. progress(done, parts) is called with how far it is, 0 to 1,
  // of all and of each. Resolves to the errors: a sound that fails leaves the others alone, and is
  // tried again by the next call.
  /** @param {(done: number, parts: number[]) => void} [progress] */
  load(progress) {
    return this.#loader.load(this.#context, progress);
  }

  // Resolves as load() does or, with whole_s, as soon as enough is there to play.
  prepared() {
    const all = this.load();
    const { growth } = this.#loader;
    return growth ? Promise.race([all, growth.sufficed]) : all;
  }

  /** @param {Growth | undefined} growth */
  #more(growth) {
    if (!this.#sounds[this.#current].buffer) {
      this.#current = Math.max(0, this.#sounds.findIndex((sound) => sound.buffer));
    }
    if (this.#run) this.#again(); // what is new joins in
    else if (growth && this.#wanted && (!this.#loader.growth || growth.enough(this.#at))) {
      this.#wanted = false;
      if (this.loaded) this.#launch(this.#samples(this.#at));
    }
    this.#changed();
  }

  // ---- playing

  // Call it in the handler of a click or a key: browsers let no page sound before one.
  async play() {
    this.wake();
    if (this.#live) this.#watch.start();
    if (this.#run) return;
    this.#wanted = true;
    if (!this.loaded || this.#loader.all) await this.prepared();
    const meant = this.#wanted; // and not taken back meanwhile
    this.#wanted = false;
    if (this.#run) return;
    if (!meant || !this.loaded) return this.#watch.stop();
    if (this.#at > this.duration - END_S) this.#at = 0;
    if (this.#region && this.#outside(this.#at)) this.#at = this.#region.start;
    this.#launch(this.#samples(this.#at));
    this.#changed();
  }

  pause() {
    this.#wanted = false;
    this.#watch.stop();
    if (this.#run) {
      this.#count();
      const when = this.#soon(SOON_S);
      this.#at = this.#positionAt(this.#run, when);
      this.#run.close(when);
      this.#run = undefined;
      this.#rest();
    }
    this.#changed();
  }

  toggle() {
    if (!this.playing && !this.#wanted) return this.play();
    this.pause();
    return Promise.resolve();
  }

  // A place outside of the loop ends the loop.
  /** @param {number} seconds */
  seek(seconds) {
    this.#at = Math.min(Math.max(0, seconds), this.loaded ? this.duration : seconds);
    if (this.#outside(this.#at)) this.#region = null;
    if (this.#run) this.#launch(this.#samples(this.#at));
    this.#changed();
  }

  // Repeat a stretch; loop(null) goes on beyond its end.
  /** @param {number | null} start @param {number} [end] */
  loop(start, end = 0) {
    const { position } = this;
    this.#region = null;
    if (typeof start === "number") {
      const limit = this.loaded ? this.duration : Infinity;
      const low = Math.min(Math.max(0, start), Math.max(0, limit - LOOP_MIN_S));
      this.#region = { start: low, end: Math.min(limit, Math.max(end, low + LOOP_MIN_S)) };
    }
    const outside = this.#outside(position);
    if (this.#region && outside) this.#at = this.#region.start;
    if (this.#run && outside) this.#launch(this.#samples(this.#at));
    else if (this.#run) this.#again();
    this.#changed();
  }

  // Hear another sound at the same place. False: that one is missing.
  /** @param {number} index */
  switchTo(index) {
    const sound = this.#sounds[index];
    if (!sound || sound.error) return false;
    if (index === this.#current) return true;
    this.#count();
    this.#current = index;
    this.#run?.switchTo(index);
    this.#changed();
    return true;
  }

  /** @param {number} index @param {number} seconds */
  setOffset(index, seconds) {
    this.#sounds[index].offset_s = seconds;
    if (this.#run) this.#again();
    else if (this.loaded) this.#at = Math.min(this.#at, this.duration);
    this.#changed();
  }

  /** @param {number} index @param {number} gain */
  setGain(index, gain) {
    if (this.#sounds[index].gain === gain) return;
    this.#sounds[index].gain = gain;
    if (this.#run) this.#again();
  }

  /** @param {number} volume */
  setVolume(volume) {
    this.#count();
    this.#volume = volume;
    this.#audio?.master.gain.setTargetAtTime(volume, this.#context.currentTime, JOIN_S / 3);
  }

  // Let the page sound; only within a click or a key. play() does it, too.
  wake() {
    const live = this.#live;
    clearTimeout(this.#idle);
    // Otherwise an iPhone that is set to silent plays nothing.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    live?.resume().then(this.#stateChanged, () => {});
  }

  destroy() {
    this.#onchange = () => {};
    this.#loader.abort();
    this.pause();
    clearTimeout(this.#idle);
    for (const sound of this.#sounds) sound.buffer = null;
    if (!this.#audio) return;
    const { context, master } = this.#audio;
    const own = this.#own ? this.#live : null;
    context.removeEventListener("statechange", this.#stateChanged);
    setTimeout(() => (own ? own.close().catch(() => {}) : master.disconnect()), 60);
  }

  // ---- inside

  #changed() { this.#onchange(this.state); }

  // Where it plays: made when it is first needed, as browsers count the contexts of a page.
  get #context() { return this.#ready.context; }
  get #ready() { return this.#audio ?? this.#connect(new AudioContext({ latencyHint: "interactive" })); }

  // The context, if it plays to a person and does not render a file.
  get #live() {
    const context = this.#context;
    return context instanceof AudioContext ? context : null;
  }

  /** @param {BaseAudioContext} context */
  #connect(context) {
    const master = new GainNode(context, { gain: this.#volume });
    master.connect(this.#output ?? context.destination);
    context.addEventListener("statechange", this.#stateChanged);
    this.#audio = { context, master };
    return this.#audio;
  }

  // A call or another app takes the sound away from a phone; the clock stands still meanwhile.
  #stateChanged = () => {
    const interrupted = Boolean(this.#run) && this.#context.state !== "running";
    if (interrupted === this.#interrupted) return;
    this.#interrupted = interrupted;
    if (interrupted) this.#watch.halted();
    this.#changed();
  };

  #rest() {
    if (!this.#own) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (!this.#run) this.#live?.suspend().catch(() => {});
    }, IDLE_MS);
  }

  /** @param {number} seconds */
  #samples(seconds) { return Math.round(seconds * this.#context.sampleRate); }

  // The first sample of the context's clock after this many seconds.
  /** @param {number} lead */
  #soon(lead) {
    const rate = this.#context.sampleRate;
    return Math.ceil((this.#context.currentTime + lead) * rate) / rate;
  }

  /** @param {Run} run @param {number} time */
  #positionAt(run, time) {
    return Math.min(run.at(time) / this.#context.sampleRate, this.duration);
  }

  /** @param {number} place */
  #outside(place) {
    return this.#region !== null && (place < this.#region.start || place >= this.#region.end);
  }

  // What has gone by since the last count is time of the sound that was heard meanwhile.
  #count() {
    const run = this.#run;
    if (!run) return;
    const now = this.#context.currentTime;
    const since = Math.max(run.counted, run.when);
    run.counted = Math.max(since, now);
    const sound = this.#sounds[this.#current];
    if (now <= since || this.#volume === 0 || !sound.buffer) return;
    const from = run.at(since) / this.#context.sampleRate + sound.offset_s;
    const length = sound.buffer.duration;
    if (run.loop) sound.heard += from >= 0 && from < length ? now - since : 0;
    else sound.heard += Math.max(0, Math.min(from + now - since, length) - Math.max(from, 0));
  }

  // Go on at the same place with what has changed.
  #again() {
    if (!this.#run) return;
    const when = this.#soon(LEAD_S);
    const place = Math.min(this.#run.at(when), this.#samples(this.duration));
    // Between now and then a loop that was just set may come to its end.
    const region = this.#region && place >= this.#samples(this.#region.end) ? this.#region : null;
    this.#launch(region ? this.#samples(region.start) : place, when, true);
  }

  // Start all sources at one time of the clock, and fade over from those that sounded before.
  /** @param {number} from in samples @param {number} [when] @param {boolean} [seamless] */
  #launch(from, when = this.#soon(LEAD_S), seamless = false) {
    this.#count();
    this.#run?.close(when);
    const { context, master } = this.#ready;
    /** @type {Run} */
    const run = new Run({
      context, output: master, sounds: this.#sounds, audible: this.#current,
      from, when, seamless, loop: this.#loopFrom(from), onended: () => this.#ended(run),
    });
    this.#run = run;
    this.#interrupted = Boolean(this.#live) && context.state !== "running";
    // The thread was held up for longer than the lead, so some sources may have begun too late.
    const late = context.currentTime + SOON_S >= when;
    if (late && this.#live && !this.#interrupted) this.#again();
  }

  /** @param {number} from in samples */
  #loopFrom(from) {
    if (!this.#region) return null;
    const first = this.#samples(this.#region.start);
    const end = Math.min(this.#samples(this.#region.end), this.#samples(this.duration));
    return from >= first && from < end ? { first, count: end - first } : null;
  }

  /** @param {Run} run */
  #ended(run) {
    if (run !== this.#run) return;
    this.#count();
    this.#at = this.duration;
    run.drop();
    this.#run = undefined;
    this.#wanted = Boolean(this.#loader.growth); // it goes on when more has come
    if (!this.#wanted) this.#watch.stop();
    this.#rest();
    this.#changed();
  }
}
