// What the server does not know yet about the present trial, kept in this browser: what was typed,
// and how long each side was heard.
const key = `listening ${location.pathname.slice(-24)}`;

/** @param {string} trial @returns {KeptTrial | null} */
export function recall(trial) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    return kept?.trial === trial ? kept : null;
  } catch {
    return null;
  }
}

// Fields that are left out stay as they are.
/** @param {string} trial @param {Omit<KeptTrial, "trial">} fields */
export function keep(trial, fields) {
  try {
    localStorage.setItem(key, JSON.stringify({ ...recall(trial), trial, ...fields }));
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
