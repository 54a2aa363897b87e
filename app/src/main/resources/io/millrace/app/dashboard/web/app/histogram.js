/** Histograms as small multiples: one SVG path each, so that a change of theme costs nothing. */

import {h, s, setAttribute, setText} from './dom.js';
import {small} from './format.js';

const WIDTH = 160;
const HEIGHT = 44;

/** A small histogram with its ends; `kind` colours it: `weights`, `gradients` or `activations`. */
export class Histogram {
  element;
  #path;
  #zero;
  #low;
  #high;
  #bad;
  #svg;

  constructor(label, kind) {
    this.#path = s('path', {class: `bars ${kind}`});
    this.#zero = s('line', {class: 'zero', y1: 0, y2: HEIGHT});
    this.#svg = s('svg', {class: 'histogram', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img'}, this.#path, this.#zero);
    this.#low = h('span', {});
    this.#high = h('span', {});
    this.#bad = h('span', {class: 'bad'});
    this.element = h('figure', {class: 'histogram-box'}, h('figcaption', {}, label), this.#svg,
      h('span', {class: 'histogram-ends'}, this.#low, this.#bad, this.#high));
    this.label = label;
  }

  draw(histogram) {
    const {low, high, counts, notFinite} = histogram;
    const most = Math.max(...counts, 1);
    const width = WIDTH / counts.length;
    let path = `M0 ${HEIGHT}`;
    counts.forEach((value, index) => {
      const top = value === 0 ? HEIGHT : Math.min(HEIGHT - 1, HEIGHT * (1 - value / most));
      path += `V${top.toFixed(1)}H${((index + 1) * width).toFixed(1)}`;
    });
    setAttribute(this.#path, 'd', `${path}V${HEIGHT}Z`);
    const zero = low < 0 && high > 0 ? (-low / (high - low)) * WIDTH : -1;
    setAttribute(this.#zero, 'x1', zero.toFixed(1));
    setAttribute(this.#zero, 'x2', zero.toFixed(1));
    setText(this.#low, small(round(low)));
    setText(this.#high, small(round(high)));
    setText(this.#bad, notFinite > 0 ? `${notFinite} not finite` : '');
    setAttribute(this.#svg, 'aria-label', `${this.label}: from ${small(round(low))} to ${small(round(high))}`);
  }
}

function round(value) {
  return value === null ? value : Number(value.toPrecision(2)); // What is not finite comes as null.
}
