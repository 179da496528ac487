// Small helpers that all pages share.

/**
 * A number of seconds as minutes and seconds, to the nearest second: 0:33 for 32.8 s.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.min(Math.max(low, value), high);

/**
 * A number with its word, such as "1 pair" or "2 pairs".
 * @param {number} number
 * @param {string} word
 */
export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

/**
 * Names as a list, such as "A, B and C".
 * @param {string[]} names
 */
export const listed = (names) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/**
 * The element that a selector names. It is part of our own markup, so it is always there.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new TypeError(`no ${kind.name} at ${selector}`);
  return found;
}
