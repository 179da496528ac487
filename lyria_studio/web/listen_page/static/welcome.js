// Who invites, to what, and for how long.
import { count } from "../../assets/helpers.js";
import { h, icon, show } from "./dom.js";

/** @param {any} given @param {any} acts */
export function drawWelcome({ test }, acts) {
  const abx = test.kind === "abx";
  const host = test.host || "Somebody";
  const trouble = h("p", { class: "trouble", role: "alert" });
  const name = h("input", { type: "text", id: "name", maxlength: 60, autocomplete: "name", enterkeyhint: "go" });
  const start = h("button", { type: "submit", class: "primary wide" }, "Start listening");
  const form = h("form", {
    class: "start",
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      start.disabled = true;
      trouble.textContent = (await acts.start(name.value.trim() || null)) ?? "";
      start.disabled = false;
    },
  },
  h("label", { for: "name" }, "Your name ", h("span", { class: "soft" }, "(optional)")),
  name,
  h("p", { class: "soft small" }, test.host ? `${test.host} sees it beside your answers.` : "It is shown beside your answers."),
  start, trouble);
  show(
    h("p", { class: "eyebrow" }, `${host} asks for your ears`),
    h("h1", {}, test.question || (abx ? "Can you hear a difference?" : "Which one do you prefer?")),
    h("ul", { class: "facts" },
      fact("clock", `${count(test.trials, "pair")}, about ${count(test.minutes, "minute")}`, "You can stop at any time and go on later."),
      abx
        ? fact("shuffle", "A, B and X", "X is either A or B. Switch between them as you like and say which one X is. If in doubt, guess.")
        : fact("shuffle", "Two recordings, X and Y", "Switch between them as you like and say which one is better. Which is which is drawn anew for each pair."),
      fact("ear", "Headphones help", "Choose a volume that you like, and leave it so."),
      fact("lock", "No account", "Your answers are kept, and a cookie that remembers where you were."),
    ),
    form,
  );
}

/** @param {string} name @param {string} title @param {string} text */
function fact(name, title, text) {
  return h("li", {}, icon(name), h("div", {}, h("strong", {}, title), h("p", {}, text)));
}
