// Mouse and finger on the player in step: on the scale a drag moves the position, on a waveform it
// marks a stretch, or moves the end of one that is grabbed, and a click is a place.

import { clamp } from "../helpers.js";

const DRAG_PX = 5;

/** @param {number} one @param {number} other */
const ordered = (one, other) => ({ start: Math.min(one, other), end: Math.max(one, other) });

// seconds(part): the time at a part of the width, 0 to 1. marked(): the stretch that is marked.
// What is called: onpress(), onscrub(seconds) or onscrub() at the end, onseek(seconds),
// onmark(stretch) on the way, onloop(stretch) at its end.
/** @param {HTMLElement} area @param {{ scrubs: boolean, seconds: (part: number) => number, marked: () => Stretch | null, onpress: () => void, onscrub: (seconds?: number) => void, onseek: (seconds: number) => void, onmark: (stretch: Stretch | null) => void, onloop: (stretch: Stretch) => void }} given */
export function draggable(area, { scrubs, seconds, marked, onpress, onscrub, onseek, onmark, onloop }) {
  /** @type {{ x: number, anchor: number, before: Stretch | null, moved: boolean } | undefined} */
  let drag;
  const at = (/** @type {PointerEvent} */ event) => {
    const box = area.getBoundingClientRect();
    return seconds(clamp((event.clientX - box.left) / box.width, 0, 1));
  };
  area.onpointerdown = (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    onpress();
    area.setPointerCapture(event.pointerId);
    const before = marked();
    const target = /** @type {Element} */ (event.target);
    const edge = before !== null && target.classList.contains("edge");
    const other = before && (target.classList.contains("low") ? before.end : before.start);
    drag = { x: event.clientX, anchor: edge && other !== null ? other : at(event), before, moved: false };
    if (scrubs) onscrub(at(event));
  };
  area.onpointermove = (event) => {
    if (!drag) return;
    drag.moved ||= Math.abs(event.clientX - drag.x) > DRAG_PX;
    if (scrubs) onscrub(at(event));
    else if (drag.moved) onmark(ordered(drag.anchor, at(event)));
  };
  area.onpointerup = (event) => {
    if (!drag) return;
    const { anchor, moved } = drag;
    drag = undefined;
    if (scrubs) onscrub();
    if (scrubs || !moved) onseek(at(event));
    else onloop(ordered(anchor, at(event)));
  };
  area.onpointercancel = () => {
    if (!drag) return;
    const { before } = drag;
    drag = undefined;
    if (scrubs) onscrub();
    else onmark(before);
  };
}
