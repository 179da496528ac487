// The elapsed time counts in the browser, so that waiting costs the server nothing.
const clocks = new WeakMap();

function words(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

export default function (component) {
  const { data, parentElement } = component;
  const state = parentElement.querySelector(".state");
  const elapsed = parentElement.querySelector(".elapsed");
  if (state.textContent !== data.state) state.textContent = data.state;
  // The server says how long it has been: the clocks of two machines never agree.
  const start = performance.now() - data.elapsed_s * 1000;
  const show = () => {
    const spent = words((performance.now() - start) / 1000);
    elapsed.textContent = data.expectation ? `${spent} · ${data.expectation}` : spent;
  };
  clearInterval(clocks.get(parentElement));
  clocks.set(parentElement, setInterval(show, 1000));
  show();
  return () => clearInterval(clocks.get(parentElement));
}
