// The part of each track that listeners hear: a window on its waveform, moved by mouse, finger or keys.
const SVG = "http://www.w3.org/2000/svg";
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

/**
 * @typedef {{ letter: string, duration_s: number, peaks: number[] }} ExcerptSide
 * @typedef {{ sides: ExcerptSide[], starts: Record<string, number>, length_s: number, linked: boolean }} ExcerptData
 * @typedef {{ asked: string, starts: Record<string, number> }} Held what the browser knows before the app does
 */
/** @type {WeakMap<HTMLElement, Held>} */
const held = new WeakMap();

/** @param {number} seconds */
const clock = (seconds) => {
  const tenths = Math.round(seconds * 10);
  const rest = tenths % 10 ? `.${tenths % 10}` : "";
  return `${Math.floor(tenths / 600)}:${String(Math.floor((tenths % 600) / 10)).padStart(2, "0")}${rest}`;
};

/** @param {number[]} peaks */
function drawing(peaks) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${Math.max(1, peaks.length)} 100`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const top = Math.max(0.01, ...peaks);
  const path = document.createElementNS(SVG, "path");
  const bars = peaks.map((peak, index) => {
    const half = Math.max(1, (46 * peak) / top);
    return `M${index + 0.15} ${(50 - half).toFixed(1)}h.7v${(2 * half).toFixed(1)}h-.7z`;
  });
  path.setAttribute("d", bars.join(""));
  svg.append(path);
  return svg;
}

/** @param {string} kind @param {string} [text] */
function box(kind, text = "") {
  const element = document.createElement("div");
  element.className = kind;
  element.textContent = text;
  return element;
}

/** @param {StreamlitComponent<ExcerptData>} component */
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".excerpt");
  if (!root) return;
  const { sides, length_s, linked } = data;
  const asked = JSON.stringify([sides.map(({ letter, duration_s }) => [letter, duration_s]), length_s, linked]);
  const known = held.get(parentElement);
  // The app's answer to an earlier move does not undo a later one.
  if (known?.asked === asked) return;
  const starts = { ...data.starts };
  held.set(parentElement, { asked, starts });

  /** @param {ExcerptSide} side */
  const latest = (side) => Math.max(0, side.duration_s - length_s);
  const rows = sides.map((side) => {
    const [row, wave, window, time] = [box("row"), box("wave"), box("window"), box("time")];
    window.tabIndex = 0;
    window.setAttribute("role", "slider");
    window.setAttribute("aria-label", `Start in ${side.letter}`);
    window.setAttribute("aria-valuemin", "0");
    window.setAttribute("aria-valuemax", String(latest(side)));
    wave.append(drawing(side.peaks), window);
    row.append(box("badge", side.letter), wave, time);
    return { side, row, wave, window, time };
  });

  const draw = () => {
    for (const { side, window, time } of rows) {
      const start = starts[side.letter];
      const words = `${clock(start)}–${clock(start + length_s)}`;
      window.style.left = `${(100 * start) / side.duration_s}%`;
      window.style.width = `${(100 * length_s) / side.duration_s}%`;
      window.setAttribute("aria-valuenow", String(start));
      window.setAttribute("aria-valuetext", words);
      time.textContent = words;
    }
  };
  /** @param {ExcerptSide} side @param {number} by seconds */
  const move = (side, by) => {
    const moved = linked ? sides : [side];
    const low = Math.max(...moved.map(({ letter }) => -starts[letter]));
    const high = Math.min(...moved.map((one) => latest(one) - starts[one.letter]));
    const step = Math.min(Math.max(by, low), high);
    for (const { letter } of moved) starts[letter] = Math.round(10 * (starts[letter] + step)) / 10;
    draw();
  };
  const tell = () => setStateValue("starts", { ...starts });

  for (const { side, wave, window } of rows) {
    window.onkeydown = (event) => {
      const step = STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      move(side, event.shiftKey ? step / 10 : step);
      tell();
    };
    /** @type {{ x: number, start: number } | undefined} */
    let grabbed;
    /** @param {PointerEvent} event */
    const seconds = (event) => {
      const { left, width } = wave.getBoundingClientRect();
      return ((event.clientX - left) / width) * side.duration_s;
    };
    wave.onpointerdown = (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      window.focus({ preventScroll: true });
      // Beside the window it goes there first, with its middle under the pointer.
      if (event.target !== window) move(side, Math.round(seconds(event) - length_s / 2) - starts[side.letter]);
      wave.setPointerCapture(event.pointerId);
      grabbed = { x: seconds(event), start: starts[side.letter] };
    };
    wave.onpointermove = (event) => {
      if (grabbed) move(side, grabbed.start + Math.round(seconds(event) - grabbed.x) - starts[side.letter]);
    };
    wave.onpointerup = wave.onpointercancel = () => {
      if (grabbed) tell();
      grabbed = undefined;
    };
  }
  draw();
  root.replaceChildren(...rows.map(({ row }) => row));
}
