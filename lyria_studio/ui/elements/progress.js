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
  const elapsed = parentElement.querySelector(".elapsed");
  if (!state || !elapsed) return undefined;
  if (state.textContent !== data.state) state.textContent = data.state;
  // The server says how long it has been: the clocks of two machines never agree.
  const start = performance.now() - data.elapsed_s * 1000;
  const show = () => {
    const seconds = (performance.now() - start) / 1000;
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
