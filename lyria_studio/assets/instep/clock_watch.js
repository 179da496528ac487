// Tells when nothing sounds though it should. Without an audio device resume() may never settle,
// and a call or a lost device stops a clock that ran.
const LOOK_MS = 250;
const PATIENCE = 6; // looks at a clock that stands still, 1.5 s in all

export class ClockWatch {
  /** @type {Silent} */
  silent = null; // "start": it has not run since start(); "stop": it ran and stopped

  #now;
  #onchange;
  #due;
  /** @type {number | undefined} */
  #timer;
  #last = 0;
  #still = 0;
  #ran = false;

  /** @param {() => number} now @param {() => void} onchange */
  // now(): what the clock shows. due(): whether it has to run at present.
  constructor(now, onchange, due = () => true) {
    this.#now = now;
    this.#onchange = onchange;
    this.#due = due;
  }

  start() {
    if (this.#timer) return;
    [this.#last, this.#still, this.#ran] = [this.#now(), 0, false];
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#tell(null);
  }

  // The browser says that the clock stopped.
  halted() {
    if (this.#ran) this.#tell("stop");
  }

  #look() {
    const now = this.#now();
    const moved = now !== this.#last;
    this.#last = now;
    this.#ran ||= moved;
    this.#still = moved || !this.#due() ? 0 : this.#still + 1;
    if (moved) this.#tell(null);
    else if (this.#still >= PATIENCE) this.#tell(this.#ran ? "stop" : "start");
  }

  /** @param {Silent} silent */
  #tell(silent) {
    if (silent === this.silent) return;
    this.silent = silent;
    this.#onchange();
  }
}

// What happened and what to do, for people.
/** @param {Silent | undefined} silent */
export const silence = (silent) =>
  silent === "start" ? "No sound. Check that a speaker or headphones are connected, then press Play."
  : silent === "stop" ? "The sound stopped. Press Play to resume."
  : "";
