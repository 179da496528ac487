// Several tracks in step: what is shown and done around the engine of assets/instep.js.
import { clamp, clock, find, listed } from "../helpers.js";
import { alone } from "../sounds.js";
import { silence } from "./clock_watch.js";
import { engineOf, forget } from "./engine_store.js";
import { meaning } from "./keys.js";
import { Lanes, factor, signed } from "./lanes.js";
import { draggable } from "./pointer.js";

/** @typedef {import("./engine_store.js").Sides} Sides */
/** @type {WeakMap<ParentNode, View>} */
const views = new WeakMap();

const OFFSET_MAX_S = 30;
const REPORT_MS = 500; // one rerun of the page for a run of nudges

/** @typedef {(name: string, value: unknown) => void} Trigger */

export class View {
  /** @type {Record<string, number> | undefined} */
  moved; // offsets that are not reported yet
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  reporting;
  /** @type {number | undefined} */
  scrubbed; // where the finger is, in seconds
  frame = 0;
  gone = false;
  shown = ""; // the time as it is written

  /** @param {HTMLElement} parent @param {Sides} data @param {Trigger} trigger */
  constructor(parent, data, trigger) {
    this.parent = parent;
    this.trigger = trigger;
    this.data = data;
    this.engine = engineOf(data);
    this.root = this.find("instep");
    this.scale = this.find("scale");
    this.volume = find(parent, ".volume input", HTMLInputElement);
    this.resized = new ResizeObserver(() => this.lanes.rule());
    this.lanes = new Lanes(this.root, find(parent, ".lane-of", HTMLTemplateElement), {
      onchoose: (index, byMouse) => {
        this.choose(index);
        if (byMouse) this.focus(); // so that Space goes on to play and pause
      },
      onshift: (index, seconds) => this.shift(index, seconds),
    });
    this.listen();
    this.adopt(data);
  }

  /** @param {string} name */
  find(name) { return find(this.parent, `.${name}`, HTMLElement); }
  focus() { this.scale.focus({ preventScroll: true }); }
  /** @param {string} words */
  say(words) { this.find("spoken").textContent = words; }

  get letters() { return this.data.sides.map((side) => side.letter); }
  get duration() {
    const ends = this.data.sides.map((side, index) => side.duration_s - this.engine.offsets[index]);
    return this.engine.duration || Math.max(0.1, ...ends);
  }

  // ---- what is shown

  /** @param {Sides} data */
  adopt(data) {
    this.data = data;
    this.engine = engineOf(data);
    this.engine.view = this;
    this.lanes.build(data.sides);
    for (const row of this.lanes.rows) this.draggable(row.wave, false);
    const { letters } = this;
    this.root.setAttribute("aria-label", `Player in step: ${listed(letters)}`);
    this.root.classList.toggle("single", letters.length < 2);
    const keys = { first: "1", last: `${letters.length}`, a: letters[0], z: letters.at(-1) ?? "" };
    for (const [name, key] of Object.entries(keys)) this.find(name).textContent = key;
    this.volume.value = String(this.engine.volume);
    this.align(this.engine.offsets.some((offset) => offset !== 0));
    this.show(this.engine.state);
  }

  /** @param {Sides} data @param {Trigger} trigger */
  update(data, trigger) {
    this.trigger = trigger;
    this.data = data;
    if (engineOf(data) !== this.engine) {
      this.adopt(data);
      return;
    }
    data.sides.forEach((side, index) => {
      this.engine.setGain(index, factor(side.gain_db));
      // Only what was changed elsewhere: what is typed here may still be on its way there.
      if (side.offset_s !== this.engine.stored[index]) {
        this.engine.stored[index] = side.offset_s;
        this.shift(index, side.offset_s, false);
      }
    });
    this.show(this.engine.state);
  }

  /** @param {InStepState} state */
  show(state) {
    const { playing, wanted, current, errors, loop } = state;
    this.root.classList.toggle("playing", playing);
    this.root.classList.toggle("waiting", wanted);
    this.root.classList.toggle("looping", Boolean(loop));
    this.root.classList.toggle("failed", errors.length > 0 || Boolean(state.silent));
    this.find("loop").setAttribute("aria-pressed", String(Boolean(loop)));
    this.find("toggle").setAttribute("aria-label", playing ? "Pause" : wanted ? "Cancel" : "Play");
    this.find("letter").textContent = this.letters[current];
    this.find("words").textContent = this.data.sides[current].title;
    this.lanes.show(this.data.sides, state);
    this.tell(state);
    if (loop) this.engine.marked = loop;
    this.place();
    if (playing && !this.frame) this.frame = requestAnimationFrame(() => this.run());
  }

  /** @param {InStepState} state */
  tell({ status, progress, errors, silent }) {
    const { sides } = this.data;
    const names = listed(errors.map((error) => sides[error.index].letter));
    const many = sides.length > 1;
    const meter = this.find("meter");
    meter.hidden = status !== "loading";
    meter.setAttribute("aria-valuenow", String(Math.round(progress * 100)));
    find(meter, "span", HTMLElement).style.width = `${progress * 100}%`;
    this.find("again").hidden = status === "loading" || !errors.length;
    const words =
      status === "loading" ? `Loading ${many ? `${sides.length} tracks` : "the track"}…`
      : status === "failed" ? "The tracks could not be loaded. Check the connection and try again."
      : silent ? silence(silent)
      : errors.some((error) => error.kind === "memory") ? `${names} needs too much memory. The others play.`
      : errors.length ? `${names} could not be loaded. The others play.`
      : status === "idle" ? "Press play to load."
      : !many ? ""
      : sides.some((side) => !side.measured) ? "One track has no measured loudness and may sound louder."
      : "Equal loudness · in sync";
    const line = this.find("told");
    if (line.textContent !== words) line.textContent = words; // screen readers say it whenever it is written
  }

