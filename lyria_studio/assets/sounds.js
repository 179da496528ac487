// The sounds of the page. They belong to it and not to their players: Streamlit draws a player anew
// when something is listed above it or the screen changes, and what plays must not stop.
const sounds = new Map();
const element = document.createElement("div");
element.id = "lyria-sounds";
element.hidden = true;
document.body.append(element);

export const shelf = { element, current: undefined };

// Players that are no media element, by a name of their own; each can pause().
export const engines = new Map();

// Media events do not bubble, but they can be caught on their way down.
element.addEventListener("play", (event) => {
  shelf.current = event.target;
  for (const engine of engines.values()) engine.pause();
}, true);

export function soundOf(track) {
  let audio = sounds.get(track);
  if (!audio) {
    audio = document.createElement("audio");
    audio.preload = "none";
    audio.dataset.track = track;
    element.append(audio);
    sounds.set(track, audio);
  }
  return audio;
}

// One sound at a time: everything but this one falls silent.
export function alone(player) {
  for (const other of [...sounds.values(), ...engines.values()]) if (other !== player) other.pause();
}

export function play(audio) {
  alone(audio);
  return audio.play();
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
