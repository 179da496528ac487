// After a vote: what the listener answered, and what was played.
import { count } from "../../assets/helpers.js";
import { h, icon, show, wave } from "./dom.js";

// A vote was cast, and the listener may ask at once what was played.
/** @param {ListenState} state @param {ListenActs} acts */
export function drawKept({ test, last }, acts) {
  if (!last) return;
  const next = button("primary wide", "Next pair", () => acts.next());
  show(
    h("h1", {}, "Your vote is kept"),
    h("p", { class: "lead" }, `Pair ${last.number} of ${test.trials}: you said that ${said(test, last.choice)}.`),
    next,
    h("p", { class: "row" },
      last.can_reveal && button("plain", "Reveal", () => acts.reveal(last.trial)),
      last.can_undo && button("plain", "Take the vote back", () => acts.undo(last.trial))),
    last.can_reveal && last.can_undo && h("p", { class: "soft small" }, "Once you know what it was, the vote stays."),
  );
}

// One trial is revealed.
/** @param {ListenState} state @param {RevealedVote} vote @param {ListenActs} acts */
export function drawRevealed({ test }, vote, acts) {
  show(h("h1", {}, `This was pair ${vote.number}`), ...pair(test, vote), button("primary wide", "Next pair", () => acts.next()));
}

// All trials are answered.
/** @param {ListenState} state @param {ListenActs} acts */
export function drawDone({ test, last, revealed, listener }, acts) {
  const voted = listener?.voted ?? 0;
  const unrevealed = last?.can_reveal ? last.unrevealed : 0;
  show(
    h("p", { class: "mark", "aria-hidden": "true" }, icon("check")),
    h("h1", {}, "That was the last pair. Thank you!"),
    h("p", { class: "lead" }, `${count(voted, "answer")} ${voted === 1 ? "is" : "are"} kept. ${
      test.host ? `${test.host} sees the result.` : ""} You can close this page.`),
    unrevealed > 0 && button("primary wide", unrevealed > 1 ? "What did I hear?" : "Reveal", () => acts.reveal(null)),
    last?.can_undo && h("p", { class: "row" }, button("plain", `Take back the last answer (pair ${last.number})`, () => acts.undo(last.trial))),
    unrevealed > 0 && last?.can_undo && h("p", { class: "soft small" }, "Once you know what it was, your answers stay."),
    ...all(test, revealed),
  );
}

// The test takes no more votes.
/** @param {ListenState} state @param {ListenActs} acts @param {string} [note] */
export function drawOver({ test, message, last, revealed, listener }, acts, note) {
  const voted = listener?.voted ?? 0;
  show(
    h("h1", {}, "This listening test is over"),
    note && note !== message && h("p", { class: "trouble" }, note),
    h("p", { class: "lead" }, message),
    voted > 0 && h("p", {}, `${count(voted, "answer")} of yours ${voted === 1 ? "counts" : "count"}.`),
    last?.can_reveal && button("primary wide", "What did I hear?", () => acts.reveal(null)),
    ...all(test, revealed),
  );
}

/** @param {ListeningTest} test @param {RevealedVote[]} revealed */
function all(test, revealed) {
  return revealed.map((vote) => h("section", { class: "revealed" }, h("h2", {}, `Pair ${vote.number}`), ...pair(test, vote)));
}

/** @param {ListeningTest} test @param {RevealedVote} vote */
function pair(test, vote) {
  const abx = test.kind === "abx";
  const names = abx ? ["A", "B"] : ["X", "Y"];
  const right = abx && (vote.correct ? "That is right." : "It was the other one.");
  const words = abx
    ? `X was ${vote.x_is === "first" ? "A" : "B"}. You said that ${said(test, vote.choice)}. ${right}`
    : `You said ${vote.no_difference ? "that there is no difference" : `that ${said(test, vote.choice)}`}.`;
  return [
    h("p", { class: "verdict" }, words),
    h("div", { class: "cards" }, [vote.first, vote.second].map((side, index) => {
      const chosen = vote.choice === ["first", "second"][index];
      return recording(side, `${names[index]} was variant ${side.letter}`, chosen);
    })),
  ];
}

/** @param {Recording} one @param {string} title @param {boolean} chosen */
function recording(one, title, chosen) {
  const heights = Uint8Array.from(atob(one.wave), (sign) => sign.charCodeAt(0));
  return h("article", { class: `card${chosen ? " chosen" : ""}` },
    h("h3", {}, title, chosen && h("span", { class: "tag" }, "your choice")),
    heights.length > 0 && wave(heights),
    h("p", { class: "prompt" }, one.words.map(([text, common]) => (common ? text : h("mark", {}, text)))),
    one.without && h("p", { class: "soft small" }, `Without: ${one.without}`),
    h("p", { class: "soft small" }, `${one.model}, take ${one.take}${one.seed === null ? "" : `, seed ${one.seed}`}`));
}

/** @param {ListeningTest} test @param {string | undefined} choice */
export function said(test, choice) {
  if (choice === "none") return "there is no difference";
  if (test.kind === "abx") return `X is ${choice === "first" ? "A" : "B"}`;
  return `${choice === "first" ? "X" : "Y"} is better`;
}

// A button that shows below it what went wrong.
/** @param {string} kind @param {string} words @param {() => Promise<string | null | void>} onclick */
function button(kind, words, onclick) {
  const trouble = h("span", { class: "trouble", role: "alert" });
  const one = h("button", { type: "button", class: kind, onclick: async () => {
    one.disabled = true;
    trouble.textContent = (await onclick()) ?? "";
    one.disabled = false;
  } }, words);
  return h("span", { class: "holder" }, one, trouble);
}
