// Several tracks in step: the lanes, the keys and the words around the engine of assets/instep.js.
const at = (path) => new URL(`assets/${path}`, document.baseURI).href;
const { alone, clock, engines } = await import(at("sounds.js"));
const { InStep } = await import(at("instep.js"));
const views = new WeakMap();

const STEP_S = 5;
const NUDGE_S = 0.01;
const OFFSET_MAX_S = 30;
const DRAG_PX = 5;
const REPORT_MS = 500; // one rerun of the page for a run of nudges
const FORGET_MS = 1000; // Streamlit may take an element away and draw it again at another place
const KEY_OF = { Comma: ",", Period: "." };
const SVG = "http://www.w3.org/2000/svg";

const clamp = (value, low, high) => Math.min(Math.max(low, value), high);
const factor = (decibels) => 10 ** (decibels / 20);
const signed = (number, digits) => `${number < 0 ? "−" : ""}${Math.abs(number).toFixed(digits)}`;
const listed = (letters) =>
  letters.length < 2 ? letters.join("") : `${letters.slice(0, -1).join(", ")} and ${letters.at(-1)}`;

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
    known.destroy();
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

// The bars of a waveform, 0 to 1 high, as one shape that stretches to its box.
function drawing(peaks, scale) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${Math.max(1, peaks.length)} 100`);
  svg.setAttribute("preserveAspectRatio", "none");
  const path = document.createElementNS(SVG, "path");
  const bars = peaks.map((peak, index) => {
    const half = Math.max(1, peak * scale * 50);
    return `M${index + 0.15} ${(50 - half).toFixed(1)}h.7v${(2 * half).toFixed(1)}h-.7z`;
  });
  path.setAttribute("d", bars.join(""));
  svg.append(path);
  return svg;
}

class View {
  constructor(parent, data) {
    const find = (name) => parent.querySelector(`.${name}`);
    this.root = find("instep");
    for (const name of ["toggle", "time", "told", "meter", "again", "lanes", "scale", "ticks", "spoken"]) {
      this[name] = find(name);
    }
    this.now = { letter: find("letter"), words: find("words") };
    this.loopButton = find("loop");
    this.alignButton = find("align");
    this.volume = find("volume").querySelector("input");
    this.template = find("lane-of");
    this.keys = ["first", "last", "a", "z"].map(find);
    this.rows = [];
    this.listen();
    this.adopt(data);
  }

  // ---- what is shown

  adopt(data) {
    this.data = data;
    this.engine = engineOf(data);
    this.engine.view = this;
    this.build();
    this.volume.value = String(this.engine.volume);
    this.align(this.engine.offsets.some((offset) => offset !== 0));
    this.offsets();
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
      this.rows[index].title.textContent = side.title;
      // Only what was changed elsewhere: what is typed here may still be on its way there.
      if (side.offset_s !== this.engine.stored[index]) {
        this.engine.stored[index] = side.offset_s;
        this.shift(index, side.offset_s, false);
      }
    });
    this.show(this.engine.state);
  }

  build() {
    for (const row of this.rows) row.lane.remove();
    const { sides } = this.data;
    const loudest = Math.max(0.01, ...sides.map((side) => factor(side.gain_db) * Math.max(0, ...side.peaks)));
    this.rows = sides.map((side, index) => {
      const lane = this.template.content.firstElementChild.cloneNode(true);
      const row = { lane };
      for (const name of ["side", "badge", "title", "mark", "facts", "wave", "offset", "skip"]) {
        row[name] = lane.querySelector(`.${name}`);
      }
      row.badge.textContent = side.letter;
      row.title.textContent = row.side.title = side.title;
      row.skip.textContent = `Skip in ${side.letter}`;
      row.input = row.offset.querySelector("input");
      row.input.setAttribute("aria-label", `Skip in ${side.letter}, seconds`);
      row.shapes = [...lane.querySelectorAll(".ink")].map((ink) => {
        const shape = drawing(side.peaks, factor(side.gain_db) / loudest);
        ink.append(shape);
        return shape;
      });
      row.side.onclick = (event) => {
        this.choose(index);
        if (event.detail) this.scale.focus({ preventScroll: true });
      };
      row.input.onchange = () => this.shift(index, Number(row.input.value) || 0);
      this.pointer(row.wave);
      this.lanes.append(lane);
      return row;
    });
    const letters = sides.map((side) => side.letter);
    this.root.setAttribute("aria-label", `Player in step: ${listed(letters)}`);
    this.root.classList.toggle("single", sides.length < 2);
    const [first, last, a, z] = this.keys;
    [first.textContent, last.textContent] = ["1", String(sides.length)];
    [a.textContent, z.textContent] = [letters[0], letters.at(-1)];
  }

  // Where each track lies on the common time line.
  offsets() {
    const { duration } = this;
    this.data.sides.forEach((side, index) => {
      const offset = this.engine.offsets[index];
      const row = this.rows[index];
      for (const shape of row.shapes) {
        shape.style.left = `${(-offset / duration) * 100}%`;
        shape.style.width = `${(side.duration_s / duration) * 100}%`;
      }
      if (this.focused !== row.input) row.input.value = offset.toFixed(2);
    });
    this.rule();
    this.mark();
  }

  rule() {
    const { duration } = this;
    const wide = this.scale.clientWidth || 600;
    const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find((s) => (duration / s) * 64 < wide) ?? 1200;
    if (this.ruled === `${step} ${duration}`) return;
    this.ruled = `${step} ${duration}`;
    this.ticks.replaceChildren();
    const add = (name, second, words = "") => {
      const mark = document.createElement(name);
      mark.style.left = `${(second / duration) * 100}%`;
      mark.textContent = words;
      this.ticks.append(mark);
    };
    for (let second = 0; second <= duration; second += step) {
      add("i", second);
      if (second <= duration * 0.97) add("span", second, clock(second)); // else it hangs over the edge
    }
    this.scale.setAttribute("aria-valuemax", String(Math.round(duration)));
  }

  // The stretch that was marked, whether it is looped at present or not.
  mark() {
    const { marked } = this.engine;
    this.root.classList.toggle("marked", Boolean(marked));
    if (!marked) return;
    this.root.style.setProperty("--from", String(clamp(marked.start / this.duration, 0, 1)));
    this.root.style.setProperty("--to", String(clamp(marked.end / this.duration, 0, 1)));
  }

  show(state) {
    const { sides } = this.data;
    const { status, playing, wanted, current, errors } = state;
    this.root.classList.toggle("playing", playing);
    this.root.classList.toggle("waiting", wanted);
    this.root.classList.toggle("looping", Boolean(state.loop));
    this.root.classList.toggle("failed", errors.length > 0);
    this.loopButton.setAttribute("aria-pressed", String(Boolean(state.loop)));
    this.toggle.setAttribute("aria-label", playing ? "Pause" : wanted ? "Do not play yet" : "Play");
    this.rows.forEach((row, index) => {
      const chosen = index === current;
      const missing = errors.some((error) => error.index === index);
      row.lane.classList.toggle("current", chosen);
      row.lane.classList.toggle("missing", missing);
      row.side.setAttribute("aria-pressed", String(chosen));
      row.side.setAttribute("aria-label", `Hear ${sides[index].letter}: ${sides[index].title}`);
      row.side.disabled = missing;
      row.mark.textContent = chosen ? (playing ? "heard now" : "chosen") : "";
      row.facts.textContent = missing ? "could not be loaded" : this.facts(sides[index]);
    });
    this.now.letter.textContent = sides[current].letter;
    this.now.words.textContent = sides[current].title;
    this.tell(state);
    if (state.loop) this.engine.marked = state.loop;
    if (status !== "loading") this.offsets();
    this.tick();
    if (playing && !this.frame) this.frame = requestAnimationFrame(() => this.run());
  }

  facts(side) {
    const level = side.measured ? `${signed(side.gain_db, 1)} dB` : "loudness unknown";
    return `${clock(side.duration_s)} · ${level}`;
  }

  tell({ status, progress, errors, interrupted }) {
    const { sides } = this.data;
    const names = listed(errors.map((error) => sides[error.index].letter));
    const many = sides.length > 1;
    const unknown = sides.some((side) => !side.measured);
    this.meter.hidden = status !== "loading";
    this.meter.setAttribute("aria-valuenow", String(Math.round(progress * 100)));
    this.meter.firstElementChild.style.width = `${progress * 100}%`;
    this.again.hidden = status === "loading" || !errors.length;
    this.told.textContent =
      status === "loading" ? `Fetching ${many ? `${sides.length} tracks` : "the track"}…`
      : status === "failed" ? "The tracks could not be loaded. Nothing is lost: look at the connection and try again."
      : errors.some((error) => error.kind === "memory") ? `${names} would need too much memory beside the others, which play.`
      : errors.length ? `${names} could not be loaded; the others play. Nothing is lost.`
      : interrupted ? "Another sound took over. Press play to go on."
      : status === "idle" ? `The ${many ? "tracks are" : "track is"} fetched when you first press play.`
      : unknown && many ? "A track without a measured loudness may sound louder than the others."
      : many ? "All in step and equally loud: what was louder is turned down." : "";
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
    this.root.style.setProperty("--at", String(duration ? clamp(position / duration, 0, 1) : 0));
    const words = `${clock(position)} / ${clock(duration)}`;
    if (words === this.said) return;
    this.said = words;
    this.time.textContent = words;
    this.scale.setAttribute("aria-valuenow", String(Math.round(position)));
    this.scale.setAttribute("aria-valuetext", `${clock(position)} of ${clock(duration)}`);
  }

  say(words) { this.spoken.textContent = words; }

  get duration() {
    const ends = this.data.sides.map((side, index) => side.duration_s - this.engine.offsets[index]);
    return this.engine.duration || Math.max(0.1, ...ends);
  }

  get focused() { return this.root.getRootNode().activeElement; }

  // ---- what is done

  listen() {
    this.toggle.onclick = () => this.playOrPause();
    this.again.onclick = () => {
      this.scale.focus({ preventScroll: true }); // the button goes away
      if (this.engine.loaded) this.engine.load();
      else this.play();
    };
    this.loopButton.onclick = () => this.loop();
    this.alignButton.onclick = () => this.align(this.alignButton.ariaExpanded !== "true");
    this.volume.oninput = () => this.engine.setVolume(Number(this.volume.value));
    this.root.onkeydown = (event) => {
      // Streamlit has shortcuts of its own on the document; keys pressed here are not for them.
      event.stopPropagation();
      if (this.key(event)) event.preventDefault();
    };
    this.pointer(this.scale);
    this.resized = new ResizeObserver(() => this.rule());
    this.resized.observe(this.scale);
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
    const side = this.data.sides[index];
    if (side && this.engine.switchTo(index)) this.say(`${side.letter}`);
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
    this.mark();
  }

  // Within a loop the steps stay inside it.
  step(seconds) {
    const { loop, position } = this.engine.state;
    const [low, high] = loop ? [loop.start, loop.end - 0.01] : [0, this.duration];
    this.engine.seek(clamp(position + seconds, low, high));
  }

  align(open) {
    this.alignButton.ariaExpanded = String(open);
    this.root.classList.toggle("aligning", open);
    this.rule();
  }

  shift(index, seconds, report = true) {
    const offset = Math.round(clamp(seconds, -OFFSET_MAX_S, OFFSET_MAX_S) * 1000) / 1000;
    this.engine.offsets[index] = offset;
    this.rows[index].input.value = offset.toFixed(2);
    this.engine.setOffset(index, offset);
    this.offsets();
    if (!report) return;
    this.align(true);
    this.moved = { ...this.moved, [this.data.sides[index].letter]: offset };
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => this.report(), REPORT_MS);
  }

  report() {
    clearTimeout(this.reporting);
    if (this.moved) this.trigger("offsets", this.moved);
    this.moved = undefined;
  }

  nudge(seconds) {
    const { current } = this.engine;
    this.shift(current, this.engine.offsets[current] + seconds);
    this.say(`${this.data.sides[current].letter} skips ${signed(this.engine.offsets[current], 2)} s`);
  }

  // True: the key was for us.
  key(event) {
    const [field] = event.composedPath();
    const graph = event.getModifierState("AltGraph"); // how a bracket is typed on many keyboards
    if ((event.ctrlKey || event.metaKey || event.altKey) && !graph) return false;
    if (field.type === "number") return false;
    const moves = /^(Arrow|Home|End|Page)/.test(event.key);
    if (moves && field.type === "range") return false;
    if (event.key === " " || event.key === "Enter") {
      if (field.tagName === "BUTTON" || event.key === "Enter") return false; // the button itself acts
      this.playOrPause();
      return true;
    }
    const key = event.shiftKey ? (KEY_OF[event.code] ?? event.key) : event.key;
    const side = /^[1-6]$/.test(key) ? Number(key) - 1
      : /^[a-f]$/i.test(key) ? this.data.sides.findIndex(({ letter }) => letter === key.toUpperCase()) : -1;
    const nudge = event.shiftKey ? 10 * NUDGE_S : NUDGE_S;
    const actions = {
      ArrowLeft: () => this.step(-STEP_S), ArrowDown: () => this.step(-STEP_S),
      ArrowRight: () => this.step(STEP_S), ArrowUp: () => this.step(STEP_S),
      PageDown: () => this.step(-3 * STEP_S), PageUp: () => this.step(3 * STEP_S),
      Home: () => this.step(-Infinity), End: () => this.step(Infinity),
      l: () => this.loop(), L: () => this.loop(),
      "[": () => this.loopFromHere(), "]": () => this.loopToHere(),
      ",": () => this.nudge(-nudge), ".": () => this.nudge(nudge),
      Escape: () => this.unmark(),
    };
    if (side >= 0) this.choose(side);
    else if (actions[key]) actions[key]();
    else return false;
    return true;
  }

  // On the scale a drag moves the position; on a waveform it marks a stretch, and a click is a place.
  pointer(area) {
    const scrubs = area === this.scale;
    const secondsAt = (event) => {
      const box = area.getBoundingClientRect();
      return clamp((event.clientX - box.left) / box.width, 0, 1) * this.duration;
    };
    area.onpointerdown = (event) => {
      if (event.button !== 0) return;
      this.scale.focus({ preventScroll: true });
      area.setPointerCapture(event.pointerId);
      const { marked } = this.engine;
      const edge = event.target.classList.contains("edge") && marked;
      const anchor = edge ? (event.target.classList.contains("low") ? marked.end : marked.start) : secondsAt(event);
      this.drag = { from: event.clientX, anchor, moved: false, before: marked };
      if (scrubs) this.scrub(secondsAt(event));
      event.preventDefault();
    };
    area.onpointermove = (event) => {
      if (!this.drag) return;
      this.drag.moved ||= Math.abs(event.clientX - this.drag.from) > DRAG_PX;
      if (scrubs) this.scrub(secondsAt(event));
      else if (this.drag.moved) {
        const other = secondsAt(event);
        this.engine.marked = { start: Math.min(this.drag.anchor, other), end: Math.max(this.drag.anchor, other) };
        this.mark();
      }
    };
    area.onpointerup = (event) => {
      const { drag } = this;
      if (!drag) return;
      this.drag = this.scrubbed = undefined;
      if (scrubs || !drag.moved) this.engine.seek(secondsAt(event));
      else this.engine.loop(this.engine.marked.start, this.engine.marked.end);
    };
    area.onpointercancel = () => {
      if (!this.drag) return;
      this.engine.marked = this.drag.before;
      this.drag = this.scrubbed = undefined;
      this.mark();
      this.tick();
    };
    if (!scrubs) area.ondblclick = () => this.unmark();
  }

  scrub(seconds) {
    this.scrubbed = seconds;
    this.tick();
  }

  destroy() {
    this.gone = true;
    this.report();
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
    forget(this.data.key, this.engine, this);
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const known = views.get(parentElement);
  const view = known ?? new View(parentElement, data);
  view.trigger = setTriggerValue;
  if (known) known.update(data);
  else views.set(parentElement, view);
  return () => {
    views.get(parentElement)?.destroy();
    views.delete(parentElement);
  };
}
