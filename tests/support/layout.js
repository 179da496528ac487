// What is wrong with how a screen is laid out, a line each. Text is measured by its own line boxes,
// so that it does not matter which element should have held it.
(notOurs) => {
  const SLACK = 1.5;
  const problems = [];
  const say = (what, element, more = "") =>
    problems.push(`${what}: ${describe(element)}${more && ` (${more})`}`);
  const describe = (element) => {
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
    const key = element.closest("[class*='st-key-']")?.className.match(/st-key-[\w-]+/)?.[0] ?? "";
    const label = element.getAttribute("aria-label") ?? element.title;
    return `<${element.tagName.toLowerCase()}> “${label || words}” ${key}`;
  };
  const parent = (node) => node.parentElement ?? node.getRootNode().host;
  function* ancestors(node) {
    for (let at = parent(node); at; at = parent(at)) yield at;
  }
  function* within(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* within(element.shadowRoot);
    }
  }
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const clips = (style) => !/visible/.test(style.overflowX + style.overflowY);
  const floats = (element) =>
    [element, ...ancestors(element)].some((one) => /fixed|sticky/.test(getComputedStyle(one).position));
  const shared = (one, other) => {
    const [left, top] = [Math.max(one.left, other.left), Math.max(one.top, other.top)];
    const [right, bottom] = [Math.min(one.right, other.right), Math.min(one.bottom, other.bottom)];
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  };
  const tiny = (box) => box.width <= 2 || box.height <= 2;

  // What lies on top is what a person reads: a dialog, a popover, or else the screen.
  // The menu of a phone lies over the screen, too; on a desk it is no layer but a bar at the top.
  const over = "[role=dialog], [data-testid=stPopoverBody], [data-testid=stSidebar][data-collapsed=false]";
  const layers = [...document.querySelectorAll(over)];
  const layer = layers.filter(seen).at(-1) ?? document.querySelector("main");
  const elements = [...within(layer)].filter(seen);

  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) problems.push("the page scrolls sideways");
  for (const element of [layer, ...elements]) {
    const { overflowX } = getComputedStyle(element);
    if (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1
        && !/TEXTAREA|INPUT/.test(element.tagName)) {
      say("scrolls sideways", element, `${element.scrollWidth} in ${element.clientWidth} px`);
    }
  }

  // Every line of text: inside its button or card, not cut, not over another.
  const lines = [];
  for (const element of elements) {
    if (/SCRIPT|STYLE|TEXTAREA|OPTION|SELECT/i.test(element.tagName)) continue;
    if (element.closest("[aria-hidden=true], svg")) continue; // icons and charts
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      const chain = [element, ...ancestors(element)];
      const inside = chain.slice(0, chain.indexOf(layer) + 1);
      if (inside.some((one) => clips(getComputedStyle(one)) && tiny(one.getBoundingClientRect()))) {
        continue; // for screen readers only
      }
      const range = document.createRange();
      range.selectNodeContents(node);
      let rects = [...range.getClientRects()].filter((rect) => rect.width > 0.5);
      const holders = inside.filter((one) => one !== layer && (
        clips(getComputedStyle(one)) || /^(BUTTON|A)$/.test(one.tagName)
        || /st-key-(create|history|template|row)-/.test(one.className)));
      for (const holder of holders) {
        const style = getComputedStyle(holder);
        const meant = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none"
          || /auto|scroll/.test(style.overflowX + style.overflowY);
        const box = holder.getBoundingClientRect();
        if (meant) {
          // What is cut on purpose, or scrolled away, lies over nothing.
          rects = rects.map((rect) => shared(rect, box)).filter((rect) => rect.width > 0 && rect.height > 2);
          break;
        }
        const out = rects.find((rect) => rect.left < box.left - SLACK || rect.right > box.right + SLACK
          || rect.top < box.top - SLACK - 4 || rect.bottom > box.bottom + SLACK + 4);
        if (out) {
          say("text leaves its box", element, `of <${holder.tagName.toLowerCase()}>`);
          break;
        }
      }
      // Lines beyond the last one that is shown are laid out all the same.
      const clamp = inside.find((one) => getComputedStyle(one).webkitLineClamp !== "none");
      const end = clamp?.getBoundingClientRect().bottom ?? Infinity;
      for (const rect of rects) if (rect.top + rect.height / 2 < end) lines.push({ rect, element });
    }
  }
  const taken = new Set();
  for (let a = 0; a < lines.length; a += 1) {
    for (let b = a + 1; b < lines.length; b += 1) {
      const [one, other] = [lines[a], lines[b]];
      if (one.element === other.element || one.element.contains(other.element)
          || other.element.contains(one.element)) continue;
      const wide = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
      const high = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      const key = `${describe(one.element)} and ${describe(other.element)}`;
      // A bar may float over a page that scrolls beneath it.
      if (wide > 2 && high > 5 && !taken.has(key) && floats(one.element) === floats(other.element)) {
        taken.add(key);
        problems.push(`text over text: ${key}`);
      }
    }
  }

  // A placeholder is no text node: measured with its own font.
  const pen = document.createElement("canvas").getContext("2d");
  for (const field of elements.filter((one) => one.tagName === "INPUT" && one.placeholder && !one.value)) {
    const style = getComputedStyle(field);
    pen.font = style.font;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const needs = pen.measureText(field.placeholder).width;
    if (needs > room + 1) {
      say("placeholder is cut", field, `${field.placeholder}: ${Math.round(needs)} in ${Math.round(room)} px`);
    }
  }

  // A choice shows its value in an input that nobody scrolls.
  for (const field of elements.filter((one) => one.matches("input[role=combobox]") && one.value)) {
    if (field.scrollWidth > field.clientWidth + 1) {
      say("value is cut", field, `${field.value}: ${field.scrollWidth} in ${field.clientWidth} px`);
    }
  }

  // WCAG 2.2, 2.5.8: 24 by 24 CSS pixels.
  const controls = "button, a[href], input, select, textarea, [role=slider], [role=radio], summary";
  for (const control of elements) {
    if (!control.matches(controls) || control.disabled || control.closest(notOurs)) continue;
    if (control.tagName === "A" && getComputedStyle(control).display === "inline") continue;
    const box = control.getBoundingClientRect();
    if (box.width >= 23.5 && box.height >= 23.5) continue;
    // A click on the label, and on what it is stretched over, is a click on the control.
    const label = control.closest("label");
    const middle = (label ?? control).getBoundingClientRect();
    const [x, y] = [middle.left + middle.width / 2, middle.top + middle.height / 2];
    const hits = (dx, dy) => label?.contains(document.elementFromPoint(x + dx, y + dy));
    const corners = [[-11.5, -11.5], [11.5, -11.5], [-11.5, 11.5], [11.5, 11.5]];
    if (corners.every(([dx, dy]) => hits(dx, dy))) continue;
    say("target is small", control, `${Math.round(box.width)} x ${Math.round(box.height)} px`);
  }
  return [...new Set(problems)];
}
