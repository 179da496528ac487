// The listeners' page: draws the view of the state that the server sends.
import { Offline, Refused, post, postUntilAnswered, soundUrl, state as fetchState } from "./api.js";
import { count, find } from "../../assets/helpers.js";
import { h, say, show } from "./dom.js";
import { Deck } from "./deck.js";
import { forget, recall } from "./draft.js";
import { drawPractice, practiceDeck } from "./practice.js";
import { drawDone, drawKept, drawOver, drawRevealed, said } from "./answers.js";
import { Ballot } from "./ballot.js";
import { drawWelcome } from "./welcome.js";

const LOOK_AGAIN_MS = 3000;
const PAIR_NAMES = { preference: ["X", "Y"], abx: ["A", "B", "X"] };

const top = find(document, "#top", HTMLElement);
/** @type {ListenState | undefined} */
let shown; // the state that is on the screen
/** @type {Deck | undefined} */
let deck; // the player of the present trial
/** @type {Deck | undefined} */
let practice; // of the practice pair, whose sounds come while the welcome is read

/** @type {ListenActs} */
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
    const vote = state.revealed.at(-1);
    if (state.phase === "trial" && vote) drawRevealed(state, vote, acts);
    else draw(state);
  }),
};

// Ask the server for something; returns what went wrong, for the place where the listener looks.
/**
 * @param {() => Promise<ListenState>} ask @param {(state: ListenState) => void} then
 * @returns {Promise<string | null>}
 */
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

// Whoever is new to the test practises first; behind that the sounds of the first pair come.
/** @param {ListenState} state */
function begin(state) {
  if (state.phase !== "trial" || !state.trial || !practice) {
    draw(state);
    return;
  }
  const [ahead, warming] = [trialView(state, state.trial), practice];
  [shown, deck, practice] = [state, warming, undefined];
  drawTop({ ...state, trial: null });
  drawPractice(warming, () => {
    warming.destroy(); // its sounds hold up those of the pair no longer
    deck = ahead.deck;
    document.title = title(state);
    drawTop(state);
    ahead.show();
  });
  warming.loaded.finally(() => ahead.deck.load());
}

/** @param {string} [note] */
async function refresh(note) {
  try {
    draw(await fetchState(), note);
  } catch (error) {
    if (error instanceof Refused) drawDead(error.message);
    else if (error instanceof Offline) drawOffline(error.message);
    else throw error;
  }
}

/** @param {ListenState} state @param {string} [note] */
function draw(state, note) {
  deck?.destroy();
  deck = undefined;
  shown = state;
  document.title = title(state);
  drawTop(state);
  const { phase, trial } = state;
  if (phase === "welcome") {
    drawWelcome(state, acts);
    if (!state.test.oneself) warmUp(state.test);
    return;
  }
  practice?.destroy();
  practice = undefined;
  if (phase === "trial" && trial) drawTrial(state, trial);
  else if (phase === "done") drawDone(state, acts);
  else if (phase === "over") drawOver(state, acts, note);
  else drawWaiting(state);
}

/** @param {ListeningTest} test */
function warmUp(test) {
  practice ??= practiceDeck(test);
  practice.load();
}

/** @param {ListenState} state */
function title(state) {
  const { test, trial } = state;
  if (trial) return `Pair ${trial.number} of ${test.trials} · Listening test`;
  return "Listening test";
}

/** @param {ListenState} state */
function drawTop({ test, listener, trial, phase }) {
  const brand = h("p", { class: "brand" }, "Listening test");
  const done = phase === "done" ? test.trials : listener?.voted ?? 0;
  const at = trial && `Pair ${trial.number} of ${test.trials}`;
  const bar = listener && phase !== "over" &&
    h("progress", { class: "way", max: test.trials, value: done, "aria-label": `${done} of ${count(test.trials, "pair")} answered` });
  top.replaceChildren(h("div", { class: "line" }, brand, at && h("p", { class: "at" }, at)), ...(bar ? [bar] : []));
}

