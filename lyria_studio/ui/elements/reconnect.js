// Asks for one redrawing when the connection to the app is back: after a restart an open page sends
// nothing by itself, so it would show what was true before. Until that drawing is done the app knows
// no button of this page and would drop a click without a word, so clicks are refused for all to see.
const APP = "[data-testid=stApp]";
const CONNECTION = "data-test-connection-state";
const SCRIPT = "data-test-script-state";
const PRESSED = "button, label, [role=option]";
const LONGEST_MS = 15_000; // a drawing that never ends must not keep the page from being used
const watchers = new WeakMap();

class Watcher {
  constructor() {
    /** @type {(name: string, value: unknown) => void} */
    this.trigger = () => {};
    this.dialog = "";
    this.away = false;
    this.asked = false;
    this.notice = document.createElement("div");
    this.notice.className = "lyria-reconnecting";
    this.notice.setAttribute("role", "status");
    document.body.append(this.notice);
    this.refuse = (/** @type {Event} */ event) => {
      if (!this.away || !/** @type {Element} */ (event.target).closest?.(PRESSED)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    document.addEventListener("click", this.refuse, true);
    this.observer = new MutationObserver((changes) => this.changed(changes));
    const attributeFilter = [CONNECTION, SCRIPT];
    // Of the whole page: Streamlit may put another element in the place of the app's.
    const whole = { attributes: true, subtree: true, attributeFilter };
    this.observer.observe(document.documentElement, whole);
    this.changed([]);
  }

  /** @param {MutationRecord[]} changes */
  changed(changes) {
    const app = document.querySelector(APP);
    const ran = changes.some((change) => change.attributeName === SCRIPT);
    if (!app) return;
    if (app.getAttribute(CONNECTION) !== "CONNECTED") this.show(true);
    else if (this.away && !this.asked) {
      this.asked = true;
      this.trigger("back", this.dialog);
      this.timer = setTimeout(() => this.show(false), LONGEST_MS);
    } else if (this.asked && ran && app.getAttribute(SCRIPT) === "notRunning") {
      this.show(false);
    }
  }

  /** @param {boolean} away */
  show(away) {
    clearTimeout(this.timer);
    this.away = away;
    this.asked = false;
    this.notice.textContent = away ? "Reconnecting…" : "";
    document.documentElement.toggleAttribute("data-reconnecting", away);
  }

  close() {
    this.show(false);
    this.observer.disconnect();
    document.removeEventListener("click", this.refuse, true);
    this.notice.remove();
  }
}

/** @param {StreamlitComponent<{ dialog: string }>} component */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const watcher = watchers.get(parentElement) ?? new Watcher();
  watcher.trigger = setTriggerValue;
  watcher.dialog = data.dialog;
  watchers.set(parentElement, watcher);
  return () => {
    watchers.get(parentElement)?.close();
    watchers.delete(parentElement);
  };
}
