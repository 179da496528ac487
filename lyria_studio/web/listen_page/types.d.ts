// What the listeners' page gets from the server (`web/listen_state.py`) and sends to it.

/** A listening test. */
interface ListeningTest {
  host: string | null;
  oneself: boolean;
  ask_device: boolean;
  question: string | null;
  kind: "preference" | "abx";
  trials: number;
  minutes: number;
  reveal: string;
  practice_db: number;
}

/** What a player has to know of a trial. */
interface TrialLimits {
  duration_s: number;
  must_hear_s: number;
}

interface Trial extends TrialLimits {
  id: string;
  number: number;
  sounds: string[];
}

type Place = "first" | "second";
type Choice = Place | "none";

/** The listener's vote before the present trial. */
interface LastVote {
  trial: string;
  number: number;
  choice: Choice;
  can_undo: boolean;
  can_reveal: boolean;
  unrevealed: number;
}

/** One side of a revealed trial: its prompt in pieces, each with whether the other side has it, too. */
interface Recording {
  letter: string;
  take: number;
  model: string;
  words: [string, boolean][];
  without: string | null;
  seed: number | null;
  wave: string;
}

interface RevealedVote {
  number: number;
  choice: Choice;
  no_difference: boolean;
  x_is: Place | null;
  correct: boolean | null;
  first: Recording;
  second: Recording;
}

interface ListenState {
  test: ListeningTest;
  phase: string;
  message: string | null;
  listener: { name: string | null; voted: number } | null;
  trial: Trial | null;
  last: LastVote | null;
  revealed: RevealedVote[];
  practice: boolean;
  differs?: boolean;
}

/** A vote as it is typed. */
interface VoteDraft {
  choice?: string;
  reason: string | null;
  comment: string | null;
  at_s: number | null;
  on: Place | null;
  heard?: number[];
  began?: Place | null;
}

/** What the browser keeps of a trial that the server has no vote for yet. */
interface KeptTrial {
  trial: string;
  draft?: VoteDraft;
  sent?: boolean;
  heard?: number[];
  began?: number;
}

/** What a listener can do; a text is what went wrong. */
interface ListenActs {
  start(fields: { name: string | null; device: string | null }): Promise<string | null>;
  next(): Promise<void>;
  undo(trial: string): Promise<string | null>;
  reveal(trial: string | null): Promise<string | null>;
}
