// Fetches and decodes the sounds of a player.
import { Growth } from "./growth.js";

const AT_ONCE = 3; // a browser opens six connections to a host, and the page needs some of them
const MEMORY_MAX = 2 ** 30; // bytes of samples; six stereo sounds of three minutes take 415 MB

/** @typedef {import("./sound.js").Sound} Sound */

export class Loader {
  /** @type {Promise<import("./sound.js").SoundError[]> | undefined} */
  all; // while it loads
  /** @type {Growth | undefined} */
  growth; // while sounds come that may be played before they are there as a whole

  #sounds;
  #whole_s;
  #onprogress;
  #onmore;
  #abort = new AbortController();
  /** @type {Set<(part: number, parts: number[]) => void>} */
  #listeners = new Set();

  // whole_s: see InStep. onprogress(): a step forward. onmore(growth): there is more to hear.
  /**
   * @param {{ sounds: Sound[], whole_s?: number, onprogress: () => void,
   *   onmore: (growth: Growth | undefined) => void }} given
   */
  constructor({ sounds, whole_s, onprogress, onmore }) {
    this.#sounds = sounds;
    this.#whole_s = whole_s;
    this.#onprogress = onprogress;
    this.#onmore = onmore;
  }

  get part() { return this.#sounds.reduce((sum, sound) => sum + sound.part, 0) / this.#sounds.length; }

  /** @param {BaseAudioContext} context @param {(part: number, parts: number[]) => void} [progress] */
  load(context, progress) {
    if (progress) this.#listeners.add(progress);
    this.all ??= this.#load(context).finally(() => {
      this.all = undefined;
      this.#listeners.clear();
      this.#onprogress();
    });
    return this.all;
  }

  abort() { this.#abort.abort(); }

  /** @param {BaseAudioContext} context */
  async #load(context) {
    const waiting = this.#sounds.filter((sound) => !sound.whole);
    const growth = this.#whole_s ? new Growth([...waiting], this.#whole_s) : undefined;
    this.growth = growth;
    const onstep = () => {
      for (const listener of this.#listeners) listener(this.part, this.#sounds.map((sound) => sound.part));
      this.#onprogress();
      growth?.step(context).then((grown) => grown && this.#onmore(growth));
    };
    /** @type {(() => Promise<void>)[]} */
    const late = [];
    let decoding = Promise.resolve();
    const work = async () => {
      for (let sound = waiting.shift(); sound; sound = waiting.shift()) {
        const [one, file] = [sound, await sound.fetch(this.#abort.signal, onstep)];
        const decode = async () => { if (file) await this.#decode(context, one, file); };
        // One after the other: decoding needs as much memory again as its result.
        if (growth) late.push(decode); // all grow by the same samples
        else await (decoding = decoding.then(decode));
        onstep();
      }
    };
    queueMicrotask(() => this.#onprogress());
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    for (const decode of late) await decode();
    this.growth = undefined;
    this.#onmore(growth);
    return this.#sounds.map((sound) => sound.error).filter((error) => error !== null);
  }

  /** @param {BaseAudioContext} context @param {Sound} sound @param {ArrayBuffer} file */
  async #decode(context, sound, file) {
    if (this.#abort.signal.aborted) return;
    await sound.decode(context, file);
    const held = this.#sounds.reduce((sum, one) => sum + one.bytes, 0);
    if (held > MEMORY_MAX) sound.miss("memory");
  }
}
