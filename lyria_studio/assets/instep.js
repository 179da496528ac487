// Several sounds in step: all are decoded, all run on one clock, one of them is heard.
//
// A position is a time on the common time line, in seconds. Sound i is heard there at its own time
// position + offset_s: what is skipped at its beginning if positive, silence before it if negative.
import { ClockWatch } from "./instep/clock_watch.js";
import { Loader } from "./instep/loader.js";
import { Output } from "./instep/output.js";
import { Run, SOON_S } from "./instep/run.js";
import { Sound, SoundError } from "./instep/sound.js";

export { SoundError };

/** @typedef {import("./instep/growth.js").Growth} Growth */

const LEAD_S = 0.03; // all sources have to be started before the clock gets there
const LOOP_MIN_S = 0.1;
const END_S = 0.05; // play, so close to the end, begins at the beginning
const IDLE_MS = 3000;

export class InStep {
  #output;
  #sounds;
  #onchange;
  /** @type {Run | undefined} */
  #run; // what sounds at present
  #current = 0;
  #at = 0; // the position while nothing sounds
  /** @type {Stretch | null} */
  #region = null;
  #wanted = false; // play as soon as it can be
  #interrupted = false;
  #loader;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  #watch = new ClockWatch(() => this.#output.now, () => this.#changed());

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
    this.#output = new Output({ context, target: output, onstate: this.#stateChanged });
  }

  // ---- what there is to know

  get playing() { return Boolean(this.#run) && !this.#interrupted && !this.#watch.silent; }
  get current() { return this.#current; }
  get loaded() { return this.#sounds.some((sound) => sound.buffer); }
  get errors() { return this.#sounds.map((sound) => sound.error).filter((error) => error !== null); }
  get volume() { return this.#output.volume; }
  get duration() { return Math.max(0, ...this.#sounds.map((sound) => sound.end)); }
  get position() { return this.#run ? this.#positionAt(this.#run, this.#output.now) : this.#at; }

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
    return this.#loader.load(this.#output.context, progress);
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
      if (this.loaded) this.#launch(this.#output.samples(this.#at));
    }
    this.#changed();
  }

  // ---- playing

  // Call it in the handler of a click or a key: browsers let no page sound before one.
  async play() {
    this.wake();
    if (this.#output.live) this.#watch.start();
    if (this.#run) return;
    this.#wanted = true;
    if (!this.loaded || this.#loader.all) await this.prepared();
    const meant = this.#wanted; // and not taken back meanwhile
    this.#wanted = false;
    if (this.#run) return;
    if (!meant || !this.loaded) return this.#watch.stop();
    if (this.#at > this.duration - END_S) this.#at = 0;
    if (this.#region && this.#outside(this.#at)) this.#at = this.#region.start;
    this.#launch(this.#output.samples(this.#at));
    this.#changed();
  }

  pause() {
    this.#wanted = false;
    this.#watch.stop();
    if (this.#run) {
      this.#count();
      const when = this.#output.soon(SOON_S);
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
    if (this.#run) this.#launch(this.#output.samples(this.#at));
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
    if (this.#run && outside) this.#launch(this.#output.samples(this.#at));
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
    this.#output.setVolume(volume);
  }

  // Let the page sound; only within a click or a key. play() does it, too.
  wake() {
    clearTimeout(this.#idle);
    this.#output.wake();
  }

  destroy() {
    this.#onchange = () => {};
    this.#loader.abort();
    this.pause();
    clearTimeout(this.#idle);
    for (const sound of this.#sounds) sound.buffer = null;
    this.#output.close();
  }

  // ---- inside

  #changed() { this.#onchange(this.state); }

  // A call or another app takes the sound away from a phone; the clock stands still meanwhile.
  #stateChanged = () => {
    const interrupted = Boolean(this.#run) && this.#output.stopped;
    if (interrupted === this.#interrupted) return;
    this.#interrupted = interrupted;
    if (interrupted) this.#watch.halted();
    this.#changed();
  };

  #rest() {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (!this.#run) this.#output.suspend();
    }, IDLE_MS);
  }

  /** @param {Run} run @param {number} time */
  #positionAt(run, time) {
    return Math.min(run.at(time) / this.#output.rate, this.duration);
  }

  /** @param {number} place */
  #outside(place) {
    return this.#region !== null && (place < this.#region.start || place >= this.#region.end);
  }

  // What has gone by since the last count is time of the sound that was heard meanwhile.
  #count() {
    const run = this.#run;
    if (!run) return;
    const { now, rate, volume } = this.#output;
    const since = Math.max(run.counted, run.when);
    run.counted = Math.max(since, now);
    const sound = this.#sounds[this.#current];
    if (now <= since || volume === 0 || !sound.buffer) return;
    const from = run.at(since) / rate + sound.offset_s;
    const length = sound.buffer.duration;
    if (run.loop) sound.heard += from >= 0 && from < length ? now - since : 0;
    else sound.heard += Math.max(0, Math.min(from + now - since, length) - Math.max(from, 0));
  }

  // Go on at the same place with what has changed.
  #again() {
    if (!this.#run) return;
    const when = this.#output.soon(LEAD_S);
    const place = Math.min(this.#run.at(when), this.#output.samples(this.duration));
    // Between now and then a loop that was just set may come to its end.
    const region = this.#region && place >= this.#output.samples(this.#region.end) ? this.#region : null;
    this.#launch(region ? this.#output.samples(region.start) : place, when, true);
  }

  // Start all sources at one time of the clock, and fade over from those that sounded before.
  /** @param {number} from in samples @param {number} [when] @param {boolean} [seamless] */
  #launch(from, when = this.#output.soon(LEAD_S), seamless = false) {
    this.#count();
    this.#run?.close(when);
    const output = this.#output;
    /** @type {Run} */
    const run = new Run({
      context: output.context, output: output.master, sounds: this.#sounds, audible: this.#current,
      from, when, seamless, loop: this.#loopFrom(from), onended: () => this.#ended(run),
    });
    this.#run = run;
    this.#interrupted = Boolean(output.live) && output.stopped;
    // The thread was held up for longer than the lead, so some sources may have begun too late.
    const late = output.now + SOON_S >= when;
    if (late && output.live && !this.#interrupted) this.#again();
  }

  /** @param {number} from in samples */
  #loopFrom(from) {
    if (!this.#region) return null;
    const first = this.#output.samples(this.#region.start);
    const end = Math.min(this.#output.samples(this.#region.end), this.#output.samples(this.duration));
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
