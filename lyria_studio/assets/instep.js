// Several sounds in step: all are decoded, all run on one clock, one of them is heard.
//
// A position is a time on the common time line, in seconds. Sound i is heard there at its own time
// position + offset_s: what is skipped at its beginning if positive, silence before it if negative.
// Inside, times are whole samples, so that no rounding can put two sounds out of step.

const SWITCH_S = 0.02; // from one sound to another
const JOIN_S = 0.01; // from one place to another, and to and from silence
const WRAP_S = 0.003; // before and after the end of a loop
const LEAD_S = 0.03; // all sources have to be started before the clock gets there
const SOON_S = 0.006; // as long before a fade, so that both of its sides begin in the same block
const LOOP_MIN_S = 0.1;
const IDLE_MS = 3000; // a silent audio device costs a phone its battery
const AT_ONCE = 3; // a browser opens six connections to a host, and the page needs some of them
const MEMORY_MAX = 2 ** 30; // bytes of samples; six stereo sounds of three minutes take 415 MB
const CURVE = 129;

// Why a sound is missing: "fetch", "decode" or "memory".
export class SoundError extends Error {
  constructor(index, kind, status) {
    super(`Sound ${index} cannot be played (${kind}${status ? ` ${status}` : ""}).`);
    this.name = "SoundError";
    this.index = index;
    this.kind = kind;
    this.status = status;
  }
}

export class InStep {
  #context;
  #own;
  #output;
  #master;
  #sides;
  #onchange;
  #run; // what sounds at present
  #current = 0;
  #at = 0; // the position while nothing sounds
  #region = null;
  #volume = 1;
  #wanted = false; // play as soon as it can be
  #interrupted = false;
  #loading;
  #listeners = new Set();
  #abort = new AbortController();
  #idle;

