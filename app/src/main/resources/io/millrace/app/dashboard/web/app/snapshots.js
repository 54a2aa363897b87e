/** Snapshots: every version that was published, what became of it, and what can be done with it. */

import {ask, command, toast} from './dialogs.js';
import {card, empty, h, icon, keyed, setAttribute, setText, show} from './dom.js';
import {age, bytes, count, dateTime, percent, small} from './format.js';
import {SnapshotPanel} from './snapshot-panel.js';
import {Seen} from './store.js';

const SHORT_HASH = 10;
const ALIAS = /^[A-Za-z0-9._-]{1,64}$/;

export class SnapshotsView {
  #store;
  #context;
  #seen;
  #rows = h('tbody', {});
  #table;
  #nothing;
  #card;
  #publish;
  #compare;
  #chosen = new Set();
  #open = null;
  #panel = new SnapshotPanel(() => this.#show(null));

  constructor(panel, context) {
    this.#context = context;
    this.#store = context.store;
    this.#seen = new Seen(context.store);
    this.#compare = h('button', {type: 'button', class: 'button', disabled: true, onclick: () => this.#showDiff()}, 'Compare');
    this.#publish = h('button', {type: 'button', class: 'button', onclick: () => command({kind: 'publish'})}, 'Publish now');
    this.#card = card('Versions', {tools: [this.#compare, this.#publish], className: 'versions-card'});
    this.#table = h(
      'table', {class: 'table cards'},
      h('thead', {}, h('tr', {}, ['', 'Version', 'Step', 'Accuracy', 'Loss', 'Age', 'SHA-256', 'Aliases', ''].map((title) =>
        h('th', {scope: 'col', class: ['Step', 'Accuracy', 'Loss'].includes(title) ? 'number' : null}, title)))),
      this.#rows);
    this.#nothing = empty('No snapshot yet', 'The learner publishes one every few hundred steps; “Publish now” asks for one at once.');
    this.#card.body.append(h('div', {class: 'table-box'}, this.#table), this.#nothing);
    panel.append(
      h('h1', {class: 'visually-hidden'}, 'Snapshots'),
      h('div', {class: 'columns snapshots-columns'}, this.#card.element, this.#panel.element));
  }

  draw() {
    const {snapshots, canControl} = this.#store;
    show(this.#publish, canControl);
    if (this.#seen.changed('snapshots', 'state')) {
      const versions = snapshots?.versions ?? [];
      show(this.#table, versions.length > 0);
      show(this.#nothing, versions.length === 0);
      setText(this.#card.note, versions.length === 0 ? '' : `${count(versions.length)}, newest first`);
      keyed(this.#rows, versions, ({version}) => version, ({version}) => this.#row(version), (row, version) => row.update(version));
    }
    const now = this.#store.now();
    for (const row of this.#rows.children) {
      setText(row.ageElement, age(row.timeMs, now));
    }
  }

  #row(version) {
    const cells = Object.fromEntries(['step', 'accuracy', 'loss', 'age', 'aliases'].map((name) => [name, h('span', {})]));
    const parent = h('span', {class: 'muted'});
    const hash = h('code', {});
    const box = h('input', {type: 'checkbox', 'aria-label': `Choose version ${version} to compare`, onchange: () => this.#choose(version, box)});
    const open = h('button', {type: 'button', class: 'link', 'aria-label': `Details of version ${version}`, onclick: () => this.#show(version)}, `v${version}`);
    const copy = h('button', {type: 'button', class: 'icon-button small', 'aria-label': `Copy the SHA-256 of version ${version}`, title: 'Copy', onclick: () => copyText(row.sha256)}, icon('copy'));
    const actions = h('span', {class: 'row-actions'},
      h('button', {type: 'button', class: 'button small', onclick: () => this.#promote(version)}, 'Promote…'),
      h('button', {type: 'button', class: 'button small', onclick: () => this.#rollBack(version)}, 'Roll back…'));
    const cell = (label, content, className = '') => h('td', {'data-label': label, class: className}, content);
    const row = h(
      'tr', {},
      cell('', box, 'choose'), cell('Version', h('span', {}, open, ' ', parent)), cell('Step', cells.step, 'number'), cell('Accuracy', cells.accuracy, 'number'),
      cell('Loss', cells.loss, 'number'), cell('Age', cells.age), cell('SHA-256', h('span', {class: 'hash'}, hash, copy)), cell('Aliases', cells.aliases),
      cell('', actions, 'actions'));
    row.ageElement = cells.age;
    row.update = (snapshot) => {
      row.timeMs = snapshot.timeMs;
      row.sha256 = snapshot.sha256;
      setText(parent, snapshot.parent === null ? '' : `from v${snapshot.parent}`);
      setText(cells.step, count(snapshot.step));
      setText(cells.accuracy, percent(snapshot.windowAccuracy));
      setText(cells.loss, small(snapshot.windowLoss));
      setText(hash, snapshot.sha256.slice(0, SHORT_HASH));
      setAttribute(row, 'title', `${dateTime(snapshot.timeMs)} · ${bytes(snapshot.bytes)}${snapshot.signed ? ` · signed by ${snapshot.signed}` : ''}`);
      keyed(cells.aliases, [...snapshot.aliases, ...(snapshot.retained === false ? [''] : [])], (alias) => alias, (alias) =>
        alias === '' ? h('span', {class: 'tag gone', title: 'Its tensors were retired'}, 'retired') : h('span', {class: 'tag'}, alias));
      row.classList.toggle('current', snapshot.version === this.#open);
      show(actions, this.#store.canControl && snapshot.retained !== false);
    };
    return row;
  }

  #choose(version, box) {
    if (box.checked) {
      this.#chosen.add(version);
      if (this.#chosen.size > 2) {
        const [oldest] = this.#chosen;
        this.#chosen.delete(oldest);
        this.#rows.keyedChildren.get(oldest).querySelector('input').checked = false;
      }
    } else {
      this.#chosen.delete(version);
    }
    setAttribute(this.#compare, 'disabled', this.#chosen.size === 2 ? null : '');
    const [a, b] = [...this.#chosen].sort((left, right) => left - right);
    setText(this.#compare, this.#chosen.size === 2 ? `Compare v${a} and v${b}` : 'Compare');
  }

  #show(version) {
    this.#open = version;
    this.#seen.forget();
    this.#panel.show(version);
    this.#context.repaint();
  }

  #showDiff() {
    const [a, b] = [...this.#chosen].sort((left, right) => left - right);
    this.#open = null;
    this.#seen.forget();
    this.#panel.showDiff(a, b);
    this.#context.repaint();
  }

  async #promote(version) {
    const known = Object.keys(this.#store.snapshots?.aliases ?? {});
    const answer = await ask({
      title: `Promote version ${version}`,
      text: 'Programs that follow the alias load this version. A version with an alias is kept.',
      confirm: 'Promote',
      fields: [{
        name: 'alias', label: 'Alias', value: known[0] ?? 'champion', options: known,
        check: (text) => (ALIAS.test(text) ? '' : 'Expected letters, digits, dots, dashes and underscores, at most 64.'),
      }],
    });
    if (answer) {
      await command({kind: 'alias', alias: answer.alias, version});
    }
  }

  async #rollBack(version) {
    const answer = await ask({
      title: `Roll back to version ${version}?`,
      text: [`Learning goes on from the weights of version ${version}; they are published at once as a new version whose parent is ${version}.`,
        'Velocities begin at zero. Step, schedule, input and metrics go on; no snapshot is lost.'],
      confirm: `Roll back to v${version}`,
      danger: true,
    });
    if (answer) {
      await command({kind: 'rollBack', version});
    }
  }
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('SHA-256 copied', 'good');
  } catch {
    toast(text); // The clipboard is closed to pages beyond loopback: here it can be selected.
  }
}
