// Makes elements. Rule of this file: whatever comes from a network is a text node or an attribute's
// value; nothing here or anywhere else parses markup, so a name can never become an element.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("td", {class: "number", onclick: act}, "4", other)`; null children are left out. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for a part of a drawing. */
export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/** A name that somebody else chose: shown as it is, its direction kept to itself, its whole in the tip. */
export function name(text, props = {}) {
  return h("bdi", { class: "name", title: text, ...props }, text);
}

/** A fragment in which every `{key}` of a text is the node given for it. */
export function woven(text, nodes) {
  const parts = text.split(/\{(\w+)\}/);
  return parts.map((part, number) => (number % 2 ? nodes[part] ?? `{${part}}` : part));
}

/** Replace what is in an element. */
export function put(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

function fill(element, props, children) {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled") element[key] = value;
    else if (key === "data") Object.assign(element.dataset, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
}
