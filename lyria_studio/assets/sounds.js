// The sounds of the page. They belong to it and not to their players: Streamlit draws a player anew
// when something is listed above it or the screen changes, and what plays must not stop.
const sounds = new Map();
const element = document.createElement("div");
element.id = "lyria-sounds";
element.hidden = true;
document.body.append(element);

export const shelf = { element, current: undefined };

// Media events do not bubble, but they can be caught on their way down.
element.addEventListener("play", (event) => (shelf.current = event.target), true);

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

// One sound at a time.
export function play(audio) {
  for (const other of sounds.values()) if (other !== audio) other.pause();
  return audio.play();
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
