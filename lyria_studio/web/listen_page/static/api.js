// Requests to the server. What did not arrive is sent again; sent twice, it counts once.
const base = location.pathname.replace(/\/+$/, "");
const PATIENCE_MS = 25_000;

export class Refused extends Error {
  /** @param {number} status @param {any} given */
  constructor(status, { error, code }) {
    super(error || "The server could not answer; try again.");
    this.status = status;
    this.code = code || "trouble";
  }
}

// No answer, or none from our server.
export class Offline extends Error {}

/** @param {string} name */
export function soundUrl(name) {
  return `${base}/sound/${name}`;
}

export const state = () => ask("state");
/** @param {string} name @param {any} fields */
export const post = (name, fields) =>
  ask(name, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(fields),
  });

/** @param {string} name @param {RequestInit} [options] */
async function ask(name, options = {}) {
  let answer;
  try {
    answer = await fetch(`${base}/${name}`, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new Offline("There is no connection.");
  }
  if (answer.status >= 500) throw new Offline("The server does not answer at the moment.");
  let body;
  try {
    body = await answer.json();
  } catch {
    throw new Offline("The answer broke off.");
  }
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

// Send until an answer comes; waiting(retry, error) is called whenever it does not. retry() tries at once.
/** @param {string} name @param {any} fields @param {(retry: () => void, error: Error) => void} waiting */
export async function postUntilAnswered(name, fields, waiting) {
  for (let pause = 1500; ; pause = Math.min(pause * 1.7, 20_000)) {
    try {
      return await post(name, fields);
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      await /** @type {Promise<void>} */ (new Promise((resolve) => {
        const go = () => {
          clearTimeout(timer);
          removeEventListener("online", go);
          resolve();
        };
        const timer = setTimeout(go, pause);
        addEventListener("online", go);
        waiting(go, error);
      }));
    }
  }
}
