// What was typed but has not arrived yet, kept in this browser until it has.
const key = `lyria-listen ${location.pathname.slice(-24)}`;

/** @param {any} trial */
export function recall(trial) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    return kept?.trial === trial ? kept : null;
  } catch {
    return null;
  }
}

/** @param {any} trial @param {any} draft @param {boolean} [sent] */
export function keep(trial, draft, sent = false) {
  try {
    localStorage.setItem(key, JSON.stringify({ trial, draft, sent }));
  } catch {
    // Without storage a reload forgets it, and no more.
  }
}

export function forget() {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}
