// Listens for changes of the generations on this page and asks for one rerun when something changed.
const streams = new WeakMap();
const FALLBACK_MS = 2000;

// The title of the tab tells how it stands to somebody who looks at another one.
const tab = { making: 0, ready: false };

/** @param {number} making */
function name(making) {
  if (making < tab.making && document.hidden) tab.ready = true;
  tab.making = making;
  const bare = document.title.replace(/^(\(\d+\) |✓ )/, "");
  const mark = tab.ready ? "✓ " : making ? `(${making}) ` : "";
  if (document.title !== mark + bare) document.title = mark + bare;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !tab.ready) return;
  tab.ready = false;
  name(tab.making);
});

class Watch {
  /** @param {(name: string, value: unknown) => void} trigger */
  constructor(trigger) {
    this.trigger = trigger;
    /** @type {string | null | undefined} */
    this.address = undefined;
    /** @type {EventSource | undefined} */
    this.source = undefined;
    this.failures = 0;
  }

  /** @param {string | null | undefined} address */
  open(address) {
    if (address === this.address) return;
    this.close();
    this.address = address;
    if (!address) return;
    this.source = new EventSource(new URL(address, document.baseURI));
    this.source.addEventListener("change", (event) => {
      this.failures = 0;
      this.changed(event.data);
    });
    this.source.onopen = () => {
      this.failures = 0;
      clearInterval(this.timer);
      this.timer = undefined;
    };
    this.source.onerror = () => {
      // A proxy that buffers or forbids event streams: look every two seconds instead.
      this.failures += 1;
      if (this.failures >= 2 && !this.timer) {
        this.timer = setInterval(() => this.changed("timer"), FALLBACK_MS);
      }
      if (this.source?.readyState === EventSource.CLOSED) {
        const again = this.address;
        setTimeout(() => {
          if (this.address !== again) return;
          this.address = undefined;
          this.open(again);
        }, 5000);
      }
    };
  }

  /** @param {string} what */
  changed(what) {
    // Several changes within a moment are one rerun.
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.trigger("changed", `${what} ${Date.now()}`), 60);
  }

  close() {
    this.source?.close();
    clearInterval(this.timer);
    clearTimeout(this.pending);
    this.timer = this.source = this.address = undefined;
  }
}

/** @param {StreamlitComponent} component */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const watch = streams.get(parentElement) ?? new Watch(setTriggerValue);
  watch.trigger = setTriggerValue;
  streams.set(parentElement, watch);
  watch.open(data.address);
  const told = parentElement.querySelector(".told");
  if (told && data.told && told.textContent !== data.told) told.textContent = data.told;
  name(data.making);
  return () => {
    streams.get(parentElement)?.close();
    streams.delete(parentElement);
  };
}