/** @param {ListenState} state @param {Trial} trial */
function drawTrial(state, trial) {
  const view = trialView(state, trial);
  deck = view.deck;
  view.show();
  deck.load();
  const kept = recall(trial.id);
  if (kept?.sent && kept.draft) cast(trial, kept.draft, view.ballot);
}

// The player and the ballot of a trial, and what draws them.
/** @param {ListenState} state @param {Trial} trial */
function trialView({ test, last }, trial) {
  const kept = recall(trial.id);
  const names = PAIR_NAMES[test.kind];
  /** @type {Ballot} */
  const ballot = new Ballot({ test, trial, names, kept, onvote: (vote) => cast(trial, vote, ballot) });
  const player = new Deck({
    names, trial, grows: true,
    sounds: trial.sounds.map((name, index) => ({ url: soundUrl(name), heard: kept?.heard?.[index] })),
    onheard: (heard) => ballot.heard(heard),
    onplace: (position, current) => ballot.at(position, current),
    ontrouble: () => refresh(),
  });
  return {
    deck: player,
    ballot,
    show: () => show(
      h("h1", { class: "question" }, test.question || fallback(test)),
      test.kind === "abx" && h("p", { class: "soft" }, "X is either A or B. Listen to all three, then say which one it is."),
      last && (last.can_undo || last.can_reveal) && strip(test, last),
      player.element,
      ballot.element,
    ),
  };
}

/** @param {ListeningTest} test */
function fallback(test) {
  return test.kind === "abx" ? "Which one is X?" : "Which one do you prefer?";
}

// The vote before this one: it may have been a slip of the finger.
/** @param {ListeningTest} test @param {LastVote} last */
function strip(test, last) {
  const trouble = h("span", { class: "trouble", role: "alert" });
  const buttons = h("span", { class: "buttons" },
    last.can_undo && h("button", { type: "button", class: "quiet", onclick: async () => {
      trouble.textContent = (await acts.undo(last.trial)) ?? "";
    } }, "Take it back"),
    last.can_reveal && h("button", { type: "button", class: "quiet", onclick: async () => {
      trouble.textContent = (await acts.reveal(last.trial)) ?? "";
    } }, "Reveal"));
  return h("p", { class: "strip" }, h("span", {}, `Pair ${last.number}: ${said(test, last.choice)}.`), buttons, trouble);
}

/** @param {Trial} trial @param {VoteDraft} draft @param {Ballot} ballot */
async function cast(trial, draft, ballot) {
  const vote = { trial: trial.id, ...draft, heard: draft.heard ?? deck?.heard };
  ballot.sending(vote);
  /** @type {ListenState} */
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

/** @param {ListenState} state */
function drawWaiting(state) {
  const waiting = state.phase === "preparing";
  show(
    h("h1", {}, waiting ? "Preparing the sounds" : "Something went wrong"),
    h("p", { class: "lead" }, waiting
      ? "They are made equally loud and equally long. This takes a moment; the page goes on by itself."
      : state.message),
    waiting && h("div", { class: "spinner", "aria-hidden": "true" }),
  );
  if (waiting) setTimeout(() => shown === state && refresh(), LOOK_AGAIN_MS);
}

/** @param {string} sentence */
function drawDead(sentence) {
  top.replaceChildren(h("p", { class: "brand" }, "Listening test"));
  show(h("h1", {}, "This link no longer works"), h("p", { class: "lead" }, sentence));
}

/** @param {string} sentence */
function drawOffline(sentence) {
  const again = h("button", { type: "button", class: "primary", onclick: () => refresh() }, "Try again");
  show(h("h1", {}, "No connection"), h("p", { class: "lead" }, `${sentence} What you answered so far is kept.`), again);
}

addEventListener("pagehide", () => deck?.pause());
const first = JSON.parse(find(document, "#state", HTMLElement).textContent ?? "null");
if (first) draw(first);
else refresh();
