// What this tab shows and holds. Streamlit tells the app of a text only when its field is left, so
// this element tells what is being typed a moment after the last key, keeps in sessionStorage what
// the app does not have yet, and says at the click of an order what the tab shows. A text that was
// left is not sent again: a late message would redraw the screen while it is read.
const PAUSE_MS = 500;
const SETTLED_MS = 700; // after the connection is back, for the redrawing
const STORED = "lyria-tab";
const APP = "[data-testid=stApp]";
const CONNECTION = "data-test-connection-state";
const SCRIPT = "data-test-script-state";
const tabs = new WeakMap();

/** @returns {HeldTexts} */
function read() {
  try {
    return { fields: {}, ...JSON.parse(sessionStorage.getItem(STORED) ?? "{}") };
  } catch {
    return { fields: {} };
  }
}

/** @param {HeldTexts} stored */
function write(stored) {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(stored));
  } catch {
    // Full or forbidden: the text is still in its field, and goes to the app when that is left.
  }
}

/** @param {string} key */
function wrapper(key) {
  return document.querySelector(`.st-key-${CSS.escape(key)}`);
}

/**
 * @param {string} key
 * @returns {HTMLTextAreaElement | HTMLInputElement | null | undefined}
 */
function field(key) {
  return wrapper(key)?.querySelector("textarea, input:not([type=radio])");
}

class Tab {
  /** @param {TabData} data */
  constructor(data) {
    this.data = data;
    /** @type {(name: string, value: unknown) => void} */
    this.state = () => {};
    /** @type {(name: string, value: unknown) => void} */
    this.trigger = () => {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pending = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    this.typed = (/** @type {Event} */ event) => {
      const target = /** @type {HTMLTextAreaElement} */ (event.target);
      const key = this.keyOf(target);
      if (key === undefined) return;
      this.hold(key, target.value);
      if (key !== this.data.live) return;
      clearTimeout(this.pending);
      const said = { text: target.value, revision: this.data.revision };
      this.pending = setTimeout(() => this.trigger("typed", said), PAUSE_MS);
    };
    this.leave = () => clearTimeout(this.pending);
    this.clicked = (/** @type {Event} */ event) => {
      const button = /** @type {Element} */ (event.target).closest?.("button");
      if (!button || !this.data.orders.some((key) => wrapper(key)?.contains(button))) return;
      this.state("shown", this.shown(button));
    };
    document.addEventListener("input", this.typed, true);
    document.addEventListener("focusout", this.leave, true);
    document.addEventListener("click", this.clicked, true);
    // A field that is disabled while the app is away loses the focus, and never tells its text.
    this.observer = new MutationObserver(() => this.connected());
    const app = document.querySelector(APP);
    if (app) this.observer.observe(app, { attributes: true, attributeFilter: [CONNECTION] });
  }

  connected() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const app = document.querySelector(APP);
      if (app?.getAttribute(CONNECTION) !== "CONNECTED") return;
      if (app.getAttribute(SCRIPT) === "notRunning") this.giveBack();
      else this.connected();
    }, SETTLED_MS);
  }

  /** @param {Element} target */
  keyOf(target) {
    return Object.keys(this.data.fields).find((key) => wrapper(key)?.contains(target));
  }

  /**
   * Keep a text that the app does not have, and what the app had when its typing began.
   * @param {string} key
   * @param {string} text
   */
  hold(key, text) {
    const stored = this.stored();
    if (text === this.data.fields[key]) delete stored.fields[key];
    else {
      const base = stored.fields[key]?.base ?? this.data.fields[key];
      stored.fields[key] = { scope: this.data.scope, base, text };
    }
    write(stored);
  }

  stored() {
    const { form, fields } = read();
    return { form: this.data.form ?? form, fields };
  }

  // After a reload, a restart or in a copy of the tab: give back what the app does not have.
  giveBack() {
    const { form, fields } = read();
    const lost = Object.entries(fields).filter(
      ([key, { scope, text }]) =>
        scope === this.data.scope &&
        key in this.data.fields &&
        text !== this.data.fields[key] &&
        field(key) !== document.activeElement,
    );
    const other = this.data.blank && form && form !== this.data.form;
    if (lost.length || other) {
      this.trigger("returned", { form: other ? form : null, fields: Object.fromEntries(lost) });
    }
  }

  update() {
    const stored = this.stored();
    for (const [key, { scope, text }] of Object.entries(stored.fields)) {
      // The app has it, or has put something else in its place.
      const shown = scope === this.data.scope ? (field(key)?.value ?? text) : text;
      if (text === this.data.fields[key] || text !== shown) delete stored.fields[key];
    }
    write(stored);
  }

  /** @param {HTMLButtonElement} button */
  shown(button) {
    /** @type {Record<string, string>} */
    const fields = {};
    for (const key of this.data.shown) {
      const found = field(key);
      if (found) fields[key] = found.value;
    }
    for (const [key, names] of Object.entries(this.data.choices ?? {})) {
      /** @type {HTMLInputElement | null | undefined} */
      const chosen = wrapper(key)?.querySelector("input:checked");
      if (chosen) fields[key] = names[Number(chosen.value)];
    }
    const words = button.querySelector("[data-testid=stMarkdownContainer]") ?? button;
    return { fields, label: words.textContent };
  }

  close() {
    this.leave();
    clearTimeout(this.waiting);
    this.observer.disconnect();
    document.removeEventListener("input", this.typed, true);
    document.removeEventListener("focusout", this.leave, true);
    document.removeEventListener("click", this.clicked, true);
  }
}

/** @param {StreamlitComponent<TabData>} component */
export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const known = tabs.get(parentElement);
  const tab = known ?? new Tab(data);
  tab.data = data;
  tab.state = setStateValue;
  tab.trigger = setTriggerValue;
  tabs.set(parentElement, tab);
  if (known) tab.update();
  else tab.giveBack();
  return () => {
    tabs.get(parentElement)?.close();
    tabs.delete(parentElement);
  };
}
