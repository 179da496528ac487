// Tells what is being typed into the prompt, a moment after the last key: Streamlit itself tells
// only when the field is left, and the coach reads along. Once it is left nothing more is to be told:
// a late word would draw the screen again under the hands of somebody who is elsewhere by then.
const PAUSE_MS = 500;
const readers = new WeakMap();

class Reader {
  constructor() {
    this.field = "";
    this.revision = 0;
    /** @type {(name: string, value: unknown) => void} */
    this.trigger = () => {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pending = undefined;
    this.read = (/** @type {Event} */ event) => {
      const target = /** @type {HTMLTextAreaElement} */ (event.target);
      if (!target.closest?.(`.st-key-${this.field}`)) return;
      clearTimeout(this.pending);
      const said = { text: target.value, revision: this.revision };
      this.pending = setTimeout(() => this.trigger("typed", said), PAUSE_MS);
    };
    this.leave = () => clearTimeout(this.pending);
    document.addEventListener("input", this.read, true);
    document.addEventListener("focusout", this.leave, true);
  }

  close() {
    this.leave();
    document.removeEventListener("input", this.read, true);
    document.removeEventListener("focusout", this.leave, true);
  }
}

/** @param {StreamlitComponent} component */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const reader = readers.get(parentElement) ?? new Reader();
  reader.field = data.field;
  reader.revision = data.revision;
  reader.trigger = setTriggerValue;
  readers.set(parentElement, reader);
  return () => {
    readers.get(parentElement)?.close();
    readers.delete(parentElement);
  };
}
