// The answer to one trial: a choice, and if one likes a reason and a remark.
import { clock, count, listed } from "../../assets/helpers.js";
import { h } from "./dom.js";
import { keep } from "./draft.js";
import { Limit } from "./limit.js";

const KEEP_S = 0.5; // what a reload may lose of the time that was heard
const REMARK_MAX = 1000; // characters
const REASONS = ["Melody", "Rhythm", "Instruments", "Voice", "Sound quality", "Mood"];

/** @type {Place[]} */
const PLACES = ["first", "second"];

export class Ballot {
  button = h("button", { type: "submit", class: "primary wide", "aria-describedby": "hint" }, "Vote");
  hint = h("p", { class: "hint", id: "hint" });
  trouble = h("p", { class: "trouble", role: "alert" });
  comment = h("textarea", { id: "comment", rows: 2, oninput: () => this.#changed() });
  limit = new Limit(this.comment, REMARK_MAX, "remark");
  pin = h("button", { type: "button", class: "quiet pin", onclick: () => this.#togglePin() });
  reasons = REASONS.map((word) => {
    const box = h("input", { type: "checkbox", onchange: () => this.#changed() });
    return { word, box, label: h("label", { class: "chip" }, box, h("span", {}, word)) };
  });
  more = h("details", { class: "why" },
    h("summary", {}, "Say why ", h("span", { class: "soft" }, "(optional)")),
    h("fieldset", { class: "chips" }, h("legend", { class: "unseen" }, "What made the difference"), this.reasons.map((one) => one.label)),
    h("label", { for: "comment" }, "A remark"),
    this.comment, this.limit.element, this.pin);

  #trial;
  #names;
  #must;
  #onvote;
  #heard;
  #began; // which one was heard first
  #keptAt = 0; // what was heard when it was last kept, in seconds
  #place = { position: 0, current: 0 };
  /** @type {{ at_s: number, on: Place | null } | undefined} */
  #pinned;
  #sending = false;

  /**
   * @param {{ test: ListeningTest, trial: Trial, names: string[], kept: KeptTrial | null,
   *   onvote: (vote: VoteDraft) => void }} given
   */
  constructor({ test, trial, names, kept, onvote }) {
    this.#trial = trial;
    this.#names = names;
    this.#must = trial.must_hear_s;
    this.#heard = kept?.heard ?? names.map(() => 0);
    this.#began = kept?.began;
    this.#onvote = onvote;
    const options = test.kind === "abx"
      ? [["first", "X is A"], ["second", "X is B"]]
      : [["first", "X is better"], ["none", "No difference"], ["second", "Y is better"]];
    this.choices = options.map(([value, words]) => {
      const radio = h("input", { type: "radio", name: "choice", value, onchange: () => this.#changed() });
      return { radio, label: h("label", { class: "option" }, radio, h("span", {}, words)) };
    });
    this.fields = h("fieldset", { class: "bare" },
      h("fieldset", { class: `options of${options.length}` }, h("legend", {}, "Your answer"), this.choices.map((one) => one.label)),
      this.more,
      this.button);
    this.element = h("form", { class: "ballot", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#submit();
    } }, this.fields, this.hint, this.trouble);
    if (kept?.draft) this.#fill(kept.draft);
    this.#pin();
    this.#hint();
  }

  // What was typed before the page was loaded again.
  /** @param {VoteDraft} draft */
  #fill(draft) {
    for (const { radio } of this.choices) radio.checked = radio.value === draft.choice;
    const reasons = (draft.reason ?? "").split(", ");
    for (const { word, box } of this.reasons) box.checked = reasons.includes(word);
    this.comment.value = draft.comment ?? "";
    this.limit.draw();
    this.more.open = Boolean(draft.reason || draft.comment);
    if (typeof draft.at_s === "number") this.#pinned = { at_s: draft.at_s, on: draft.on };
  }

  // How many seconds of each were heard.
  /** @param {number[]} seconds */
  heard(seconds) {
    this.#heard = seconds;
    if (this.#began === undefined && seconds.some((each) => each > 0)) {
      this.#began = seconds.indexOf(Math.max(...seconds));
    }
    const whole = seconds.reduce((sum, each) => sum + each, 0);
    if (whole >= this.#keptAt + KEEP_S) {
      this.#keptAt = whole;
      keep(this.#trial.id, { heard: seconds, began: this.#began });
    }
    this.#hint();
  }

  // Where the player is.
  /** @param {number} position @param {number} current */
  at(position, current) {
    this.#place = { position, current };
    if (!this.#pinned) this.#pin();
  }

  /** @param {VoteDraft} vote */
  sending(vote) {
    this.#sending = true;
    this.fields.disabled = true;
    keep(this.#trial.id, { draft: vote, sent: true });
    this.button.textContent = "Sending…";
    this.hint.textContent = "";
    this.trouble.replaceChildren();
  }

  /** @param {() => void} retry @param {string} why */
  waiting(retry, why) {
    this.trouble.replaceChildren(
      `${why} Your answer is kept on this device and is sent as soon as possible.`,
      h("button", { type: "button", class: "plain", onclick: retry }, "Send it now"),
    );
    this.trouble.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} why */
  refused(why) {
    this.#sending = false;
    this.fields.disabled = false;
    keep(this.#trial.id, { draft: this.#draft(), sent: false });
    this.trouble.textContent = why;
    this.#hint();
  }

  /** @returns {VoteDraft} */
  #draft() {
    const comment = this.comment.value.trim();
    const reasons = this.reasons.filter((one) => one.box.checked).map((one) => one.word);
    return {
      choice: this.choices.find((one) => one.radio.checked)?.radio.value,
      reason: reasons.join(", ") || null,
      comment: comment || null,
      at_s: comment && this.#pinned ? this.#pinned.at_s : null,
      on: comment && this.#pinned ? this.#pinned.on : null,
    };
  }

  #changed() {
    keep(this.#trial.id, { draft: this.#draft(), sent: false });
    this.trouble.replaceChildren();
    this.#hint();
  }

  #togglePin() {
    const { position, current } = this.#place;
    this.#pinned = this.#pinned ? undefined : { at_s: Math.round(position * 10) / 10, on: PLACES[current] ?? null };
    this.#pin();
    this.#changed();
  }

  #pin() {
    const place = this.#pinned
      ? { position: this.#pinned.at_s, current: PLACES.findIndex((one) => one === this.#pinned?.on) }
      : this.#place;
    const where = `${clock(place.position)}${place.current >= 0 ? ` in ${this.#names[place.current]}` : ""}`;
    const words = this.#pinned ? `It is about ${where}. Remove the time` : `It is about ${where}`;
    if (this.pin.textContent !== words) this.pin.textContent = words;
    this.pin.setAttribute("aria-pressed", String(Boolean(this.#pinned)));
  }

  #missing() {
    const unheard = this.#names.filter((_, index) => this.#heard[index] < this.#must);
    if (unheard.length) {
      const seconds = count(Math.ceil(this.#must), "second");
      return `Listen to ${listed(unheard)} for ${seconds}${unheard.length > 1 ? " each" : ""}, then you can vote.`;
    }
    return this.choices.some((one) => one.radio.checked) ? this.limit.trouble : "Choose an answer.";
  }

  #hint() {
    if (this.#sending) return;
    const missing = this.#missing();
    if (this.hint.textContent !== missing) this.hint.textContent = missing;
    this.button.setAttribute("aria-disabled", String(Boolean(missing)));
    if (this.button.textContent !== "Vote") this.button.textContent = "Vote";
  }

  #submit() {
    if (this.#sending) return;
    const missing = this.#missing();
    if (missing) {
      this.hint.classList.remove("nudge");
      void this.hint.offsetWidth; // so that the animation begins anew
      this.hint.classList.add("nudge");
      this.trouble.textContent = "";
      return;
    }
    this.#onvote({
      ...this.#draft(),
      heard: this.#heard.map((seconds) => Math.round(seconds * 100) / 100),
      began: PLACES[this.#began ?? -1] ?? null,
    });
  }
}
