// One stretch of playing, from a start or a jump to the next: a source for each sound, all begun at
// one time of the clock. Times of the time line are whole samples here, so that no rounding can put
// two sounds out of step.
import { curves, likeness } from "./fade.js";

export const JOIN_S = 0.01; // from one place to another, and to and from silence
export const SOON_S = 0.006; // before a fade, so that both of its sides begin in the same block
const SWITCH_S = 0.02; // from one sound to another
const WRAP_S = 0.003; // before and after the end of a loop

/**
 * @typedef {import("./sound.js").Sound} LoadedSound
 * @typedef {{ first: number, count: number }} Loop in samples
 */

export class Run {
  #context;
  #sounds;
  #out;
  /** @type {GainNode[]} */
  #faders = [];
  /** @type {AudioBufferSourceNode[]} */
  #sources = [];
  #audible;
  #fadedAt = 0; // when the last fade ends
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next; // the fade that waits for it

  // from: sample of the time line. when: time of the context, on a sample. loop: null, or its first
  // sample and their count. seamless: it only goes on with what sounded before.
  /**
   * @param {object} given
   * @param {BaseAudioContext} given.context
   * @param {AudioNode} given.output
   * @param {LoadedSound[]} given.sounds
   * @param {number} given.audible
   * @param {number} given.from
   * @param {number} given.when
   * @param {Loop | null} given.loop
   * @param {boolean} [given.seamless]
   * @param {() => void} given.onended
   */
  constructor({ context, output, sounds, audible, from, when, loop, seamless = false, onended }) {
    this.from = from;
    this.when = when;
    this.loop = loop;
    this.seamless = seamless;
    this.counted = when;
    this.#context = context;
    this.#sounds = sounds;
    this.#audible = audible;
    this.#out = new GainNode(context, { gain: 0 });
    this.#out.gain.setValueAtTime(0, when);
    this.#out.gain.linearRampToValueAtTime(1, when + JOIN_S);
    this.#out.connect(output);
    const gate = new GainNode(context);
    gate.connect(this.#out);
    let last = null;
    for (const sound of sounds) {
      const fader = new GainNode(context, { gain: sound.index === audible ? sound.gain : 0 });
      fader.connect(gate);
      this.#faders.push(fader);
      const { buffer, offset_s } = sound;
      const source = buffer && (loop ? this.#looped(buffer, offset_s, loop) : this.#straight(buffer, offset_s));
      if (!source) continue;
      source.connect(fader);
      this.#sources.push(source);
      if (!last || sound.end > last.end) last = { end: sound.end, source };
    }
    if (loop) this.#sources.push(this.#gated(gate, loop));
    else if (last) last.source.onended = onended;
    else queueMicrotask(onended);
  }

  // The sample of the time line at a time of the context.
  /** @param {number} time */
  at(time) {
    const gone = this.#samples(time - this.when);
    const place = this.from + (this.seamless ? gone : Math.max(0, gone));
    if (!this.loop) return Math.max(0, place);
    const { first, count } = this.loop;
    return first + ((((place - first) % count) + count) % count);
  }

  // Hear another sound. One fade at a time: who presses keys faster hears the last one.
  /** @param {number} index */
  switchTo(index) {
    clearTimeout(this.#next);
    const rate = this.#context.sampleRate;
    const start = Math.ceil((this.#context.currentTime + SOON_S) * rate) / rate;
    if (start < this.#fadedAt) {
      this.#next = setTimeout(() => this.switchTo(index), (this.#fadedAt - start) * 1000 + 1);
      return;
    }
    const [from, to] = [this.#sounds[this.#audible], this.#sounds[index]];
    if (from === to) return;
    const place = this.at(start);
    const [first, second] = [from, to].map((sound) => place + this.#samples(sound.offset_s));
    const alike = likeness(from.buffer, first, to.buffer, second, this.#samples(SWITCH_S));
    curves(alike).forEach((curve, side) => {
      const sound = [from, to][side];
      const scaled = curve.map((value) => value * sound.gain);
      this.#faders[sound.index].gain.setValueCurveAtTime(scaled, start, SWITCH_S);
    });
    this.#audible = index;
    this.#fadedAt = start + SWITCH_S;
  }

  // Fade out at a time of the context.
  /** @param {number} time */
  close(time) {
    clearTimeout(this.#next);
    const when = Math.max(time, this.when);
    const { gain } = this.#out;
    if (when < this.when + JOIN_S) {
      gain.cancelScheduledValues(when);
      gain.linearRampToValueAtTime((when - this.when) / JOIN_S, when);
    } else gain.setValueAtTime(1, when);
    gain.linearRampToValueAtTime(0, when + JOIN_S);
    for (const source of this.#sources) {
      source.onended = null;
      source.stop(when + JOIN_S + SOON_S);
    }
    const [source] = this.#sources;
    if (source) source.onended = () => this.drop();
    else this.drop();
  }

  // Let go of what has come to its end.
  drop() {
    clearTimeout(this.#next);
    this.#out.disconnect();
  }

  /** @param {number} seconds */
  #samples(seconds) { return Math.round(seconds * this.#context.sampleRate); }
  /** @param {number} samples */
  #seconds(samples) { return samples / this.#context.sampleRate; }

  /** @param {AudioBuffer} buffer @param {number} offset_s */
  #straight(buffer, offset_s) {
    const place = this.from + this.#samples(offset_s);
    if (place >= buffer.length) return null;
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.start(this.when + this.#seconds(Math.max(0, -place)), this.#seconds(Math.max(0, place)));
    return source;
  }

  /** @param {AudioBuffer} buffer @param {number} offset_s @param {Loop} loop */
  #looped(buffer, offset_s, loop) {
    const skipped = this.#samples(offset_s);
    const first = loop.first + skipped;
    const end = first + loop.count;
    if (end <= 0 || first >= buffer.length) return null;
    if (first < 0 || end > buffer.length) {
      // What is missing within the loop has to be there as silence.
      return this.#around(this.#cut(buffer, first, loop.count), loop);
    }
    const source = new AudioBufferSourceNode(this.#context, {
      buffer, loop: true, loopStart: this.#seconds(first), loopEnd: this.#seconds(end),
    });
    source.start(this.when, this.#seconds(this.from + skipped));
    return source;
  }

  /** @param {AudioBuffer} buffer @param {number} first @param {number} count */
  #cut(buffer, first, count) {
    const part = this.#context.createBuffer(buffer.numberOfChannels, count, buffer.sampleRate);
    const low = Math.max(0, first);
    const high = Math.min(buffer.length, first + count);
    for (let channel = 0; channel < buffer.numberOfChannels; channel += 1) {
      part.copyToChannel(buffer.getChannelData(channel).subarray(low, high), channel, low - first);
    }
    return part;
  }

  // A buffer that is as long as the loop, from the place in it that the run begins at.
  /** @param {AudioBuffer} buffer @param {Loop} loop */
  #around(buffer, loop) {
    const source = new AudioBufferSourceNode(this.#context, { buffer, loop: true });
    source.start(this.when, this.#seconds(this.from - loop.first));
    return source;
  }

  // A loop's end and beginning do not fit together: a gate, looped on the same clock, is shut there.
  /** @param {GainNode} gate @param {Loop} loop */
  #gated(gate, loop) {
    const { count } = loop;
    const shape = this.#context.createBuffer(1, count, this.#context.sampleRate);
    const samples = shape.getChannelData(0).fill(1);
    const steps = Math.min(this.#samples(WRAP_S), Math.floor(count / 4));
    for (let step = 0; step < steps; step += 1) {
      samples[step] = samples[count - 1 - step] = step / steps;
    }
    const source = this.#around(shape, loop);
    gate.gain.value = 0;
    source.connect(gate.gain);
    return source;
  }
}
