// What plays, on every screen: shown while the player of the sound is not to be seen.
const { clock, play, shelf } = await import(new URL("assets/sounds.js", document.baseURI).href);
const EVENTS = ["play", "pause", "ended", "timeupdate", "seeked", "emptied"];
const bars = new WeakMap();

function inSight(audio) {
  const box = audio.player?.root.getBoundingClientRect();
  return Boolean(box) && box.bottom > 60 && box.top < innerHeight - 40;
}

class Bar {
  constructor(parent) {
    this.root = parent.querySelector(".mini");
    this.button = parent.querySelector(".toggle");
    this.title = parent.querySelector(".title");
    this.position = parent.querySelector(".position");
    this.time = parent.querySelector(".time");
    this.button.onclick = () => {
      const audio = shelf.current;
      if (audio.paused) play(audio).catch(() => undefined);
      else audio.pause();
    };
    this.position.oninput = () => (shelf.current.currentTime = Number(this.position.value));
    parent.querySelector(".close").onclick = () => {
      shelf.current.pause();
      shelf.current = undefined;
      this.show();
    };
    this.root.onkeydown = (event) => event.stopPropagation();
    this.show = this.show.bind(this);
    for (const name of EVENTS) shelf.element.addEventListener(name, this.show, true);
    document.addEventListener("scroll", this.show, { capture: true, passive: true });
    this.show();
  }

  show() {
    const audio = shelf.current;
    // A sound that stands still at its beginning or end has nothing to be controlled.
    const idle = !audio || (audio.paused && (audio.ended || audio.currentTime === 0));
    this.root.hidden = idle || inSight(audio);
    if (this.root.hidden) return;
    const length = audio.duration || Number(audio.dataset.duration) || 0;
    this.root.classList.toggle("playing", !audio.paused);
    this.title.textContent = audio.dataset.title ?? "";
    this.button.setAttribute("aria-label", `${audio.paused ? "Play" : "Pause"} ${audio.dataset.title}`);
    this.position.max = String(length);
    this.position.value = String(audio.currentTime);
    this.position.setAttribute("aria-valuetext", `${clock(audio.currentTime)} of ${clock(length)}`);
    this.time.textContent = `${clock(audio.currentTime)} / ${clock(length)}`;
  }

  destroy() {
    for (const name of EVENTS) shelf.element.removeEventListener(name, this.show, true);
    document.removeEventListener("scroll", this.show, { capture: true });
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!bars.has(parentElement)) bars.set(parentElement, new Bar(parentElement));
  bars.get(parentElement).show();
  return () => {
    bars.get(parentElement)?.destroy();
    bars.delete(parentElement);
  };
}
