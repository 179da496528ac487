// Several tracks in step: what is shown and done around the engine of assets/instep.js.
import { clamp, clock, find, listed } from "../helpers.js";
import { InStep } from "../instep.js";
import { alone, engines } from "../sounds.js";
import { silence } from "./clock_watch.js";
import { meaning } from "./keys.js";
import { Lanes, factor, signed } from "./lanes.js";
import { draggable } from "./pointer.js";

/** @typedef {{ key: string, sides: Side[] }} Sides */

/** @type {WeakMap<ParentNode, View>} */
const views = new WeakMap();

const OFFSET_MAX_S = 30;
const REPORT_MS = 500; // one rerun of the page for a run of nudges
const FORGET_MS = 1000; // Streamlit may take an element away and draw it again at another place

// The engine outlives its element, if that comes back soon.
function engineOf(data) {
  const tracks = data.sides.map((side) => side.track_id).join(" ");
  const known = engines.get(data.key);
  if (known?.tracks === tracks) {
    clearTimeout(known.forgetting);
    return known;
  }
  const engine = new InStep({
    sounds: data.sides.map((side) => ({
      url: new URL(side.url, document.baseURI).href, gain: factor(side.gain_db), offset_s: side.offset_s,
    })),
    onchange: (state) => engine.view?.show(state),
  });
  engine.tracks = tracks;
  engine.offsets = data.sides.map((side) => side.offset_s);
  engine.stored = [...engine.offsets];
  engine.marked = null;
  if (known) {
    // Other takes of the same letters: the ear stays where it was.
    engine.switchTo(Math.min(known.current, data.sides.length - 1));
    engine.seek(known.position);
    engine.setVolume(known.volume);
    const { playing } = known;
    known.destroy();
    if (playing) engine.play();
  }
  engines.set(data.key, engine);
  return engine;
}

function forget(key, engine, view) {
  if (engine.view !== view) return;
  engine.view = undefined;
  engine.forgetting = setTimeout(() => {
    engine.destroy();
    if (engines.get(key) === engine) engines.delete(key);
  }, FORGET_MS);
}

class View {
  constructor(parent, data) {
    this.parent = parent;
    this.root = this.find("instep");
    this.scale = this.find("scale");
    this.volume = this.find("volume").querySelector("input");
    this.lanes = new Lanes(this.root, {
      onchoose: (index, byMouse) => {
        this.choose(index);
        if (byMouse) this.focus(); // so that Space goes on to play and pause
      },
      onshift: (index, seconds) => this.shift(index, seconds),
    });
    this.listen();
    this.adopt(data);
  }

  find(name) { return this.parent.querySelector(`.${name}`); }
  focus() { this.scale.focus({ preventScroll: true }); }
  say(words) { this.find("spoken").textContent = words; }

  get letters() { return this.data.sides.map((side) => side.letter); }
  get duration() {
    const ends = this.data.sides.map((side, index) => side.duration_s - this.engine.offsets[index]);
    return this.engine.duration || Math.max(0.1, ...ends);
  }

  // ---- what is shown

  adopt(data) {
    this.data = data;
    this.engine = engineOf(data);
    this.engine.view = this;
    this.lanes.build(data.sides);
    for (const row of this.lanes.rows) this.draggable(row.wave, false);
    const { letters } = this;
    this.root.setAttribute("aria-label", `Player in step: ${listed(letters)}`);
    this.root.classList.toggle("single", letters.length < 2);
    const keys = { first: "1", last: letters.length, a: letters[0], z: letters.at(-1) };
    for (const [name, key] of Object.entries(keys)) this.find(name).textContent = key;
    this.volume.value = String(this.engine.volume);
    this.align(this.engine.offsets.some((offset) => offset !== 0));
    this.show(this.engine.state);
  }

