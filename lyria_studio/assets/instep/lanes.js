// The lanes of the player in step: one under the other, on a common time line with its scale.
import { clamp, clock, find } from "../helpers.js";

const SVG = "http://www.w3.org/2000/svg";
const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200];
const TICK_PX = 64;

/** @param {number} decibels */
export const factor = (decibels) => 10 ** (decibels / 20);

/** @param {number} number @param {number} digits */
export function signed(number, digits) {
  const amount = Math.abs(number).toFixed(digits);
  return number < 0 && Number(amount) > 0 ? `−${amount}` : amount;
}

// The bars of a waveform, 0 to 1 high, as one shape that stretches to its box.
/** @param {number[]} peaks @param {number} scale */
function drawing(peaks, scale) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${Math.max(1, peaks.length)} 100`);
  svg.setAttribute("preserveAspectRatio", "none");
  const path = document.createElementNS(SVG, "path");
  const bars = peaks.map((peak, index) => {
    const half = Math.max(1, peak * scale * 50);
    return `M${index + 0.15} ${(50 - half).toFixed(1)}h.7v${(2 * half).toFixed(1)}h-.7z`;
  });
  path.setAttribute("d", bars.join(""));
  svg.append(path);
  return svg;
}

/** @typedef {ReturnType<Lanes["buildRow"]>} Row */

export class Lanes {
  /** @type {Row[]} */
  rows = [];
  /** @type {Side[]} */
  sides = [];
  duration = 1; // seconds
  ruled = "";

  // onchoose, onshift: what a person does in a lane.
  /**
   * @param {HTMLElement} root @param {HTMLTemplateElement} template
   * @param {{ onchoose: (index: number, byMouse: boolean) => void, onshift: (index: number, seconds: number) => void }} given
   */
  constructor(root, template, { onchoose, onshift }) {
    this.root = root;
    this.box = find(root, ".lanes", HTMLElement);
    this.scale = find(root, ".scale", HTMLElement);
    this.ticks = find(root, ".ticks", HTMLElement);
    this.template = template;
    this.onchoose = onchoose;
    this.onshift = onshift;
  }

  /** @param {Side[]} sides */
  build(sides) {
    for (const row of this.rows) row.lane.remove();
    // As high as they are loud: the gains are drawn, too.
    const tops = sides.map((side) => factor(side.gain_db) * Math.max(0, ...side.peaks));
    const loudest = Math.max(0.01, ...tops);
    this.sides = sides;
    this.rows = sides.map((side, index) => this.buildRow(side, index, factor(side.gain_db) / loudest));
  }

  /** @param {Side} side @param {number} index @param {number} height */
  buildRow(side, index, height) {
    const copy = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const part = (/** @type {string} */ name) => find(copy, `.${name}`, HTMLElement);
    const button = find(copy, ".side", HTMLButtonElement);
    const input = find(copy, "input", HTMLInputElement);
    part("badge").textContent = side.letter;
    part("title").textContent = button.title = side.title;
    button.setAttribute("aria-label", `Hear ${side.letter}: ${side.title}`);
    button.onclick = (event) => this.onchoose(index, event.detail > 0);
    part("skip").textContent = `Skip in ${side.letter}`;
    input.setAttribute("aria-label", `Skip in ${side.letter}, seconds`);
    input.onchange = () => this.onshift(index, Number(input.value) || 0);
    const shapes = [...copy.querySelectorAll(".ink")].map((ink) => {
      const shape = drawing(side.peaks, height);
      ink.append(shape);
      return shape;
    });
    const row = { lane: part("lane"), button, input, mark: part("mark"), facts: part("facts"), wave: part("wave"), shapes };
    this.box.append(copy);
    return row;
  }

  // Which one is heard, and what is the matter with each.
  /** @param {Side[]} sides @param {InStepState} state */
  show(sides, { current, playing, errors }) {
    this.sides = sides;
    this.rows.forEach((row, index) => {
      const chosen = index === current;
      const missing = errors.some((error) => error.index === index);
      row.lane.classList.toggle("current", chosen);
      row.lane.classList.toggle("missing", missing);
      row.button.setAttribute("aria-pressed", String(chosen));
      row.button.disabled = missing;
      row.mark.textContent = chosen ? (playing ? "Playing" : "Selected") : "";
      row.facts.textContent = missing ? "could not be loaded" : this.#facts(sides[index]);
    });
  }

  /** @param {Side} side */
  #facts({ duration_s, measured, gain_db }) {
    return `${clock(duration_s)} · ${measured ? `${signed(gain_db, 1)} dB` : "loudness unknown"}`;
  }

  // Each track where it lies on a time line of this many seconds.
  /** @param {number} duration @param {number[]} offsets */
  place(duration, offsets) {
    const { activeElement } = /** @type {Document | ShadowRoot} */ (this.root.getRootNode());
    this.duration = duration;
    this.rows.forEach((row, index) => {
      for (const shape of row.shapes) {
        shape.style.left = `${(-offsets[index] / duration) * 100}%`;
        shape.style.width = `${(this.sides[index].duration_s / duration) * 100}%`;
      }
      if (activeElement !== row.input) this.write(index, offsets[index]);
    });
    this.rule();
  }

  /** @param {number} index @param {number} offset */
  write(index, offset) { this.rows[index].input.value = offset.toFixed(2); }

  // The scale, with as many times as there is room for.
  rule() {
    const { duration } = this;
    const wide = this.scale.clientWidth || 600;
    const step = TICKS_S.find((seconds) => (duration / seconds) * TICK_PX < wide) ?? 3600;
    if (this.ruled === `${step} ${duration}`) return;
    this.ruled = `${step} ${duration}`;
    this.scale.setAttribute("aria-valuemax", String(Math.round(duration)));
    this.ticks.replaceChildren();
    for (let second = 0; second <= duration; second += step) {
      this.#tick("i", second);
      if (second <= duration * 0.97) this.#tick("span", second, clock(second)); // else it hangs over
    }
  }

  /** @param {string} name @param {number} second */
  #tick(name, second, words = "") {
    const mark = document.createElement(name);
    mark.style.left = `${(second / this.duration) * 100}%`;
    mark.textContent = words;
    this.ticks.append(mark);
  }

  // The stretch that was marked, whether it is looped at present or not.
  /** @param {Stretch | null} stretch */
  mark(stretch) {
    this.root.classList.toggle("marked", Boolean(stretch));
    if (!stretch) return;
    this.root.style.setProperty("--from", String(clamp(stretch.start / this.duration, 0, 1)));
    this.root.style.setProperty("--to", String(clamp(stretch.end / this.duration, 0, 1)));
  }

  // The playhead.
  /** @param {number} position */
  move(position) {
    this.root.style.setProperty("--at", String(clamp(position / this.duration, 0, 1)));
  }
}
