/** Small helpers to build and to update the document: what did not change is not touched. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element. Attributes that are functions become listeners (`onclick`), `true` an empty attribute; `false`, `null` and
 * `undefined` are left out. Children are nodes or text; text is never read as HTML.
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** One of the icons that index.html defines. */
export function icon(name) {
  return s('svg', {class: 'icon', 'aria-hidden': 'true'}, s('use', {href: `#icon-${name}`}));
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets an attribute, or removes it where the value is null or false. */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

export function show(element, visible) {
  if (element.hidden === visible) {
    element.hidden = !visible;
  }
}

/**
 * Makes a container's children those of a list. A child is kept as long as its key is in the list, so that pictures are
 * not loaded again and the focus stays where it is.
 */
export function keyed(container, items, keyOf, create, update = () => {}) {
  const old = container.keyedChildren ?? new Map();
  const fresh = new Map(items.map((item) => [keyOf(item), item]));
  old.forEach((child, key) => fresh.has(key) || child.remove());
  let place = container.firstChild;
  fresh.forEach((item, key) => {
    const child = old.get(key) ?? create(item);
    fresh.set(key, child);
    update(child, item);
    if (child === place) {
      place = place.nextSibling;
    } else {
      container.insertBefore(child, place);
    }
  });
  container.keyedChildren = fresh;
}

/** A card: a titled part of a view. Returns the card with its `body`, `note` (beside the title) and `tools`. */
export function card(title, {note = '', tools = [], className = ''} = {}) {
  const noteElement = h('span', {class: 'card-note'}, note);
  const body = h('div', {class: 'card-body'});
  const element = h(
    'section', {class: `card ${className}`},
    h('header', {class: 'card-head'}, h('h2', {}, title), noteElement, h('span', {class: 'card-tools'}, tools)),
    body);
  return {element, body, note: noteElement};
}

/** What stands where there is nothing to show yet: what is missing, and what brings it. */
export function empty(title, hint = '') {
  return h('div', {class: 'empty'}, h('strong', {}, title), hint ? h('span', {}, hint) : null);
}

/** A group of which one button is pressed. `choices` are [value, label]; `onChoice` gets the value. */
export function segments(label, choices, chosen, onChoice) {
  const buttons = choices.map(([value, text]) =>
    h('button', {type: 'button', 'aria-pressed': String(value === chosen), onclick: () => choose(value)}, text));
  const choose = (value) => {
    choices.forEach(([each], index) => setAttribute(buttons[index], 'aria-pressed', String(each === value)));
    onChoice(value);
  };
  return h('div', {class: 'segments', role: 'group', 'aria-label': label}, buttons);
}
