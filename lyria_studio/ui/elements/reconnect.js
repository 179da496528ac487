// Asks for one redrawing when the connection to the app is back. After a restart of the app an open
// page sends nothing by itself, so it would show what was true before.
const STATE = "data-test-connection-state";
const watchers = new WeakMap();

class Watcher {
  constructor() {
    const app = document.querySelector("[data-testid=stApp]");
    /** @type {(name: string, value: unknown) => void} */
    this.trigger = () => {};
    this.dialog = "";
    this.lost = false;
    this.observer = new MutationObserver(() => {
      const connected = app?.getAttribute(STATE) === "CONNECTED";
      if (connected && this.lost) this.trigger("back", this.dialog);
      this.lost = !connected;
    });
    if (app) this.observer.observe(app, { attributes: true, attributeFilter: [STATE] });
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
    watchers.get(parentElement)?.observer.disconnect();
    watchers.delete(parentElement);
  };
}
