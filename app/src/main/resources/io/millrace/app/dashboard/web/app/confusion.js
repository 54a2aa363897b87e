/** The confusion matrix as a heat map: one row for each label, one column for each predicted class. */

import {card, empty, h, setAttribute, setText, show} from './dom.js';
import {className, count, percent} from './format.js';

/** With more classes than this there is no room for numbers in the cells. */
const MOST_WITH_NUMBERS = 20;
/** From this share's root on, a cell's number is white. No colour in between lets either be read: it is left out. */
const WHITE_FROM = 0.8;
const DARKEST_BELOW = 0.74;
const LIGHTEST_ABOVE = {hit: 0.88, miss: 1};

export class ConfusionMatrix {
  element;
  #note;
  #table;
  #wrap;
  #empty;
  #detail;
  #cells = [];
  #recalls = [];
  #names = [];
  #counts = [];
  #selected = [0, 0];

  constructor() {
    const {element, body, note} = card('Confusion matrix');
    this.element = element;
    this.#note = note;
    this.#wrap = h('div', {class: 'matrix-wrap'});
    this.#empty = empty('No predictions yet', 'Rows will be the labels, columns what was predicted.');
    this.#detail = h('p', {class: 'matrix-detail', 'aria-live': 'polite'});
    body.append(this.#wrap, this.#detail, this.#empty);
  }

  draw(confusion, names) {
    const counts = confusion?.counts ?? [];
    const some = counts.length > 0 && confusion.size > 0;
    show(this.#wrap, some);
    show(this.#detail, some);
    show(this.#empty, !some);
    setText(this.#note, some ? `the last ${count(confusion.size)} predictions` : '');
    if (!some) {
      return;
    }
    if (counts.length !== this.#counts.length || names.join() !== this.#names.join()) {
      this.#names = names;
      this.#build(counts.length);
    }
    this.#counts = counts;
    counts.forEach((row, label) => this.#drawRow(row, label));
    this.#drawDetail();
  }

  #build(size) {
    const numbers = size <= MOST_WITH_NUMBERS;
    const names = Array.from({length: size}, (_, index) => className(this.#names, index));
    this.#cells = names.map((label, row) => names.map((predicted, column) => h('td', {
      tabindex: row === this.#selected[0] && column === this.#selected[1] ? '0' : '-1', 'data-row': row, 'data-column': column,
    })));
    this.#recalls = names.map(() => h('td', {class: 'recall'}));
    this.#table = h(
      'table', {class: numbers ? 'matrix' : 'matrix dense', role: 'grid', 'aria-label': 'Confusion matrix: rows are labels, columns are predictions'},
      h('thead', {}, h('tr', {}, h('td', {class: 'matrix-corner'}, 'label ╲ predicted'),
        names.map((name) => h('th', {scope: 'col', title: name}, h('span', {}, name))), h('th', {scope: 'col', title: 'Share of this label predicted right'}, h('span', {}, 'recall')))),
      h('tbody', {}, names.map((name, row) => h('tr', {}, h('th', {scope: 'row', title: name}, name), this.#cells[row], this.#recalls[row]))));
    this.#table.style.setProperty('--classes', size);
    this.#table.addEventListener('click', (event) => this.#pick(event.target.closest('td[data-row]')));
    this.#table.addEventListener('focusin', (event) => this.#pick(event.target.closest('td[data-row]')));
    this.#table.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && this.#pick(event.target.closest('td[data-row]')));
    this.#table.addEventListener('keydown', (event) => this.#onKey(event));
    this.#wrap.replaceChildren(this.#table);
  }

  #drawRow(row, label) {
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, predicted) => {
      const cell = this.#cells[label][predicted];
      const share = total === 0 ? 0 : value / total;
      if (this.#cells.length <= MOST_WITH_NUMBERS) {
        setText(cell, value === 0 ? '' : String(value));
      }
      const kind = label === predicted ? 'hit' : 'miss';
      const strength = strengthOf(share, kind);
      if (cell.dataset.strength !== strength) {
        cell.dataset.strength = strength;
        cell.className = share >= WHITE_FROM ** 2 ? `${kind} strong` : kind;
        cell.style.setProperty('--strength', strength);
      }
    });
    setText(this.#recalls[label], total === 0 ? '–' : percent(row[label] / total, 0));
  }

  #pick(cell) {
    if (!cell) {
      return;
    }
    this.#cellAt(this.#selected)?.setAttribute('tabindex', '-1');
    this.#selected = [Number(cell.dataset.row), Number(cell.dataset.column)];
    setAttribute(cell, 'tabindex', '0');
    this.#drawDetail();
  }

  #cellAt([row, column]) {
    return this.#cells[row]?.[column];
  }

  #onKey(event) {
    const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
    const next = step && this.#cellAt([this.#selected[0] + step[0], this.#selected[1] + step[1]]);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  #drawDetail() {
    const [label, predicted] = this.#selected;
    this.#table.querySelector('.selected')?.classList.remove('selected');
    this.#cellAt(this.#selected)?.classList.add('selected');
    const row = this.#counts[label] ?? [];
    const total = row.reduce((sum, value) => sum + value, 0);
    const value = row[predicted] ?? 0;
    const name = className(this.#names, label);
    const what = label === predicted ? `${name}, predicted right` : `${name}, predicted as ${className(this.#names, predicted)}`;
    setText(this.#detail, `${what}: ${count(value)} of ${count(total)}${total > 0 ? ` (${percent(value / total)})` : ''}`);
  }
}

/** How much colour a cell gets. The root makes small shares of mistakes visible: they are what one looks for. */
function strengthOf(share, kind) {
  const root = Math.sqrt(share);
  const lightest = LIGHTEST_ABOVE[kind];
  const strength = root < WHITE_FROM
    ? (root / WHITE_FROM) * DARKEST_BELOW : lightest + ((root - WHITE_FROM) / (1 - WHITE_FROM)) * (1 - lightest);
  return `${Math.round(strength * 100)}%`;
}
