// Draws an element by a module of /assets. The import stands inside the exported function: at the
// top level of a component it leaves WebKit with uninitialized variables when two stand on a page.
// What is imported exports draw(component) and remove(parentElement).

/** @type {{ draw: (component: StreamlitComponent) => void, remove: (parent: ParentNode) => void } | undefined} */
let module;
/** @type {WeakMap<ParentNode, StreamlitComponent>} */
const latest = new WeakMap();

/** @param {StreamlitComponent} component */
export default function (component) {
  const { parentElement } = component;
  latest.set(parentElement, component);
  if (module) module.draw(component);
  else {
    import(new URL("assets/MODULE", document.baseURI).href).then((loaded) => {
      module = loaded;
      // Only the newest of several drawings, and none of an element that is gone by now.
      if (latest.get(parentElement) === component) loaded.draw(component);
    });
  }
  return () => {
    latest.delete(parentElement);
    module?.remove(parentElement);
  };
}
