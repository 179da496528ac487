// The listeners' page: which view is shown, by the state that the server tells.
import { Offline, Refused, post, postUntilAnswered, soundUrl, state as fetchState } from "./api.js";
import { count } from "../../assets/helpers.js";
import { h, say, show } from "./dom.js";
import { Deck } from "./deck.js";
import { forget, recall } from "./memory.js";
import { drawPractice } from "./practice.js";
import { drawAsked, drawKept, drawOver, drawTold, said } from "./told.js";
import { Ballot } from "./ballot.js";
import { drawWelcome } from "./welcome.js";

const LOOK_AGAIN_MS = 3000;
const PAIR_NAMES = { preference: ["X", "Y"], abx: ["A", "B", "X"] };

const top = document.querySelector("#top");
let shown; // the state that is on the screen
let deck; // the player of the present trial

const acts = {
  start: (fields) => act(() => post("start", fields), begin),
  next: () => refresh(),
  undo: (trial) => act(() => post("undo", { trial }), (state) => {
    say("Your vote is taken back.");
    draw(state);
  }),
  reveal: (trial) => act(() => post("reveal", trial ? { trial } : {}), (state) => {
    shown = state;
    deck?.destroy();
    deck = undefined;
    drawTop({ ...state, trial: null });
    if (state.phase === "trial") drawTold(state, state.revealed.at(-1), acts);
    else draw(state);
  }),
};

// Do something that the server has to answer; whatever goes wrong is said where one looks.
async function act(ask, then) {
  try {
    then(await ask());
    return null;
  } catch (error) {
    if (error instanceof Refused && ["over", "dead"].includes(error.code)) {
      await refresh(error.message);
      return null;
    }
    if (error instanceof Refused || error instanceof Offline) return error.message;
    throw error;
  }
}

// Whoever is new to the test practises first.
function begin(state) {
  if (state.phase !== "trial" || state.test.oneself || state.last) return draw(state);
  shown = state;
  drawTop({ ...state, trial: null });
  deck = drawPractice(state, () => draw(state));
  return undefined;
}

async function refresh(note) {
  try {
    draw(await fetchState(), note);
  } catch (error) {
    if (error instanceof Refused) drawDead(error.message);
    else if (error instanceof Offline) drawOffline(error.message);
    else throw error;
  }
}

function draw(state, note) {
  deck?.destroy();
  deck = undefined;
  shown = state;
  document.title = title(state);
  drawTop(state);
  const { phase } = state;
  if (phase === "welcome") drawWelcome(state, acts);
  else if (phase === "trial") drawTrial(state);
  else if (phase === "done") drawAsked(state, acts);
  else if (phase === "over") drawOver(state, acts, note);
  else drawWaiting(state);
}

function title(state) {
  const { test, trial } = state;
  if (trial) return `Pair ${trial.number} of ${test.trials} · Listening test`;
  return "Listening test";
}

function drawTop({ test, listener, trial, phase }) {
  const brand = h("p", { class: "brand" }, "Listening test");
  const done = phase === "done" ? test.trials : listener?.voted ?? 0;
  const at = trial && `Pair ${trial.number} of ${test.trials}`;
  const bar = listener && phase !== "over" &&
    h("progress", { class: "way", max: test.trials, value: done, "aria-label": `${done} of ${count(test.trials, "pair")} answered` });
  top.replaceChildren(h("div", { class: "line" }, brand, at && h("p", { class: "at" }, at)), ...(bar ? [bar] : []));
}

function drawTrial(state) {
  const { test, trial, last } = state;
  const kept = recall(trial.id);
  const names = PAIR_NAMES[test.kind];
  const ballot = new Ballot({ test, trial, names, kept, onvote: (vote) => cast(trial, vote, ballot) });
  deck = new Deck({
    names, trial, grows: true,
    sounds: trial.sounds.map((name, index) => ({ url: soundUrl(name), heard: kept?.heard?.[index] })),
    onheard: (heard) => ballot.heard(heard),
    onplace: (position, current) => ballot.at(position, current),
    ontrouble: () => refresh(),
  });
  show(
    h("h1", { class: "question" }, test.question || fallback(test)),
    test.kind === "abx" && h("p", { class: "soft" }, "X is either A or B. Listen to all three, then say which one it is."),
    last && (last.can_undo || last.can_reveal) && strip(test, last),
    deck.element,
    ballot.element,
  );
  deck.load();
  if (kept?.sent) cast(trial, kept.draft, ballot);
}

function fallback(test) {
  return test.kind === "abx" ? "Which one is X?" : "Which one do you prefer?";
}

// The vote before this one: it may have been a slip of the finger.
function strip(test, last) {
  const trouble = h("span", { class: "trouble", role: "alert" });
  const buttons = h("span", { class: "buttons" },
    last.can_undo && h("button", { type: "button", class: "quiet", onclick: async () => {
      trouble.textContent = (await acts.undo(last.trial)) ?? "";
    } }, "Take it back"),
    last.can_reveal && h("button", { type: "button", class: "quiet", onclick: async () => {
      trouble.textContent = (await acts.reveal(last.trial)) ?? "";
    } }, "What was it?"));
  return h("p", { class: "strip" }, h("span", {}, `Pair ${last.number}: ${said(test, last.choice)}.`), buttons, trouble);
}

async function cast(trial, draft, ballot) {
  const heard = deck ? deck.heard : draft.heard;
  const vote = { trial: trial.id, ...draft, heard: draft.heard ?? heard };
  ballot.sending(vote);
  let state;
  try {
    state = await postUntilAnswered("vote", vote, (retry, error) => ballot.waiting(retry, error.message));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    ballot.refused(error.message);
    if (error.code === "over" || error.code === "dead") {
      forget();
      await refresh(`Your answer to pair ${trial.number} came too late and is not counted.`);
    } else if (error.code === "unknown") await refresh();
    return;
  }
  forget();
  say(state.differs ? "You had answered this pair already; your first answer counts." : "Your vote is kept.");
  if (state.phase === "trial" && state.test.reveal === "vote") {
    deck?.destroy();
    deck = undefined;
    shown = state;
    drawTop({ ...state, trial: null });
    drawKept(state, acts);
  } else draw(state);
}

function drawWaiting(state) {
  const waiting = state.phase === "preparing";
  show(
    h("h1", {}, waiting ? "The sounds are being prepared" : "Something went wrong"),
    h("p", { class: "lead" }, waiting
      ? "They are made equally loud and equally long. This takes a moment; the page goes on by itself."
      : state.message),
    waiting && h("div", { class: "spinner", "aria-hidden": "true" }),
  );
  if (waiting) setTimeout(() => shown === state && refresh(), LOOK_AGAIN_MS);
}

function drawDead(sentence) {
  top.replaceChildren(h("p", { class: "brand" }, "Listening test"));
  show(h("h1", {}, "This link no longer works"), h("p", { class: "lead" }, sentence));
}

function drawOffline(sentence) {
  const again = h("button", { type: "button", class: "primary", onclick: () => refresh() }, "Try again");
  show(h("h1", {}, "No connection"), h("p", { class: "lead" }, `${sentence} What you answered so far is kept.`), again);
}

addEventListener("pagehide", () => deck?.pause());
refresh();
