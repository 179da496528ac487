// Tells the app when somebody went to another address of this screen: Back, Forward, or a link. The
// address that comes with every rerun cannot tell that from one that is merely out of date. Of a
// switch of screens the app knows by itself; to tell it too would call the old screen back.
/** @type {(name: string, value: unknown) => void} */
let trigger = () => {};
let screen = "";

/** @param {{ origin: string, pathname: string, search: string }} place */
function went({ origin, pathname, search }) {
  if (origin + pathname === screen) trigger("went", search);
}

function stepped() {
  went(location);
}

/** @param {MouseEvent} event */
function clicked(event) {
  const link = /** @type {Element} */ (event.target).closest?.("a");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || link.origin + link.pathname !== screen) return;
  // Streamlit follows a link to the screen that is open without changing the address.
  if (link.search !== location.search) history.pushState({}, "", link.search || location.pathname);
  went(link);
}

/** @param {StreamlitComponent<{ screen: string, known: Record<string, string> }>} component */
export default function ({ data, setTriggerValue }) {
  trigger = setTriggerValue;
  const { origin, pathname } = new URL(data.screen || ".", document.baseURI);
  screen = origin + pathname;
  // Somebody may have gone back before this was there to notice it.
  const now = new URLSearchParams(location.search);
  if (Object.entries(data.known).some(([key, text]) => (now.get(key) ?? "") !== text)) went(location);
  addEventListener("popstate", stepped, true);
  document.addEventListener("click", clicked, true);
  return () => {
    removeEventListener("popstate", stepped, true);
    document.removeEventListener("click", clicked, true);
  };
}
