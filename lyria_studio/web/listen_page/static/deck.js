// The player of one trial: its sounds run in step, and one of them is heard.
import { clamp, clock } from "../../assets/helpers.js";
import { InStep } from "../../assets/instep.js";
import { silence } from "../../assets/instep/clock_watch.js";
import { h, icon, say } from "./dom.js";

/** @typedef {import("../../assets/instep.js").SoundError} SoundError */

const STEP_S = 5;
const LOOP_S = 8;
const GONE = [404, 409, 410];
const TYPING = "textarea, input:not([type=radio]):not([type=checkbox]), select";

export class Deck {
  toggle = h("button", { type: "button", class: "round", onclick: () => this.#toggle() });
  time = h("span", { class: "time" });
  repeat = h("button", { type: "button", class: "loop", "aria-pressed": "false", onclick: () => this.#loop() },
    icon("loop"), h("span", {}, `Repeat ${LOOP_S} s`));
  bar = h("progress", { max: 1, value: 0, "aria-label": "Loading the sounds" });
  cover = h("div", { class: "cover" });
  rest = h("p", { class: "rest soft small" });
  loaded = Promise.resolve(); // what was asked for has come, or never will
  problem = h("p", { class: "trouble", role: "alert" }); // stays: only its text changes

  #names;
  #trial;
  #player;
  #sides;
  #enough;
  #callbacks;
  #frame = 0;
  #dragging = false;
  #end = new AbortController();

  // grows: whether the sounds may be played before they are there as a whole. ontrouble(): they are gone.
  /**
   * @param {{ names: string[], trial: TrialLimits, sounds: SoundSource[], grows?: boolean,
   *   onheard?: (seconds: number[]) => void, onplace?: (position: number, current: number) => void,
   *   ontrouble?: () => void }} given
   */
  constructor({ names, trial, sounds, grows = false, onheard = () => {}, onplace = () => {}, ontrouble = () => {} }) {
    this.#names = names;
    this.#trial = trial;
    this.#enough = names.map(() => false);
    this.#callbacks = { onheard, onplace, ontrouble };
    this.#player = new InStep({
      sounds,
      whole_s: grows ? trial.duration_s : undefined,
      onchange: () => this.#draw(),
    });
    this.#sides = names.map((name, index) => {
      const fill = h("span", { class: "fill" });
      const line = h("span", { class: "state" });
      const button = h("button", { type: "button", class: "side", "aria-pressed": "false", onclick: () => this.#choose(index) },
        h("span", { class: "letter" }, name),
        h("span", { class: "bars", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
        line, h("span", { class: "meter" }, fill));
      return { button, line, fill };
    });
    this.slider = h("input", {
      type: "range", class: "seek", min: 0, max: trial.duration_s, step: 0.1, value: 0, "aria-label": "Position",
      oninput: () => {
        this.#dragging = true;
        this.#times(Number(this.slider.value));
      },
      onchange: () => {
        this.#dragging = false;
        this.#player.seek(Number(this.slider.value));
        this.#draw();
      },
    });
    const letters = names.map((_, index) => h("kbd", {}, String(index + 1)));
    const keys = h("p", { class: "keys soft small" },
      h("span", {}, h("kbd", {}, "Space"), " play"),
      h("span", {}, letters, " switch"),
      h("span", {}, h("kbd", {}, "←"), h("kbd", {}, "→"), ` ${STEP_S} s`),
      h("span", {}, h("kbd", {}, "L"), " repeat"));
    this.controls = h("div", { class: "controls" },
      h("div", { class: `sides of${names.length}`, role: "group", "aria-label": "Which recording is heard" },
        this.#sides.map((side) => side.button)),
      h("div", { class: "transport" }, this.toggle,
        h("div", { class: "place" }, this.slider, h("div", { class: "under" }, this.time, this.repeat))),
      keys);
    this.element = h("section", { class: "deck", "aria-label": "Player" }, this.cover, this.controls, this.rest, this.problem);
    this.#times(0);
    this.#draw();
    document.addEventListener("keydown", (event) => this.#key(event), { signal: this.#end.signal });
  }

  get heard() {
    return this.#player.heard.map((seconds) => Math.round(seconds * 100) / 100);
  }

  load() {
    this.loaded = this.#load();
  }

  async #load() {
    if (this.#end.signal.aborted) return;
    this.#covered(true);
    this.bar.value = 0;
    const all = this.#player.load((done) => (this.bar.value = done));
    const errors = (await this.#player.prepared()) ?? [];
    if (this.#end.signal.aborted) return;
    if (errors.length) return this.#failed(errors);
    this.#covered(false);
    if (this.element.isConnected) say("The sounds are ready.");
    this.#draw();
    const late = await all;
    if (this.#end.signal.aborted || !late.length) return;
    this.pause();
    this.#covered(true);
    this.#failed(late);
  }

  pause() {
    this.#player.pause();
  }

  destroy() {
    this.#end.abort();
    cancelAnimationFrame(this.#frame);
    this.#player.destroy();
  }

  /** @param {boolean} fetching */
  #covered(fetching) {
    this.controls.inert = fetching;
    this.element.classList.toggle("waiting", fetching);
    this.cover.replaceChildren(...(fetching ? [h("p", {}, "Loading the sounds…"), this.bar] : []));
  }

  /** @param {SoundError[]} errors */
  #failed(errors) {
    if (errors.some(({ status }) => status && GONE.includes(status))) {
      this.#callbacks.ontrouble();
      return;
    }
    const decoding = errors.every((error) => error.kind !== "fetch");
    const words = decoding
      ? "This browser cannot play these sounds. Please open the link in another one."
      : "The sounds could not be loaded. Check your connection, then try again.";
    const again = h("button", { type: "button", class: "primary", onclick: () => this.load() }, "Try again");
    this.cover.replaceChildren(h("p", { role: "alert" }, words), again);
    again.focus();
  }

  /** @param {number} index */
  #choose(index) {
    this.#player.switchTo(index);
    if (!this.#player.playing) this.#player.play();
    say(`${this.#names[index]} is heard.`);
    this.#draw();
  }

  #toggle() {
    this.#player.toggle();
    this.#draw();
  }

  /** @param {number} seconds */
  #seek(seconds) {
    this.#player.seek(clamp(seconds, 0, this.#player.duration));
    this.#draw();
  }

  #loop() {
    const { loop } = this.#player.state;
    if (loop) this.#player.loop(null);
    else {
      const start = Math.max(0, Math.min(this.#player.position, this.#player.duration - LOOP_S));
      this.#player.loop(start, start + LOOP_S);
    }
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || this.controls.inert || !this.element.isConnected) return;
    const target = /** @type {Element} */ (event.target);
    if (target.closest(TYPING) && target !== this.slider) return;
    const key = event.key.toUpperCase();
    const button = target.closest("button, label, summary, input[type=radio]");
    const index = "123".includes(key) ? Number(key) - 1 : this.#names.indexOf(key);
    if (index >= 0 && index < this.#names.length) this.#choose(index);
    else if (key === " " && !button) this.#toggle();
    else if (key === "L") this.#loop();
    else if (key === "ARROWLEFT" && !button && target !== this.slider) this.#seek(this.#player.position - STEP_S);
    else if (key === "ARROWRIGHT" && !button && target !== this.slider) this.#seek(this.#player.position + STEP_S);
    else return;
    event.preventDefault();
  }

  // Once a frame while something sounds, and at every change.
  #draw() {
    if (this.#end.signal.aborted) return;
    const { playing, current, position, loop, silent, growing, progress } = this.#player.state;
    const heard = this.#player.heard;
    const must = this.#trial.must_hear_s;
    const begun = playing || position > 0 || heard.some((seconds) => seconds > 0);
    this.#sides.forEach((side, index) => {
      const on = playing && index === current;
      const enough = heard[index] >= must;
      side.button.classList.toggle("on", on);
      side.button.classList.toggle("chosen", begun && index === current);
      side.button.setAttribute("aria-pressed", String(begun && index === current));
      side.button.classList.toggle("enough", enough);
      side.fill.style.width = `${Math.min(100, (100 * heard[index]) / must)}%`;
      const left = Math.ceil(must - heard[index]);
      put(side.line, enough ? "heard" : `Listen ${left} s${heard[index] > 0 ? " more" : ""}`);
      if (enough && !this.#enough[index]) say(`Enough of ${this.#names[index]} is heard to vote.`);
      this.#enough[index] = enough;
    });
    const word = playing ? "Pause" : "Play";
    if (this.toggle.getAttribute("aria-label") !== word) {
      this.toggle.setAttribute("aria-label", word);
      this.toggle.replaceChildren(icon(playing ? "pause" : "play"));
    }
    this.repeat.setAttribute("aria-pressed", String(Boolean(loop)));
    put(this.problem, silence(silent));
    put(this.rest, growing && !this.controls.inert ? `Loading: ${Math.round(100 * progress)}%` : "");
    if (!this.#dragging) {
      this.slider.value = String(position);
      this.#times(position);
    }
    const { duration_s } = this.#trial;
    this.slider.style.setProperty("--from", `${loop ? (100 * loop.start) / duration_s : 0}%`);
    this.slider.style.setProperty("--to", `${loop ? (100 * loop.end) / duration_s : 0}%`);
    this.slider.style.setProperty("--at", `${(100 * Math.min(position, duration_s)) / duration_s}%`);
    this.#callbacks.onheard(heard);
    this.#callbacks.onplace(position, current);
    cancelAnimationFrame(this.#frame);
    if (playing) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** @param {number} position */
  #times(position) {
    const whole = clock(this.#trial.duration_s);
    put(this.time, `${clock(position)} / ${whole}`);
    this.slider.setAttribute("aria-valuetext", `${clock(position)} of ${whole}`);
  }
}

/** @param {Element} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
