// Says how long a text may be while it is typed; none is cut.
import { count } from "../../assets/helpers.js";
import { h } from "./dom.js";

const SAID_FROM = 0.9; // of what may be typed

/** @param {number} number */
const digits = (number) => number.toLocaleString("en");

export class Limit {
  /** @type {HTMLInputElement | HTMLTextAreaElement} */
  #field;
  /** @type {number} */
  #most;
  /** @type {string} */
  #what;
  #used = h("span", { "aria-hidden": "true" });
  #status = h("span", { role: "status" });
  element = h("p", { class: "limit small" }, this.#status, this.#used);

  /** @param {HTMLInputElement | HTMLTextAreaElement} field @param {number} most characters @param {string} what the text is */
  constructor(field, most, what) {
    [this.#field, this.#most, this.#what] = [field, most, what];
    this.element.id = `${field.id}-limit`;
    field.setAttribute("aria-describedby", this.element.id);
    field.addEventListener("input", () => this.draw());
    this.draw();
  }

  // What is wrong with the text; empty if nothing is.
  get trouble() {
    const over = this.#length - this.#most;
    return over > 0 ? `The ${this.#what} is ${count(over, "character")} too long. The limit is ${digits(this.#most)} characters.` : "";
  }

  draw() {
    const length = this.#length;
    const over = length > this.#most;
    this.element.classList.toggle("over", over);
    this.#field.setAttribute("aria-invalid", String(over));
    // A screen reader hears of the limit once, not at every letter.
    const words = over ? `Too long. The limit is ${digits(this.#most)} characters. ` : "";
    if (this.#status.textContent !== words) this.#status.textContent = words;
    this.#used.textContent = length >= SAID_FROM * this.#most ? `${digits(length)} of ${digits(this.#most)}` : "";
  }

  get #length() { return [...this.#field.value.trim()].length; }
}
