// The waveform of a track as one SVG shape, coloured by CSS also where a person forces colours.

const SVG = "http://www.w3.org/2000/svg";

/** @param {number[]} peaks */
const viewBox = (peaks) => `0 0 ${Math.max(1, peaks.length)} 100`;

/**
 * Bars that stretch to the box of the drawing.
 * @param {number[]} peaks heights
 * @param {number} highest the height that fills the box
 */
export function waveform(peaks, highest = Math.max(0.01, ...peaks)) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", viewBox(peaks));
  svg.setAttribute("preserveAspectRatio", "none");
  const path = document.createElementNS(SVG, "path");
  const bars = peaks.map((peak, index) => {
    const half = Math.max(1, (peak / highest) * 50);
    return `M${index + 0.15} ${(50 - half).toFixed(1)}h.7v${(2 * half).toFixed(1)}h-.7z`;
  });
  path.setAttribute("d", bars.join(""));
  svg.append(path);
  return svg;
}

const BAR_PX = 4;
/** @type {WeakMap<Element, number[]>} */
const heights = new WeakMap();
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) draw(target);
});

/** @param {number[]} peaks @param {number} count */
function coarser(peaks, count) {
  if (count >= peaks.length) return peaks;
  const edge = (/** @type {number} */ index) => Math.floor((index * peaks.length) / count);
  return Array.from({ length: count }, (_, index) => Math.max(...peaks.slice(edge(index), edge(index + 1))));
}

/** @param {Element} box */
function draw(box) {
  const peaks = coarser(heights.get(box) ?? [], Math.max(1, Math.floor(box.clientWidth / BAR_PX)));
  for (const layer of box.querySelectorAll(".ink")) {
    if (layer.firstElementChild?.getAttribute("viewBox") !== viewBox(peaks)) {
      layer.replaceChildren(waveform(peaks));
    }
  }
}

/**
 * Draw a waveform into the layers of a box (what is to come, and what has been played), with bars
 * as many as it has room for.
 * @param {Element} box
 * @param {number[]} peaks
 */
export function fill(box, peaks) {
  heights.set(box, peaks);
  for (const layer of box.querySelectorAll(".ink")) layer.replaceChildren();
  draw(box);
  resized.observe(box);
}
