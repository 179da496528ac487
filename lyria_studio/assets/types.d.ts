// Types of our JavaScript for its checker; browsers never see this file.

/** What Streamlit passes to a component. */
interface StreamlitComponent<T = any> {
  data: T;
  parentElement: HTMLElement;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

/** What the app tells its element about the tab. */
interface TabData {
  fields: Record<string, string>;
  scope: string;
  orders: string[];
  shown: string[];
  choices?: Record<string, string[]>;
  form?: string;
  blank?: boolean;
  live?: string;
  revision?: number;
  placed?: number;
  pricing?: TabPricing;
}

/** What a choice costs: prices in hundredths of a cent by the beginning of a model's label. */
interface TabPricing {
  labels: Record<string, string>;
  prices: [string, number][];
  takes: number;
  demo: boolean;
}

/** Texts that a tab holds and the app does not, with what the app had when their typing began. */
interface HeldTexts {
  form?: string;
  fields: Record<string, { scope: string; base: string; text: string }>;
}

/** A part of a track, in seconds. */
interface Stretch {
  start: number;
  end: number;
}

/** Why nothing sounds though it should: it never started, or it stopped. */
type Silent = "start" | "stop" | null;

/** One of the tracks of the player in step. */
interface Side {
  letter: string;
  title: string;
  track_id: string;
  url: string;
  gain_db: number;
  measured: boolean;
  offset_s: number;
  duration_s: number;
  peaks: number[];
}

/** A sound as the engine in step is given it. */
interface SoundSource {
  url: string;
  gain?: number;
  offset_s?: number;
  heard?: number;
}

/** What the engine in step says of itself. */
interface InStepState {
  status: "idle" | "loading" | "ready" | "failed";
  progress: number;
  playing: boolean;
  wanted: boolean;
  interrupted: boolean;
  silent: Silent;
  growing: boolean;
  current: number;
  position: number;
  duration: number;
  loop: Stretch | null;
  errors: import("./instep/sound.js").SoundError[];
}

interface Navigator {
  audioSession?: { type: string };
}
