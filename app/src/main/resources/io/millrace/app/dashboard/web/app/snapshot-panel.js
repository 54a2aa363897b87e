/** Beside the versions: one version's manifest, or how two versions differ. */

import {getJson} from './api.js';
import {card, empty, h, icon, setText} from './dom.js';
import {bytes, count, dateTime, percent, shape, small} from './format.js';

export class SnapshotPanel {
  element;
  #title;
  #body;
  #asked = null;

  constructor(onClose) {
    const close = h('button', {type: 'button', class: 'icon-button small', 'aria-label': 'Close', onclick: onClose}, icon('close'));
    const {element, body} = card('', {tools: [close], className: 'panel-card'});
    this.element = element;
    this.#title = element.querySelector('h2');
    this.#body = body;
    element.hidden = true;
  }

  /** Shows a version's manifest; null closes the panel. */
  async show(version) {
    if (version === null) {
      this.#asked = null;
      this.element.hidden = true;
      return;
    }
    await this.#load(`Version ${version}`, `/api/snapshots/${version}`, manifest);
  }

  async showDiff(a, b) {
    await this.#load(`Version ${a} and version ${b}`, `/api/snapshots/${a}/diff/${b}`, difference);
  }

  async #load(title, path, draw) {
    this.#asked = path;
    this.element.hidden = false;
    setText(this.#title, title);
    try {
      const answer = await getJson(path);
      if (this.#asked === path) {
        this.#body.replaceChildren(...draw(answer));
      }
    } catch (error) {
      if (this.#asked === path) {
        this.#body.replaceChildren(empty('Not to be had', error.message));
      }
    }
    if (this.#asked === path && this.element.getBoundingClientRect().top > innerHeight / 2) {
      this.element.scrollIntoView({block: 'start'});
    }
  }
}

/** A manifest is shown as it is: what the server adds later appears without a change here. */
function manifest(answer) {
  const {tensors, ...rest} = answer;
  const parts = [facts(rest)];
  if (Array.isArray(tensors)) {
    parts.push(h('h3', {}, `Tensors (${count(tensors.length)})`), table(
      ['Name', 'Shape', 'SHA-256'],
      tensors.map(({name, shape: sizes, sha256}) => [name, shape(sizes), h('code', {title: sha256}, sha256?.slice(0, 12) ?? '')])));
  }
  return parts;
}

function facts(object) {
  return h('dl', {class: 'facts'}, Object.entries(object).flatMap(([name, value]) => {
    if (value === null || value === undefined) {
      return [];
    }
    return isTree(value)
      ? [h('dt', {class: 'wide'}, h('details', {}, h('summary', {}, words(name)), tree(value)))]
      : [h('dt', {}, words(name)), h('dd', {}, text(name, value))];
  }));
}

function isTree(value) {
  return typeof value === 'object' && Object.keys(value).length > 0 && !(Array.isArray(value) && value.every((each) => typeof each !== 'object'));
}

function tree(value) {
  return Array.isArray(value)
    ? h('ol', {class: 'tree'}, value.map((each) => h('li', {}, typeof each === 'object' && each !== null ? facts(each) : String(each))))
    : facts(value);
}

/** windowAccuracy: window accuracy */
function words(name) {
  return name.replace(/Ms$/, '').replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
}

function text(name, value) {
  if (Array.isArray(value)) {
    return value.length > 0 ? value.join(', ') : 'none';
  }
  if (typeof value === 'object') {
    return 'none';
  }
  if (typeof value === 'number') {
    if (/TimeMs$|^timeMs$|WatermarkMs$|createdMs$/i.test(name)) {
      return dateTime(value);
    }
    if (/accuracy/i.test(name)) {
      return percent(value, 2);
    }
    return /bytes$/i.test(name) ? bytes(value) : Number.isInteger(value) ? count(value) : small(value);
  }
  return /sha256|fingerprint|seed/i.test(name) ? h('code', {}, String(value)) : String(value);
}

function difference({a, b, tensors, metrics}) {
  const most = Math.max(...tensors.map(({relativeChange}) => relativeChange), 1e-12);
  const equal = tensors.every((tensor) => tensor.equal);
  const parts = [h('p', {class: 'muted'}, equal ? 'Every tensor is equal, bit for bit.' : 'Change: the size of the difference as a share of the tensor’s own size.')];
  if (metrics && Object.keys(metrics).length > 0) {
    parts.push(metricsTable(a, b, metrics));
  }
  parts.push(table(['Tensor', 'Shape', 'Change', 'Largest'], tensors.map((tensor) => [
    tensor.name, shape(tensor.shape),
    tensor.equal ? 'equal' : bar(tensor.relativeChange, most), tensor.equal ? '' : small(tensor.maxChange),
  ])));
  return parts;
}

/** Metrics may come as `{name: [a, b]}` or `{a: {...}, b: {...}}`. */
function metricsTable(a, b, metrics) {
  const pairs = metrics.a && metrics.b
    ? Object.keys(metrics.a).map((name) => [name, metrics.a[name], metrics.b[name]])
    : Object.entries(metrics).filter(([, value]) => Array.isArray(value)).map(([name, [left, right]]) => [name, left, right]);
  return table(['Metric', `v${a}`, `v${b}`], pairs.map(([name, left, right]) => [words(name), text(name, left ?? '–'), text(name, right ?? '–')]));
}

function bar(value, most) {
  const fill = h('i', {});
  fill.style.width = `${Math.max(2, (value / most) * 100)}%`;
  return h('span', {class: 'bar-cell'}, h('span', {class: 'bar'}, fill), percent(value, value < 0.1 ? 2 : 0));
}

function table(titles, rows) {
  return h('div', {class: 'table-box'}, h(
    'table', {class: 'table compact'},
    h('thead', {}, h('tr', {}, titles.map((title) => h('th', {scope: 'col'}, title)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map((each) => h('td', {}, each)))))));
}