  // sounds: [{ url, gain (a factor), offset_s }]. context, output: where to play, if not in a
  // context of its own; an OfflineAudioContext renders exactly what would be heard.
  constructor({ sounds, onchange = () => {}, context, output }) {
    this.#sides = sounds.map(({ url, gain = 1, offset_s = 0 }) => ({
      url, gain, offset_s, buffer: null, error: null, part: 0, heard: 0,
    }));
    this.#onchange = onchange;
    this.#own = !context;
    this.#context = context;
    this.#output = output;
    if (context) this.#connect();
  }

  // ---- what there is to know

  get playing() { return Boolean(this.#run) && !this.#interrupted; }
  get current() { return this.#current; }
  get loaded() { return this.#sides.some((side) => side.buffer); }
  get errors() { return this.#sides.map((side) => side.error).filter(Boolean); }
  get volume() { return this.#volume; }
  get position() { return this.#run ? this.#where(this.#context.currentTime) : this.#at; }
  get duration() {
    const ends = this.#sides.map((side) => (side.buffer?.duration ?? -Infinity) - side.offset_s);
    return Math.max(0, ...ends.filter(Number.isFinite));
  }

  // Seconds for which each sound was heard so far.
  get heard() {
    this.#count();
    return this.#sides.map((side) => side.heard);
  }

  get state() {
    const { current, playing, position, duration, errors } = this;
    const status = this.#loading ? "loading" : this.loaded ? "ready" : errors.length ? "failed" : "idle";
    const progress = this.#sides.reduce((sum, side) => sum + side.part, 0) / this.#sides.length;
    const loop = this.#region && { ...this.#region };
    return { status, progress, playing, interrupted: this.#interrupted, current, position, duration, loop, errors };
  }

  // ---- loading

  // Fetch and decode what is not there yet. progress(done, parts) is told how far it is, 0 to 1, of
  // all and of each. Resolves to the errors: a sound that fails leaves the others alone, and is
  // tried again by the next call.
  load(progress) {
    if (progress) this.#listeners.add(progress);
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      this.#listeners.clear();
      this.#changed();
    });
    return this.#loading;
  }

  async #load() {
    this.#wakeable();
    const waiting = this.#sides.filter((side) => !side.buffer);
    for (const side of waiting) [side.error, side.part] = [null, 0];
    let decoding = Promise.resolve();
    const work = async () => {
      for (let side = waiting.shift(); side; side = waiting.shift()) {
        const bytes = await this.#fetched(side);
        // One after the other: decoding needs as much memory again as its result.
        if (bytes) await (decoding = decoding.then(() => this.#decode(side, bytes)));
      }
    };
    queueMicrotask(() => this.#changed());
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (!this.#sides[this.#current].buffer) {
      this.#current = Math.max(0, this.#sides.findIndex((side) => side.buffer));
    }
    if (this.#run) this.#again(); // what is new joins in
    return this.errors;
  }

  async #fetched(side) {
    let status;
    try {
      const answer = await fetch(side.url, { signal: this.#abort.signal });
      status = answer.status;
      if (!answer.ok) throw new TypeError("not found");
      const total = Number(answer.headers.get("content-length"));
      const reader = answer.body.getReader();
      const parts = [];
      for (let read = 0; ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        read += value.length;
        this.#progressed(side, total ? Math.min(0.9, (0.9 * read) / total) : 0.5);
      }
      return await new Blob(parts).arrayBuffer();
    } catch {
      this.#missing(side, "fetch", status >= 400 ? status : undefined);
      return null;
    }
  }

  async #decode(side, bytes) {
    if (this.#abort.signal.aborted) return;
    try {
      const buffer = await this.#context.decodeAudioData(bytes);
      const size = (one) => (one ? one.length * one.numberOfChannels * 4 : 0);
      const held = this.#sides.reduce((sum, other) => sum + size(other.buffer), size(buffer));
      if (held > MEMORY_MAX) this.#missing(side, "memory");
      else side.buffer = buffer;
    } catch {
      this.#missing(side, "decode");
    }
    this.#progressed(side, 1);
  }

  #missing(side, kind, status) {
    if (this.#abort.signal.aborted) return;
    side.error = new SoundError(this.#sides.indexOf(side), kind, status);
    this.#progressed(side, 1);
  }

  #progressed(side, part) {
    side.part = part;
    const { progress } = this.state;
    for (const listener of this.#listeners) listener(progress, this.#sides.map((one) => one.part));
    this.#changed();
  }

  // ---- playing

  // Call it in the handler of a click or a key: browsers let no page sound before one.
  async play() {
    this.wake();
    if (this.#run) return;
    this.#wanted = true;
    if (!this.loaded || this.#loading) await this.load();
    const meant = this.#wanted; // and not taken back meanwhile
    this.#wanted = false;
    if (!meant || this.#run || !this.loaded) return;
    if (this.#at > this.duration - 0.05) this.#at = 0;
    const { start, end } = this.#region ?? { start: 0, end: Infinity };
    if (this.#at < start || this.#at >= end) this.#at = start;
    this.#launch(this.#samples(this.#at));
    this.#changed();
  }

  pause() {
    this.#wanted = false;
    if (this.#run) {
      const when = this.#soon(SOON_S);
      this.#at = this.#where(when);
      this.#count();
      this.#close(this.#run, when);
      this.#run = undefined;
      this.#rest();
    }
    this.#changed();
  }

  toggle() {
    if (this.playing || this.#wanted) this.pause();
    else return this.play();
    return Promise.resolve();
  }

  // A place outside of the loop ends the loop.
  seek(seconds) {
    const place = Math.min(Math.max(0, seconds), this.loaded ? this.duration : seconds);
    const outside = this.#region && (place < this.#region.start || place >= this.#region.end);
    if (outside) this.#region = null;
    this.#at = place;
    if (this.#run) this.#launch(this.#samples(place));
    this.#changed();
  }

  // Repeat a stretch; loop(null) goes on beyond its end.
  loop(start, end) {
    const position = this.position;
    if (start === null || start === undefined) this.#region = null;
    else {
      const limit = this.loaded ? this.duration : Infinity;
      const low = Math.min(Math.max(0, start), Math.max(0, limit - LOOP_MIN_S));
      this.#region = { start: low, end: Math.min(limit, Math.max(end, low + LOOP_MIN_S)) };
    }
    const region = this.#region;
    const outside = region && (position < region.start || position >= region.end);
    if (outside) this.#at = region.start;
    if (this.#run) outside ? this.#launch(this.#samples(region.start)) : this.#again();
    this.#changed();
  }

  // Hear another sound at the same place. False: that one is missing.
  switchTo(index) {
    const side = this.#sides[index];
    if (!side || side.error) return false;
    if (index === this.#current) return true;
    this.#count();
    this.#current = index;
    if (this.#run) this.#fade(this.#run);
    this.#changed();
    return true;
  }

  setOffset(index, seconds) {
    this.#sides[index].offset_s = seconds;
    if (this.#run) this.#again();
    this.#at = this.loaded ? Math.min(this.#at, this.duration) : this.#at;
    this.#changed();
  }

  setGain(index, gain) {
    if (this.#sides[index].gain === gain) return;
    this.#sides[index].gain = gain;
    if (this.#run) this.#again();
  }

  setVolume(volume) {
    this.#count();
    this.#volume = volume;
    this.#master?.gain.setTargetAtTime(volume, this.#context.currentTime, JOIN_S / 3);
  }

  // Let the page sound; only within a click or a key. play() does it, too.
  wake() {
    this.#wakeable();
    clearTimeout(this.#idle);
    // Otherwise an iPhone that is set to silent plays nothing.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    if (this.#live && this.#context.state !== "running") this.#context.resume().catch(() => {});
  }

  destroy() {
    this.#count();
    this.#abort.abort();
    this.#onchange = () => {};
    this.pause();
    clearTimeout(this.#idle);
    if (!this.#context) return;
    this.#context.removeEventListener("statechange", this.#stateChanged);
    const [context, master] = [this.#context, this.#master];
    setTimeout(() => (this.#own ? context.close().catch(() => {}) : master.disconnect()), 60);
    for (const side of this.#sides) side.buffer = null;
  }

  // ---- inside: the clock

  get #live() { return !(this.#context instanceof OfflineAudioContext); }

  #wakeable() {
    if (this.#context) return;
    this.#context = new AudioContext({ latencyHint: "interactive" });
    this.#connect();
  }

  #connect() {
    this.#master = new GainNode(this.#context, { gain: this.#volume });
    this.#master.connect(this.#output ?? this.#context.destination);
    this.#context.addEventListener("statechange", this.#stateChanged);
  }

  // A call or another app takes the sound away from a phone; the clock stands still meanwhile.
  #stateChanged = () => {
    const interrupted = Boolean(this.#run) && this.#context.state !== "running";
    if (interrupted === this.#interrupted) return;
    this.#interrupted = interrupted;
    this.#changed();
  };

  #rest() {
    if (!this.#own) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (!this.#run) this.#context.suspend().catch(() => {});
    }, IDLE_MS);
  }

  #changed() { this.#onchange(this.state); }
  #samples(seconds) { return Math.round(seconds * this.#context.sampleRate); }
  #seconds(samples) { return samples / this.#context.sampleRate; }
  #soon(lead) { return this.#seconds(Math.ceil((this.#context.currentTime + lead) * this.#context.sampleRate)); }

  // The sample of the time line at a time of the context.
  #sampleAt(time, run = this.#run) {
    const gone = this.#samples(time - run.when);
    const at = run.from + (run.seamless ? gone : Math.max(0, gone));
    if (!run.loop) return Math.max(0, at);
    const { first, count } = run.loop;
    return first + ((((at - first) % count) + count) % count);
  }

  #where(time) { return Math.min(this.#seconds(this.#sampleAt(time)), this.duration); }

  // Time that has gone by since the last count is the time of the sound that was heard meanwhile.
  #count() {
    const run = this.#run;
    if (!run) return;
    const now = this.#context.currentTime;
    const since = Math.max(run.counted, run.when);
    run.counted = Math.max(since, now);
    const side = this.#sides[this.#current];
    if (now <= since || this.#volume === 0 || !side.buffer) return;
    const from = this.#seconds(this.#sampleAt(since, run)) + side.offset_s;
    const to = run.loop ? from : from + now - since;
    const inside = Math.min(to, side.buffer.duration) - Math.max(from, 0);
    if (run.loop) side.heard += from >= 0 && from < side.buffer.duration ? now - since : 0;
    else side.heard += Math.max(0, inside);
  }

  // ---- inside: sources and fades

  // Go on at the same place with what has changed.
  #again() {
    this.#count();
    const when = this.#soon(LEAD_S);
    const place = Math.min(this.#sampleAt(when), this.#samples(this.duration));
    // Between now and then a loop that was just set may come to its end.
    const past = this.#region && place >= this.#samples(this.#region.end);
    this.#launch(past ? this.#samples(this.#region.start) : place, when);
    this.#run.seamless = true;
  }

  // Start all sources at one time of the clock, and fade over from those that sounded before.
  #launch(from, when = this.#soon(LEAD_S)) {
    this.#count();
    const before = this.#run;
    const run = this.#started(from, when);
    if (before) this.#close(before, when);
    this.#run = run;
    this.#interrupted = this.#live && this.#context.state !== "running";
    // The thread was held up for longer than the lead, so some sources may have begun too late.
    if (this.#live && this.#context.state === "running" && this.#context.currentTime >= when) {
      this.#again();
    }
  }

  #started(from, when) {
    const context = this.#context;
    const out = new GainNode(context, { gain: 0 });
    const gate = new GainNode(context);
    const run = { when, from, out, sources: [], faders: [], loop: this.#loop(from), heard: this.#current, counted: when, until: 0 };
    gate.connect(out).connect(this.#master);
    out.gain.setValueAtTime(0, when);
    out.gain.linearRampToValueAtTime(1, when + JOIN_S);
    let last = { end: 0 };
    this.#sides.forEach((side, index) => {
      const fader = new GainNode(context, { gain: index === this.#current ? side.gain : 0 });
      fader.connect(gate);
      run.faders.push(fader);
      const source = side.buffer && this.#source(side, run);
      if (!source) return;
      source.connect(fader);
      run.sources.push(source);
      const end = side.buffer.length - this.#samples(side.offset_s);
      if (end > last.end) last = { end, source };
    });
    if (run.loop) run.sources.push(this.#gated(gate, run));
    else if (last.source) last.source.onended = () => this.#ended(run);
    else queueMicrotask(() => this.#ended(run));
    return run;
  }

  #loop(from) {
    if (!this.#region) return null;
    const first = this.#samples(this.#region.start);
    const end = Math.min(this.#samples(this.#region.end), this.#samples(this.duration));
    const count = end - first;
    return count > 0 && from >= first && from < end ? { first, count } : null;
  }

  #source(side, { when, from, loop }) {
    const { buffer } = side;
    const skipped = this.#samples(side.offset_s);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    if (!loop) {
      const place = from + skipped;
      if (place >= buffer.length) return null;
      source.start(when + this.#seconds(Math.max(0, -place)), this.#seconds(Math.max(0, place)));
      return source;
    }
    const first = loop.first + skipped;
    const end = first + loop.count;
    if (end <= 0 || first >= buffer.length) return null;
    source.loop = true;
    if (first >= 0 && end <= buffer.length) {
      source.loopStart = this.#seconds(first);
      source.loopEnd = this.#seconds(end);
      source.start(when, this.#seconds(from + skipped));
    } else {
      // The sound ends within the loop: what is missing has to be there as silence.
      const part = new AudioBufferSourceNode(this.#context, { buffer: this.#cut(buffer, first, loop.count), loop: true });
      part.start(when, this.#seconds(from - loop.first));
      return part;
    }
    return source;
  }

  #cut(buffer, first, count) {
    const part = this.#context.createBuffer(buffer.numberOfChannels, count, buffer.sampleRate);
    const low = Math.max(0, first);
    for (let channel = 0; channel < buffer.numberOfChannels; channel += 1) {
      const samples = buffer.getChannelData(channel).subarray(low, Math.min(buffer.length, first + count));
      part.copyToChannel(samples, channel, low - first);
    }
    return part;
  }

  // A loop's end and beginning do not fit together: a gate, looped on the same clock, is shut there.
  #gated(gate, { when, from, loop }) {
    const shape = this.#context.createBuffer(1, loop.count, this.#context.sampleRate);
    const samples = shape.getChannelData(0).fill(1);
    const steps = Math.min(this.#samples(WRAP_S), Math.floor(loop.count / 4));
    for (let step = 0; step < steps; step += 1) {
      samples[step] = step / steps;
      samples[loop.count - 1 - step] = step / steps;
    }
    const source = new AudioBufferSourceNode(this.#context, { buffer: shape, loop: true });
    gate.gain.value = 0;
    source.connect(gate.gain);
    source.start(when, this.#seconds(from - loop.first));
    return source;
  }

  #close(run, when) {
    clearTimeout(run.next);
    const opened = run.when + JOIN_S;
    if (when >= opened) run.out.gain.setValueAtTime(1, when);
    else {
      run.out.gain.cancelScheduledValues(when);
      run.out.gain.linearRampToValueAtTime(Math.max(0, (when - run.when) / JOIN_S), Math.max(when, run.when));
    }
    run.out.gain.linearRampToValueAtTime(0, Math.max(when, run.when) + JOIN_S);
    for (const source of run.sources) {
      source.onended = () => source.disconnect();
      source.stop(Math.max(when, run.when) + JOIN_S + SOON_S);
    }
    const [source] = run.sources;
    if (source) source.onended = () => run.out.disconnect();
    else run.out.disconnect();
  }

  #ended(run) {
    if (run !== this.#run) return;
    this.#count();
    this.#at = this.duration;
    run.out.disconnect();
    this.#run = undefined;
    this.#rest();
    this.#changed();
  }

  // From the sound that is heard to the current one. One fade at a time: who presses keys faster
  // hears the last one.
  #fade(run) {
    const start = this.#soon(SOON_S);
    clearTimeout(run.next);
    if (start < run.until) {
      run.next = setTimeout(() => run === this.#run && this.#fade(run), (run.until - start) * 1000 + 1);
      return;
    }
    const [from, to] = [run.heard, this.#current];
    if (from === to) return;
    const [down, up] = curves(this.#likeness(from, to, this.#sampleAt(start, run)));
    const scaled = (curve, gain) => curve.map((value) => value * gain);
    run.faders[from].gain.setValueCurveAtTime(scaled(down, this.#sides[from].gain), start, SWITCH_S);
    run.faders[to].gain.setValueCurveAtTime(scaled(up, this.#sides[to].gain), start, SWITCH_S);
    run.heard = to;
    run.until = start + SWITCH_S;
  }

  // The correlation of two sounds at a place, 0 to 1.
  #likeness(one, other, sample) {
    const [a, b] = [this.#sides[one], this.#sides[other]];
    const channels = Math.min(a.buffer?.numberOfChannels ?? 0, b.buffer?.numberOfChannels ?? 0);
    const [i, j] = [sample + this.#samples(a.offset_s), sample + this.#samples(b.offset_s)];
    let [both, first, second] = [0, 0, 0];
    for (let channel = 0; channel < channels; channel += 1) {
      const [x, y] = [a.buffer.getChannelData(channel), b.buffer.getChannelData(channel)];
      for (let n = 0; n < this.#samples(SWITCH_S); n += 1) {
        const [p, q] = [x[i + n] ?? 0, y[j + n] ?? 0];
        both += p * q;
        first += p * p;
        second += q * q;
      }
    }
    return first && second ? Math.min(1, Math.max(0, both / Math.sqrt(first * second))) : 0;
  }
}

// Gains of a crossfade whose power stays the same on the way, for two sounds of this correlation.
// It is the usual equal-power fade where they have nothing in common, and an equal-gain fade where
// they are alike: each would be 3 dB off in the other's place.
export function curves(correlation) {
  const down = new Float32Array(CURVE);
  const up = new Float32Array(CURVE);
  for (let step = 0; step < CURVE; step += 1) {
    const angle = ((step / (CURVE - 1)) * Math.PI) / 2;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const power = Math.sqrt(1 + 2 * correlation * c * s);
    down[step] = c / power;
    up[step] = s / power;
  }
  down[CURVE - 1] = 0; // the cosine of a right angle is not quite that
  return [down, up];
}