  update(data) {
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

  show(state) {
    const { playing, wanted, current, errors, loop } = state;
    this.root.classList.toggle("playing", playing);
    this.root.classList.toggle("waiting", wanted);
    this.root.classList.toggle("looping", Boolean(loop));
    this.root.classList.toggle("failed", errors.length > 0 || Boolean(state.silent));
    this.find("loop").setAttribute("aria-pressed", String(Boolean(loop)));
    this.find("toggle").setAttribute("aria-label", playing ? "Pause" : wanted ? "Do not play yet" : "Play");
    this.find("letter").textContent = this.letters[current];
    this.find("words").textContent = this.data.sides[current].title;
    this.lanes.show(this.data.sides, state);
    this.tell(state);
    if (loop) this.engine.marked = loop;
    this.place();
    if (playing && !this.frame) this.frame = requestAnimationFrame(() => this.run());
  }

  tell({ status, progress, errors, silent }) {
    const { sides } = this.data;
    const names = listed(errors.map((error) => sides[error.index].letter));
    const many = sides.length > 1;
    const meter = this.find("meter");
    meter.hidden = status !== "loading";
    meter.setAttribute("aria-valuenow", String(Math.round(progress * 100)));
    meter.firstElementChild.style.width = `${progress * 100}%`;
    this.find("again").hidden = status === "loading" || !errors.length;
    const words =
      status === "loading" ? `Fetching ${many ? `${sides.length} tracks` : "the track"}…`
      : status === "failed" ? "The tracks could not be loaded. Nothing is lost: look at the connection and try again."
      : silent ? silence(silent)
      : errors.some((error) => error.kind === "memory") ? `${names} would need too much memory beside the others, which play.`
      : errors.length ? `${names} could not be loaded; the others play. Nothing is lost.`
      : status === "idle" ? `The ${many ? "tracks are" : "track is"} fetched when you first press play.`
      : !many ? ""
      : sides.some((side) => !side.measured) ? "A track without a measured loudness may sound louder than the others."
      : "All in step and equally loud: what was louder is turned down.";
    const told = this.find("told");
    if (told.textContent !== words) told.textContent = words; // said aloud whenever it is written
  }

  place() {
    this.lanes.place(this.duration, this.engine.offsets);
    this.lanes.mark(this.engine.marked);
    this.tick();
  }

  run() {
    this.frame = undefined;
    if (this.gone || !this.engine.playing) return;
    this.tick();
    this.frame = requestAnimationFrame(() => this.run());
  }

  tick() {
    const { duration } = this;
    const position = this.scrubbed ?? this.engine.position;
    this.lanes.move(position);
    const words = `${clock(position)} / ${clock(duration)}`;
    if (words === this.said) return;
    this.said = words;
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
      const [action, ...details] = meaning(event, this.letters) ?? [];
      if (!action) return;
      event.preventDefault();
      this[action](...details);
    };
    this.draggable(this.scale, true);
    this.resized = new ResizeObserver(() => this.lanes.rule());
    this.resized.observe(this.scale);
  }

  draggable(area, scrubs) {
    const mark = (stretch) => {
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
  step(seconds) {
    const { loop, position } = this.engine.state;
    const [low, high] = loop ? [loop.start, loop.end - 0.01] : [0, this.duration];
    this.engine.seek(clamp(position + seconds, low, high));
  }

  align(open) {
    this.find("align").setAttribute("aria-expanded", String(open));
    this.root.classList.toggle("aligning", open);
  }

  nudge(seconds) {
    const { current } = this.engine;
    this.shift(current, this.engine.offsets[current] + seconds);
    this.say(`${this.letters[current]} skips ${signed(this.engine.offsets[current], 2)} s`);
  }

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
  const view = known ?? new View(parentElement, data);
  view.trigger = setTriggerValue;
  if (known) known.update(data);
  else views.set(parentElement, view);
}

/** @param {ParentNode} parent */
export function remove(parent) {
  views.get(parent)?.destroy();
  views.delete(parent);
}
