// The elapsed time counts in the browser, so that waiting costs the server nothing.
const clocks = new WeakMap();

/** @param {number} seconds */
function words(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** @param {StreamlitComponent} component */
export default function (component) {
  const { data, parentElement } = component;
  const state = parentElement.querySelector(".state");
  /** @type {HTMLElement | null} */
  const bar = parentElement.querySelector(".bar");
  const elapsed = parentElement.querySelector(".elapsed");
  if (!state || !elapsed || !bar) return undefined;
  if (state.textContent !== data.state) state.textContent = data.state;
  // The server says how long it has been: the clocks of two machines never agree.
  const start = performance.now() - data.elapsed_s * 1000;
  bar.classList.toggle("known", Boolean(data.usual_until_s));
  bar.setAttribute("aria-label", `${data.name}: ${data.state}`);
  const show = () => {
    const seconds = (performance.now() - start) / 1000;
    if (data.usual_until_s) {
      // It never says that all is done before it is.
      const share = Math.round(100 * Math.min(0.96, seconds / data.usual_until_s));
      bar.setAttribute("aria-valuenow", String(share));
      /** @type {HTMLElement} */ (bar.firstElementChild).style.width = `${share}%`;
    }
    const spent = words(seconds);
    const late = data.usual_until_s && seconds > 1.5 * data.usual_until_s + 1;
    const usual = late ? `longer than usual, ${data.expectation}` : data.expectation;
    elapsed.textContent = usual ? `${spent} · ${usual}` : spent;
  };
  clearInterval(clocks.get(parentElement));
  clocks.set(parentElement, setInterval(show, 1000));
  show();
  return () => clearInterval(clocks.get(parentElement));
}
