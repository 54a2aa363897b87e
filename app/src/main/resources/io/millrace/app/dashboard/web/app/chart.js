/** Curves by uPlot, in this page's colours, with the values in the card's head instead of a legend. */

import {h, setAttribute, setText} from './dom.js';
import {clock, compact} from './format.js';

const uPlot = window.uPlot;
const AXIS_FONT = '11px system-ui, sans-serif';
const POINT_SIZE = 7;
/** Distances between two marks of a time axis, in seconds. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400];

const colors = new Map();
let probe = null;

/** The present value of a colour variable: a canvas cannot read CSS. */
export function color(variable) {
  let value = colors.get(variable);
  if (value === undefined) {
    if (probe === null) {
      probe = h('span', {class: 'probe'});
      document.body.append(probe);
    }
    probe.style.color = `var(${variable})`;
    value = getComputedStyle(probe).color;
    colors.set(variable, value);
  }
  return value;
}

/** To be called when the theme has changed, before anything is drawn again. */
export function forgetColors() {
  colors.clear();
}

/**
 * One chart in a host element.
 *
 * `series` is a list of `{label, color, width, fill, dash}`; `range(low, high)` gives the ends of the y axis; `log` makes
 * that axis logarithmic; `format` writes a value, `axisFormat` one beside the axis.
 */
export class Chart {
  #host;
  #options;
  #plot = null;
  #overSteps = false;
  #size = [0, 0];
  #data = null;
  /** What is off the screen is drawn when it comes into view, and not each second. */
  #visible = false;
  #stale = null;
  #readouts;

  /** The values of the newest point, or of the one under the pointer. */
  legend;

  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    this.#readouts = options.series.map((series) => h('b', {}, '–'));
    this.legend = h('span', {class: 'legend'}, options.series.map((series, index) =>
      h('span', {class: 'legend-item'}, swatch(series), h('span', {class: 'legend-label'}, series.label), this.#readouts[index])));
    setAttribute(host, 'role', 'img');
    host.classList.add('chart');
    new ResizeObserver(() => this.#resize()).observe(host);
    new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1).isIntersecting;
      if (this.#visible && this.#stale !== null) {
        this.draw(...this.#stale);
      }
    }, {rootMargin: '80px'}).observe(host);
  }

  /** How many points are worth drawing: about one for each pixel and a half. */
  get most() {
    return Math.max(120, Math.round(this.#host.clientWidth / 1.5));
  }

  /** Draws columns: x, then one for each series. `to` is where the x axis ends, if later than the last point. */
  draw(columns, options = {}) {
    const {overSteps = false, to = null} = options;
    this.#stale = this.#visible ? null : [columns, options];
    if (this.#plot !== null && !this.#visible) {
      return;
    }
    setAttribute(this.#host, 'data-empty', columns[0].length === 0 ? '' : null);
    if (columns[0].length === 0 && this.#plot === null) {
      return;
    }
    if (this.#plot === null || overSteps !== this.#overSteps) {
      this.#overSteps = overSteps;
      this.#build();
    }
    this.#data = columns;
    const xs = columns[0];
    this.#plot?.batch(() => {
      this.#plot.setData(columns, false);
      if (xs.length > 0) {
        const end = Math.max(xs.at(-1), to ?? -Infinity);
        this.#plot.setScale('x', {min: Math.min(xs[0], end - (overSteps ? 1 : 10)), max: end});
      }
    });
    this.#read(this.#plot?.cursor.idx);
  }

  /** Draws the same in other colours. */
  recolor() {
    this.#plot?.redraw(false, true);
  }

  #resize() {
    const size = [this.#host.clientWidth, this.#host.clientHeight];
    if (size[0] > 0 && size[1] > 0 && (size[0] !== this.#size[0] || size[1] !== this.#size[1])) {
      this.#size = size;
      if (this.#plot === null) {
        if (this.#data !== null) {
          this.#build();
        }
      } else {
        this.#plot.setSize({width: size[0], height: size[1]});
      }
    }
  }

  #build() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#size = [this.#host.clientWidth, this.#host.clientHeight];
    if (this.#size[0] === 0) {
      return; // Not visible yet: the observer builds it.
    }
    const {series, sync} = this.#options;
    this.#plot = new uPlot({
      width: this.#size[0],
      height: this.#size[1],
      padding: [8, 14, 0, 0],
      legend: {show: false},
      cursor: {y: false, drag: {x: false, y: false}, points: {size: POINT_SIZE}, ...(sync ? {sync: {key: sync}} : {})},
      scales: {x: {time: !this.#overSteps}, y: this.#yScale()},
      axes: [this.#xAxis(), this.#yAxis()],
      series: [{}, ...series.map((each) => ({
        label: each.label,
        scale: 'y',
        stroke: () => color(each.color),
        fill: each.fill ? () => color(each.fill) : undefined,
        width: each.width ?? 1.5,
        dash: each.dash,
        points: {show: each.points ?? false, size: 4},
      }))],
      hooks: {setCursor: [(plot) => this.#read(plot.cursor.idx)]},
    }, this.#data ?? [[], ...series.map(() => [])], this.#host);
  }

  #yScale() {
    if (this.#options.log) {
      return {distr: 3};
    }
    return {range: (plot, low, high) => {
      if (low === null || !Number.isFinite(low) || !Number.isFinite(high)) {
        return [0, 1];
      }
      return (this.#options.range ?? padded)(low, high);
    }};
  }

  #xAxis() {
    const values = this.#overSteps
      ? (plot, splits) => splits.map((value) => compact(value))
      : (plot, splits, axis, space, increment) => splits.map((value) => clock(value * 1000, increment < 60));
    return {...axis(), size: 26, space: 70, gap: 9, values, ...(this.#overSteps ? {} : {incrs: TIME_STEPS})};
  }

  #yAxis() {
    const format = this.#options.axisFormat ?? this.#options.format;
    return {
      ...axis(), scale: 'y', size: 52, space: 34, gap: 6,
      values: (plot, splits) => splits.map((value) => (value === null ? null : format(value))),
    };
  }

  #read(index) {
    const xs = this.#data?.[0] ?? [];
    const hovered = typeof index === 'number' && index < xs.length;
    const values = this.#options.series.map((_, each) => {
      const column = this.#data?.[each + 1] ?? [];
      return hovered ? column[index] : column.findLast((value) => value !== null);
    });
    values.forEach((value, each) => setText(this.#readouts[each], value === undefined || value === null ? '–' : this.#options.format(value)));
    if (!hovered) {
      const words = values.map((value, each) => `${this.#options.series[each].label} ${value === undefined ? 'none yet' : this.#options.format(value)}`);
      setAttribute(this.#host, 'aria-label', `Curve: ${words.join(', ')}`);
    }
  }
}

function axis() {
  return {
    stroke: () => color('--muted'),
    font: AXIS_FONT,
    grid: {stroke: () => color('--grid'), width: 1},
    ticks: {show: false},
  };
}

function padded(low, high) {
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin];
}

function swatch(series) {
  const mark = h('i', {class: series.dash ? 'swatch dashed' : 'swatch'});
  mark.style.setProperty('--swatch', `var(${series.color})`);
  return mark;
}
