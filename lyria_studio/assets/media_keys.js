// The keys of a keyboard and the lock screen of a phone act on the bar and show what it plays.
import { playback } from "./sounds.js";

const SEEK_S = 10;

/** @type {Partial<Record<MediaSessionAction, (details: MediaSessionActionDetails) => void>>} */
const ACTIONS = {
  play: () => playback.play(),
  pause: () => playback.pause(),
  stop: () => playback.pause(),
  previoustrack: () => playback.go(-1),
  nexttrack: () => playback.go(1),
  seekbackward: ({ seekOffset }) => playback.seek(playback.position - (seekOffset ?? SEEK_S)),
  seekforward: ({ seekOffset }) => playback.seek(playback.position + (seekOffset ?? SEEK_S)),
  seekto: ({ seekTime }) => playback.seek(seekTime ?? 0),
};

let announced = "";

function tell() {
  const session = navigator.mediaSession;
  const { track } = playback;
  const now = track ? `${track.track_id} ${track.title}` : "";
  if (now !== announced) {
    announced = now;
    session.metadata = track
      ? new MediaMetadata({ title: track.title, artist: track.about, album: "Lyria Studio" })
      : null;
    for (const [name, act] of Object.entries(ACTIONS)) {
      try {
        session.setActionHandler(/** @type {MediaSessionAction} */ (name), track ? act : null);
      } catch {
        // A browser that does not know this key.
      }
    }
  }
  session.playbackState = track ? (playback.playing ? "playing" : "paused") : "none";
  place();
}

function place() {
  const { duration, position, audio } = playback;
  if (!playback.track || !Number.isFinite(duration) || !duration || !audio.playbackRate) return;
  navigator.mediaSession.setPositionState?.({
    duration, position: Math.min(position, duration), playbackRate: audio.playbackRate,
  });
}

if ("mediaSession" in navigator) {
  playback.addEventListener("change", tell);
  playback.audio.addEventListener("seeked", place);
}
