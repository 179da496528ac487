// Elements from code: text is always text, whoever wrote it.
import { find } from "../../assets/helpers.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties] attributes, and listeners such as onclick
 * @param {...any} children elements and texts; what is false or missing is left out
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** @type {Record<string, string>} */
const PATHS = {
  play: "M8 5.5v13l11-6.5z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  loop: "M17 2.5 21 6l-4 3.5V7H8a3.5 3.5 0 0 0-3.5 3.5V12h-2v-1.5A5.5 5.5 0 0 1 8 5h9zM7 21.5 3 18l4-3.5V17h9a3.5 3.5 0 0 0 3.5-3.5V12h2v1.5A5.5 5.5 0 0 1 16 19H7z",
  check: "m9.5 17.5-5-5 1.7-1.7 3.3 3.3 8.3-8.3 1.7 1.7z",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm-1 2.5v5l4 2.4 1-1.7-3-1.8V7.5z",
  ear: "M12 3a8 8 0 0 0-8 8v6a3 3 0 0 0 3 3h2v-8H6v-1a6 6 0 0 1 12 0v1h-3v8h2a3 3 0 0 0 3-3v-6a8 8 0 0 0-8-8z",
  shuffle: "M17 4.5 21 8l-4 3.5V9h-1.200L8.600 18H3v-2h4.600l7.200-9H17zM3 7h5.600l2 2.5-1.200 1.600L7.600 9H3zm10.600 6.500L15.800 16H17v-2.5l4 3.5-4 3.5V18h-2.200l-2.5-3z",
  lock: "M12 3a4.5 4.5 0 0 0-4.5 4.5V10H6v10h12V10h-1.500V7.500A4.5 4.5 0 0 0 12 3zm0 2a2.5 2.5 0 0 1 2.5 2.5V10h-5V7.500A2.5 2.5 0 0 1 12 5z",
};

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// A waveform from the heights of its bars (0 to 127).
/** @param {Uint8Array} heights */
export function wave(heights) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${heights.length} 32`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("wave");
  const top = Math.max(1, ...heights);
  const path = document.createElementNS(SVG, "path");
  const bars = [...heights].map((height, at) => {
    const half = Math.max(0.4, (15 * height) / top);
    return `M${at + 0.5} ${16 - half}V${16 + half}`;
  });
  path.setAttribute("d", bars.join(""));
  svg.append(path);
  return svg;
}

const status = find(document, "#status", HTMLElement);

// For screen readers.
/** @param {string} text */
export function say(text) {
  status.textContent = text;
}

// Show another view; a keyboard and a screen reader begin at its heading.
/** @param {...any} children */
export function show(...children) {
  const main = find(document, "#main", HTMLElement);
  main.replaceChildren(...children.flat().filter(Boolean));
  const heading = main.querySelector("h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  window.scrollTo(0, 0);
}
