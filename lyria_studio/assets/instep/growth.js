// Lets sounds be played before they have come as a whole. They are MP3s of one size, whose frames have
// the same sizes in turn, so as many bytes of each are as many seconds. What has come is decoded from its beginning
// again and again: so nothing has to be joined, and all sounds grow by the same samples.
const STEP_S = 0.6;
const STEP = 0.07; // of what is there already, so that long sounds are not decoded too often
const MARGIN = 1.1; // a network may become so much slower without a halt
const AHEAD_S = 1;

export class Growth {
  #sounds;
  #whole_s;
  #began = 0; // when the first bytes came, and how much that was
  #first = 0;
  #next_s = STEP_S;
  #decoding = false;
  #started = false; // there was enough to play from the beginning
  /** @type {() => void} */
  #suffice = () => {};
  /** @type {Promise<void>} */
  sufficed = new Promise((resolve) => (this.#suffice = resolve)); // enough to play from the beginning

  /** @param {import("./sound.js").Sound[]} sounds @param {number} whole_s */
  constructor(sounds, whole_s) {
    this.#sounds = sounds;
    this.#whole_s = whole_s;
  }

  // Decode what has come, if it is worth it; whether the sounds are longer now.
  /** @param {BaseAudioContext} context */
  async step(context) {
    const part = this.#part;
    if (!this.#first) [this.#began, this.#first] = [performance.now(), part];
    const come_s = part * this.#whole_s;
    const due = come_s >= this.#next_s || (!this.#started && this.#lasts(come_s, 0));
    if (this.#decoding || part >= 1 || !due) return false;
    this.#decoding = true;
    const bytes = Math.floor(part * Math.min(...this.#sounds.map((sound) => sound.total)));
    const heads = this.#sounds.map((sound) => sound.head(bytes).then((head) => context.decodeAudioData(head)));
    const buffers = await Promise.all(heads).catch(() => []);
    this.#decoding = false;
    this.#next_s = come_s + Math.max(STEP_S, STEP * come_s);
    // Meanwhile all of it may have come, or one of them may have failed.
    if (!buffers.length || this.#part >= 1 || this.#sounds.some((sound) => sound.error)) return false;
    buffers.forEach((buffer, index) => (this.#sounds[index].buffer = buffer));
    if (!this.#started && this.enough(0)) {
      this.#started = true;
      this.#suffice();
    }
    return true;
  }

  // Whether it can be played from a position to the end while the rest arrives.
  /** @param {number} position */
  enough(position) {
    return this.#lasts(Math.min(...this.#sounds.map((sound) => sound.buffer?.duration ?? 0)), position);
  }

  // The same, if so much of the beginning can be played.
  /** @param {number} there @param {number} position */
  #lasts(there, position) {
    const all_s = (MARGIN * (performance.now() - this.#began)) / 1000 / (this.#part - this.#first);
    const left_s = this.#whole_s - position;
    return there > position + AHEAD_S && there - STEP_S >= this.#whole_s * (1 - left_s / all_s);
  }

  // How much of each has come, 0 to 1.
  get #part() {
    return Math.min(...this.#sounds.map(({ read, total }) => (total ? read / total : 0)));
  }
}
