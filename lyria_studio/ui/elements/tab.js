// What this tab shows and holds. Streamlit tells the app of a text only when its field is left, so
// this element tells what is being typed a moment after the last key, keeps in sessionStorage what
// the app does not have yet, and says at the click of an order what the tab shows. A text that was
// left is not sent again: a late message would redraw the screen while it is read.
// It also orders at Ctrl+Enter, and shows the price of a choice before the app has confirmed it.
const PAUSE_MS = 500;
const SETTLED_MS = 700; // after the connection is back, for the redrawing
const STORED = "lyria-tab";
const APP = "[data-testid=stApp]";
const CONNECTION = "data-test-connection-state";
const SCRIPT = "data-test-script-state";
const RESULT_PX = 200; // of the newest card, which must be seen below the heading
const CHOICES = ["click", "change", "keyup"];
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

/**
 * An amount as the app writes it.
 * @param {number} amount in hundredths of a cent
 * @param {boolean} demo
 */
function dollars(amount, demo) {
  const places = amount % 100 === 0 ? 2 : amount % 10 === 0 ? 3 : 4;
  const text = (amount / 10_000).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  return `$${text}${demo ? " (demo)" : ""}`;
}

// What was just ordered stands at the top of the results: on a phone that is below the form.
function showResults() {
  const head = wrapper("results")?.querySelector("h2");
  const box = head?.getBoundingClientRect();
  if (!head || !box || (box.top >= 0 && box.bottom < innerHeight - RESULT_PX)) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  head.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
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
    this.pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      if (this.keyOf(/** @type {Element} */ (event.target)) !== this.data.live) return;
      if (event.repeat || event.isComposing) {
        event.stopPropagation();
        return;
      }
      // Streamlit hands the text over at this key. The click that follows goes the way of any other.
      setTimeout(() => {
        const button = wrapper(this.data.orders[0])?.querySelector("button");
        if (button && !button.disabled) button.click();
      });
    };
    // React has drawn the choice when the next frame begins.
    this.chosen = () => requestAnimationFrame(() => this.price());
    this.clicked = (/** @type {Event} */ event) => {
      const button = /** @type {Element} */ (event.target).closest?.("button");
      if (!button || !this.data.orders.some((key) => wrapper(key)?.contains(button))) return;
      this.state("shown", this.shown(button));
    };
    document.addEventListener("input", this.typed, true);
    document.addEventListener("focusout", this.leave, true);
    document.addEventListener("click", this.clicked, true);
    document.addEventListener("keydown", this.pressed, true);
    if (data.pricing) {
      for (const type of CHOICES) document.addEventListener(type, this.chosen, true);
    }
    // What stays at the bottom of the form stays above the player bar.
    this.bar = new ResizeObserver((seen) => {
      document.documentElement.style.setProperty("--lyria-bar", `${Math.round(seen[0].contentRect.height)}px`);
    });
    const bar = wrapper("bar");
    if (bar) this.bar.observe(bar);
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

  // Write the price of what is chosen on the buttons. The order carries what stood there, and the
  // app refuses it if it would cost anything else.
  price() {
    const pricing = this.data.pricing;
    if (!pricing) return;
    const takes = Number(field("takes")?.value ?? pricing.takes);
    const chosen = [
      ...(wrapper("model")?.querySelectorAll("label:has(input:checked)") ?? []),
      ...(wrapper("also")?.querySelectorAll("button[aria-pressed=true], button[aria-checked=true]") ?? []),
    ].map((option) => option.textContent ?? "");
    const prices = pricing.prices.filter(([name]) => chosen.some((text) => text.startsWith(name)));
    if (!prices.length || !Number.isInteger(takes) || takes < 1) return;
    const count = takes * prices.length;
    const price = dollars(prices.reduce((sum, [, one]) => sum + one, 0) * takes, pricing.demo);
    for (const [key, words] of Object.entries(pricing.labels)) {
      const label = wrapper(key)?.querySelector("[data-testid=stMarkdownContainer] p")?.lastChild;
      const text = words
        .replace("{tracks}", count === 1 ? "1 track" : `${count} tracks`)
        .replace("{price}", price);
      if (label && label.nodeValue !== text) label.nodeValue = text;
    }
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
    this.bar.disconnect();
    document.removeEventListener("input", this.typed, true);
    document.removeEventListener("focusout", this.leave, true);
    document.removeEventListener("click", this.clicked, true);
    document.removeEventListener("keydown", this.pressed, true);
    for (const type of CHOICES) document.removeEventListener(type, this.chosen, true);
  }
}

/** @param {StreamlitComponent<TabData>} component */
export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const known = tabs.get(parentElement);
  const tab = known ?? new Tab(data);
  if (known && data.placed !== known.data.placed) setTimeout(showResults, SETTLED_MS / 2);
  tab.data = data;
  tab.state = setStateValue;
  tab.trigger = setTriggerValue;
  tabs.set(parentElement, tab);
  if (known) tab.update();
  else tab.giveBack();
  tab.chosen();
  return () => {
    tabs.get(parentElement)?.close();
    tabs.delete(parentElement);
  };
}
