// A press that ends the typing still counts. To leave a field is to tell the app what was typed, and
// what it draws then may push the pressed button from under the pointer before it is released. The
// browser drops such a click; here it is made up for, if the pointer did not move and the button
// still says what it said.
const STILL_PX = 6;
/** @type {{ button: HTMLButtonElement, words: string | null, x: number, y: number, clicked: boolean } | undefined} */
let pressed;

/** @param {PointerEvent} event */
function down(event) {
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest?.("main button"));
  pressed = undefined;
  if (!button || event.button !== 0 || !event.isPrimary) return;
  pressed = { button, words: button.textContent, x: event.clientX, y: event.clientY, clicked: false };
}

/** @param {Event} event */
function clicked(event) {
  if (pressed?.button.contains(/** @type {Node} */ (event.target))) pressed.clicked = true;
}

/** @param {PointerEvent} event */
function up(event) {
  const press = pressed;
  if (!press || !event.isPrimary) return;
  pressed = undefined;
  const moved = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  // What was pressed is elsewhere by now; a press that was only dragged off a button stays undone.
  const under = document.elementFromPoint(event.clientX, event.clientY);
  if (moved > STILL_PX || press.button.contains(under)) return;
  const { button, words } = press;
  setTimeout(() => {
    const same = button.isConnected && !button.disabled && button.textContent === words;
    if (same && !press.clicked) button.click();
  });
}

function start() {
  document.addEventListener("pointerdown", down, true);
  document.addEventListener("click", clicked, true);
  document.addEventListener("pointerup", up, true);
}

function stop() {
  document.removeEventListener("pointerdown", down, true);
  document.removeEventListener("click", clicked, true);
  document.removeEventListener("pointerup", up, true);
}

export default function () {
  stop();
  start();
  return stop;
}
