// Who invites, to what, and for how long.
import { count } from "../../assets/helpers.js";
import { h, icon, show } from "./dom.js";
import { Limit } from "./limit.js";

const NAME_MAX = 60; // characters
const DEVICES = [["headphones", "Headphones"], ["speaker", "Speaker"]];

/** @param {ListenState} state @param {ListenActs} acts */
export function drawWelcome({ test }, acts) {
  const abx = test.kind === "abx";
  const trouble = h("p", { class: "trouble", role: "alert" });
  const name = h("input", { type: "text", id: "name", autocomplete: "name", enterkeyhint: "go" });
  const limit = new Limit(name, NAME_MAX, "name");
  const devices = DEVICES.map(([value, words]) => {
    const radio = h("input", { type: "radio", name: "device", value });
    return { radio, label: h("label", { class: "option" }, radio, h("span", {}, words)) };
  });
  const start = h("button", { type: "submit", class: "primary wide" }, "Start listening");
  const form = h("form", {
    class: "start",
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (limit.trouble) {
        trouble.textContent = limit.trouble;
        name.focus();
        return;
      }
      start.disabled = true;
      const device = devices.find((one) => one.radio.checked)?.radio.value;
      trouble.textContent = (await acts.start({ name: name.value.trim() || null, device: device ?? null })) ?? "";
      start.disabled = false;
    },
  },
  h("p", { class: "eyebrow" }, test.oneself ? "Listen for yourself" : `${test.host || "Somebody"} invited you to listen`),
  h("h1", {}, test.question || (abx ? "Can you hear a difference?" : "Which one do you prefer?")),
  h("p", { class: "lead" }, `${count(test.trials, "pair")}, about ${count(test.minutes, "minute")}. No account needed.`),
  !test.oneself && [
    h("label", { for: "name" }, "Your name ", h("span", { class: "soft" }, "(optional)")),
    name,
    limit.element,
    h("p", { class: "soft small" }, test.host ? `${test.host} sees it next to your answers.` : "It is shown next to your answers."),
  ],
  test.ask_device && h("fieldset", { class: "options device" },
    h("legend", {}, "What do you listen with? ", h("span", { class: "soft" }, "(optional)")),
    devices.map((one) => one.label)),
  h("div", { class: "go" }, start, trouble));
  show(form, h("ul", { class: "facts", "aria-label": "How it works" },
    abx
      ? fact("shuffle", "A, B and X", "X is the same as A or B. Switch between them, then choose. If unsure, guess.")
      : fact("shuffle", "Two recordings, X and Y", "Switch between them, then choose. The order is random each time."),
    fact("ear", "Headphones help", "Set a comfortable volume and keep it."),
    fact("clock", "Pause at any time", "A cookie remembers where you stopped."),
  ));
}

/** @param {string} name @param {string} title @param {string} text */
function fact(name, title, text) {
  return h("li", {}, icon(name), h("div", {}, h("strong", {}, title), h("p", {}, text)));
}
