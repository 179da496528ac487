// Tells what is being typed into the prompt, a moment after the last key: Streamlit itself tells
// only when the field is left, and the coach reads along.
const PAUSE_MS = 500;
const readers = new WeakMap();

class Reader {
  constructor() {
    this.read = (event) => {
      if (!event.target.closest?.(`.st-key-${this.field}`)) return;
      clearTimeout(this.pending);
      const said = { text: event.target.value, revision: this.revision };
      this.pending = setTimeout(() => this.trigger("typed", said), PAUSE_MS);
    };
    document.addEventListener("input", this.read, true);
  }

  close() {
    clearTimeout(this.pending);
    document.removeEventListener("input", this.read, true);
  }
}

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