  place() {
    this.lanes.place(this.duration, this.engine.offsets);
    this.lanes.mark(this.engine.marked);
    this.tick();
  }

  run() {
    this.frame = 0;
    if (this.gone || !this.engine.playing) return;
    this.tick();
    this.frame = requestAnimationFrame(() => this.run());
  }

  tick() {
    const { duration } = this;
    const position = this.scrubbed ?? this.engine.position;
    this.lanes.move(position);
    const words = `${clock(position)} / ${clock(duration)}`;
    if (words === this.shown) return;
    this.shown = words;
    this.find("time").textContent = words;
    this.scale.setAttribute("aria-valuenow", String(Math.round(position)));
    this.scale.setAttribute("aria-valuetext", `${clock(position)} of ${clock(duration)}`);
  }

  // ---- what is done

  listen() {
    this.find("toggle").onclick = () => this.playOrPause();
    this.find("again").onclick = () => {
      this.focus(); // the button goes away
      if (this.engine.loaded) this.engine.load();
      else this.play();
    };
    this.find("loop").onclick = () => this.loop();
    this.find("align").onclick = () => this.align(!this.root.classList.contains("aligning"));
    this.volume.oninput = () => this.engine.setVolume(Number(this.volume.value));
    this.root.onkeydown = (event) => {
      // Streamlit has shortcuts of its own on the document; keys pressed here are not for them.
      event.stopPropagation();
      const act = meaning(event, this.letters);
      if (!act) return;
      event.preventDefault();
      act(this);
    };
    this.draggable(this.scale, true);
    this.resized.observe(this.scale);
  }

  /** @param {HTMLElement} area @param {boolean} scrubs */
  draggable(area, scrubs) {
    const mark = (/** @type {Stretch | null} */ stretch) => {
      this.engine.marked = stretch;
      this.lanes.mark(stretch);
    };
    draggable(area, {
      scrubs,
      seconds: (part) => part * this.duration,
      marked: () => this.engine.marked,
      onpress: () => this.focus(),
      onscrub: (seconds) => {
        this.scrubbed = seconds;
        this.tick();
      },
      onseek: (seconds) => this.engine.seek(seconds),
      onmark: mark,
      onloop: ({ start, end }) => this.engine.loop(start, end),
    });
    if (!scrubs) area.ondblclick = () => this.unmark();
  }

  playOrPause() {
    if (this.engine.playing || this.engine.state.wanted) this.engine.pause();
    else this.play();
  }

  play() {
    alone(this.engine);
    this.engine.play();
  }

  /** @param {number} index */
  choose(index) {
    if (this.engine.switchTo(index)) this.say(this.letters[index]);
  }

  // The marked stretch, or all.
  loop() {
    if (this.engine.state.loop) this.engine.loop(null);
    else {
      const { start, end } = this.engine.marked ?? { start: 0, end: this.duration };
      this.engine.loop(start, end);
    }
    this.say(this.engine.state.loop ? "Loop on" : "Loop off");
  }

  loopFromHere() {
    const { position } = this.engine;
    const end = this.engine.marked?.end ?? this.duration;
    this.engine.loop(position, end > position ? end : this.duration);
    this.say(`Loop from ${clock(position)}`);
  }

  loopToHere() {
    const { position } = this.engine;
    const start = this.engine.marked?.start ?? 0;
    this.engine.loop(start < position ? start : 0, position);
    this.say(`Loop to ${clock(position)}`);
  }

  unmark() {
    this.engine.marked = null;
    this.engine.loop(null);
  }

  // Within a loop the steps stay inside it.
  /** @param {number} seconds */
  step(seconds) {
    const { loop, position } = this.engine.state;
    const [low, high] = loop ? [loop.start, loop.end - 0.01] : [0, this.duration];
    this.engine.seek(clamp(position + seconds, low, high));
  }

  /** @param {boolean} open */
  align(open) {
    this.find("align").setAttribute("aria-expanded", String(open));
    this.root.classList.toggle("aligning", open);
  }

  /** @param {number} seconds */
  nudge(seconds) {
    const { current } = this.engine;
    this.shift(current, this.engine.offsets[current] + seconds);
    this.say(`${this.letters[current]} skips ${signed(this.engine.offsets[current], 2)} s`);
  }

  /** @param {number} index @param {number} seconds @param {boolean} [report] */
  shift(index, seconds, report = true) {
    const offset = Math.round(clamp(seconds, -OFFSET_MAX_S, OFFSET_MAX_S) * 1000) / 1000;
    this.engine.offsets[index] = offset;
    this.lanes.write(index, offset);
    this.engine.setOffset(index, offset); // and so it is drawn
    if (!report) return;
    this.align(true);
    this.moved = { ...this.moved, [this.letters[index]]: offset };
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => this.report(), REPORT_MS);
  }

  report() {
    clearTimeout(this.reporting);
    if (this.moved) this.trigger("offsets", this.moved);
    this.moved = undefined;
  }

  destroy() {
    this.gone = true;
    this.report();
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
    forget(this.data.key, this.engine, this);
  }
}

/** @param {StreamlitComponent<Sides>} component */
export function draw({ data, parentElement, setTriggerValue }) {
  const known = views.get(parentElement);
  if (known) known.update(data, setTriggerValue);
  else views.set(parentElement, new View(parentElement, data, setTriggerValue));
}

/** @param {ParentNode} parent */
export function remove(parent) {
  views.get(parent)?.destroy();
  views.delete(parent);
}
