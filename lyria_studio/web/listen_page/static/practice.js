// A pair that does not count, before the first one that does: as loud as the test, to set the volume.
import { Deck } from "./deck.js";
import { h, show } from "./dom.js";

const PRACTICE_S = 4;

// Its player.
/** @param {ListeningTest} test */
export function practiceDeck(test) {
  return new Deck({
    names: ["X", "Y"],
    trial: { duration_s: PRACTICE_S, must_hear_s: 2 },
    sounds: ["one", "two"].map((name) => ({ url: `page/practice-${name}.mp3`, gain: 10 ** (test.practice_db / 20) })),
  });
}

// oncontinue() goes on to the first pair.
/** @param {Deck} deck @param {() => void} oncontinue */
export function drawPractice(deck, oncontinue) {
  show(
    h("h1", {}, "Practice: set the volume"),
    h("p", {}, "Play X and Y. Set a comfortable volume and keep it. This pair does not count."),
    deck.element,
    h("p", { class: "row" }, h("button", { type: "button", class: "primary wide", onclick: oncontinue }, "Start pair 1")),
  );
}
