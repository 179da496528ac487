// Shows while somebody types how each prompt differs from the first, word by word. The app draws the
// same when a field is left; this fills the time until then.
const PIECES = /[\p{L}\p{N}\p{M}_]+\s*|[^\p{L}\p{N}\p{M}_\s]\s*|\s+/gu;
const MOST_CELLS = 250_000; // of the table; a change beyond is shown as a whole
/** @type {{ first: string, others: Record<string, string>, same: string }} */
let drawn = { first: "", others: {}, same: "" };

/** @param {string} key */
function text(key) {
  /** @type {HTMLTextAreaElement | null} */
  const field = document.querySelector(`.st-key-${CSS.escape(key)} textarea`);
  return field?.value.trim() ?? "";
}

/**
 * The words of both texts in order, each with the name of the element that shows it.
 * @param {string[]} before
 * @param {string[]} after
 * @returns {[string, string][]}
 */
function middle(before, after) {
  const [rows, columns] = [before.length, after.length];
  if (rows * columns > MOST_CELLS) return [["del", before.join("")], ["ins", after.join("")]];
  // longest[i][j]: how many pieces the texts from i and j on have in common.
  const longest = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      longest[i][j] = before[i] === after[j]
        ? longest[i + 1][j + 1] + 1
        : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  /** @type {[string, string][]} */
  const found = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before[i] === after[j]) {
      found.push(["span", before[i]]);
      i += 1;
      j += 1;
    } else if (i < rows && (j === columns || longest[i + 1][j] >= longest[i][j + 1])) {
      found.push(["del", before[i++]]);
    } else found.push(["ins", after[j++]]);
  }
  return found;
}

/**
 * @param {string} one
 * @param {string} other
 */
function differences(one, other) {
  const [before, after] = [one.match(PIECES) ?? [], other.match(PIECES) ?? []];
  let head = 0;
  while (head < before.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const changed = middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [
    ["span", before.slice(0, head).join("")],
    ...changed,
    ["span", before.slice(before.length - tail).join("")],
  ];
}

/** @param {Event} event */
function typed(event) {
  const target = /** @type {Element} */ (event.target);
  const within = (/** @type {string} */ key) => target.closest?.(`.st-key-${CSS.escape(key)}`);
  const changed = within(drawn.first) ? Object.keys(drawn.others) : Object.keys(drawn.others).filter(within);
  for (const key of changed) {
    const line = document.querySelector(`.st-key-${CSS.escape(drawn.others[key])} .lyria-diff`);
    if (!line) continue;
    const [one, other] = [text(drawn.first), text(key)];
    const pieces = one === other ? [["span", drawn.same]] : differences(one, other);
    line.replaceChildren(...pieces.filter(([, words]) => words).map(([name, words]) => {
      const piece = document.createElement(name);
      piece.textContent = words;
      return piece;
    }));
  }
}

/** @param {StreamlitComponent<typeof drawn>} component */
export default function (component) {
  drawn = component.data;
  document.addEventListener("input", typed, true);
  return () => document.removeEventListener("input", typed, true);
}
