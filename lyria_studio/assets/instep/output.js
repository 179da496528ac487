// Where the sounds of a player go: an audio context, made when it is first needed, and a volume.
import { JOIN_S } from "./run.js";

export class Output {
  volume = 1;
  /** @type {{ context: BaseAudioContext, master: GainNode } | undefined} */
  #parts;
  #own; // the context is ours to stop and to close
  #target;
  #onstate;

  // context, target: where to play, if not in a context of its own. onstate(): the clock stopped or runs.
  /** @param {{ context?: BaseAudioContext, target?: AudioNode, onstate: () => void }} given */
  constructor({ context, target, onstate }) {
    this.#own = !context;
    this.#target = target;
    this.#onstate = onstate;
    if (context) this.#connect(context);
  }

  get context() { return this.#ready.context; }
  get master() { return this.#ready.master; }
  get now() { return this.context.currentTime; }
  get rate() { return this.context.sampleRate; }
  get stopped() { return this.context.state !== "running"; }

  // The context, if it plays to a person and does not render a file.
  get live() {
    const { context } = this;
    return context instanceof AudioContext ? context : null;
  }

  /** @param {number} seconds */
  samples(seconds) { return Math.round(seconds * this.rate); }

  // The first sample of the clock after this many seconds, as a time.
  /** @param {number} lead */
  soon(lead) { return Math.ceil((this.now + lead) * this.rate) / this.rate; }

  /** @param {number} volume */
  setVolume(volume) {
    this.volume = volume;
    this.#parts?.master.gain.setTargetAtTime(volume, this.now, JOIN_S / 3);
  }

  // Let the page sound; only within a click or a key.
  wake() {
    const { live } = this;
    // Otherwise an iPhone that is set to silent plays nothing.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    live?.resume().then(this.#onstate, () => {});
  }

  // A silent audio device costs a phone its battery.
  suspend() {
    if (this.#own) this.live?.suspend().catch(() => {});
  }

  close() {
    if (!this.#parts) return;
    const { context, master } = this.#parts;
    const own = this.#own ? this.live : null;
    context.removeEventListener("statechange", this.#onstate);
    setTimeout(() => (own ? own.close().catch(() => {}) : master.disconnect()), 60);
  }

  get #ready() { return this.#parts ?? this.#connect(new AudioContext({ latencyHint: "interactive" })); }

  /** @param {BaseAudioContext} context */
  #connect(context) {
    const master = new GainNode(context, { gain: this.volume });
    master.connect(this.#target ?? context.destination);
    context.addEventListener("statechange", this.#onstate);
    this.#parts = { context, master };
    return this.#parts;
  }
}
