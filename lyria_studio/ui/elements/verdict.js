// The live region stays and only its text changes, so that a screen reader says each new result.
/** @param {StreamlitComponent} component */
export default function (component) {
  const { data, parentElement } = component;
  for (const [name, text] of [["h2", data.headline], ["p", data.sentence]]) {
    const line = parentElement.querySelector(name);
    if (line && line.textContent !== text) line.textContent = text;
  }
}
