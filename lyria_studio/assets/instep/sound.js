// One sound: where it comes from, its samples, and what went wrong with it.

// Why a sound is missing: "fetch" (with the status, if there was an answer), "decode" or "memory".
export class SoundError extends Error {
  /** @param {number} index @param {string} kind @param {number} [status] */
  constructor(index, kind, status) {
    super(`Sound ${index} cannot be played (${kind}${status ? ` ${status}` : ""}).`);
    this.name = "SoundError";
    this.index = index;
    this.kind = kind;
    this.status = status;
  }
}

export class Sound {
  /** @param {number} index @param {SoundSource} given */
  constructor(index, { url, gain = 1, offset_s = 0, heard = 0 }) {
    this.index = index;
    this.url = url;
    this.gain = gain;
    this.offset_s = offset_s;
    /** @type {AudioBuffer | null} */
    this.buffer = null;
    this.whole = false; // whether the buffer holds all of it
    /** @type {SoundError | null} */
    this.error = null;
    /** @type {Uint8Array<ArrayBuffer>[]} */
    this.parts = [];
    this.read = 0; // bytes
    this.total = 0; // bytes; 0 as long as nobody knows
    this.part = 0; // how much of it has come, 0 to 1
    this.heard = heard; // seconds
  }

  // Where it ends on the common time line.
  get end() { return this.buffer ? this.buffer.duration - this.offset_s : 0; }
  get bytes() { return this.buffer ? this.buffer.length * this.buffer.numberOfChannels * 4 : 0; }

  // The file; null if it does not come. onstep() is called at every step forward.
  /** @param {AbortSignal} signal @param {() => void} onstep */
  async fetch(signal, onstep) {
    [this.error, this.part, this.parts, this.read, this.total] = [null, 0, [], 0, 0];
    let status;
    try {
      const answer = await fetch(this.url, { signal });
      status = answer.status;
      if (!answer.ok || !answer.body) throw new TypeError("no sound there");
      this.total = Number(answer.headers.get("content-length"));
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        this.parts.push(value);
        this.read += value.length;
        this.part = this.total ? Math.min(0.9, (0.9 * this.read) / this.total) : 0.5;
        onstep();
      }
      return await this.head(this.read);
    } catch {
      if (!signal.aborted) this.miss("fetch", status && status >= 400 ? status : undefined);
      return null;
    }
  }

  // What has come of the file, up to a number of bytes.
  /** @param {number} bytes */
  head(bytes) { return new Blob(this.parts).slice(0, bytes).arrayBuffer(); }

  /** @param {BaseAudioContext} context @param {ArrayBuffer} file */
  async decode(context, file) {
    try {
      this.buffer = await context.decodeAudioData(file);
      [this.whole, this.part, this.parts] = [true, 1, []];
    } catch {
      this.miss("decode");
    }
  }

  /** @param {string} kind @param {number} [status] */
  miss(kind, status) {
    this.buffer = null;
    this.whole = false;
    this.part = 1;
    this.error = new SoundError(this.index, kind, status);
  }
}
