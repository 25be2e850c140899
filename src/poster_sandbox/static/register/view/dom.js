// Elements made by hand, and a way to bring the page up to date without losing focus, scroll or a half-made click.

const HANDLERS = ['onclick', 'oninput', 'onchange', 'onkeydown', 'onsubmit'];

/**
 * An element. Props: `test` (the hook for browser tests), `on…` handlers, `value`, `checked`, and attributes; false,
 * null and undefined leave a prop or child out.
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) setProp(element, name, value);
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setProp(element, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name === 'test') element.dataset.test = value;
  else if (name.startsWith('on')) element[name] = value;
  else if (name === 'value') {
    element.value = value;
    element.controlled = true;
  } else element.setAttribute(name, value === true ? '' : value);
}

/** Makes the children of `root` look like `children`, keeping every element that can stay. */
export function show(root, ...children) {
  const wanted = document.createElement(root.tagName);
  wanted.append(...children.flat(3).filter(Boolean));
  morphChildren(root, wanted);
  for (const element of root.querySelectorAll('[data-autofocus]')) {
    if (element.wasFocused) continue;
    element.wasFocused = true;
    element.focus();
  }
}

function morph(from, to) {
  if (from.nodeName !== to.nodeName || (from.dataset && from.dataset.key !== to.dataset.key)) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const name of HANDLERS) from[name] = to[name];
  morphChildren(from, to);
  if (to.controlled && from.value !== to.value) from.value = to.value;
}

function morphChildren(from, to) {
  const present = [...from.childNodes];
  const wanted = [...to.childNodes];
  wanted.forEach((child, index) => {
    if (present[index]) morph(present[index], child);
    else from.append(child);
  });
  for (const surplus of present.slice(wanted.length)) surplus.remove();
}
