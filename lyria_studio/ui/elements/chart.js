// Shows one of our charts in the colours of the theme. The text is parsed as SVG, and only an <svg> is shown.
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
