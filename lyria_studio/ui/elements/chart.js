// Shows a drawing of ours in the colours of the theme. It is parsed as a picture, and nothing but a
// picture is taken from what was parsed.
const shown = new WeakMap();

/** @param {StreamlitComponent} component */
export default function (component) {
  const { data, parentElement } = component;
  if (shown.get(parentElement) === data.svg) return;
  shown.set(parentElement, data.svg);
  const drawing = new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement;
  if (drawing.nodeName !== "svg") return;
  parentElement.querySelector(".chart")?.replaceChildren(document.importNode(drawing, true));
}
