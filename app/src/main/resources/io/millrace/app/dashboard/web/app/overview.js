/** Overview: how well it learns and how fast, now and over the last day. */

import {Chart} from './chart.js';
import {ask, command} from './dialogs.js';
import {card, h, icon, segments, setAttribute, setText, show} from './dom.js';
import {age, compact, count, percent, readable, small} from './format.js';
import {FIELDS} from './series.js';
import {Seen} from './store.js';

const SPANS = [[900, '15 min'], [3600, '1 h'], [21600, '6 h'], [86400, '24 h']];
const SYNC = 'overview';

const share = (low, high) => {
  const margin = Math.max(0.01, (high - low) * 0.08);
  return [Math.max(0, low - margin), Math.min(1, high + margin)];
};
const fromZero = (low, high) => [0, high > 0 ? high * 1.1 : 1];

/** What each chart shows. The window's mean is the thick line, what each minibatch said the thin one behind it. */
const CHARTS = [
  {title: 'Accuracy', wide: true, fields: ['accuracy', 'windowAccuracy'], range: share, format: (value) => percent(value),
    axisFormat: (value) => percent(value, Number.isInteger(Math.round(value * 1e4) / 100) ? 0 : 1), labels: ['minibatch', 'window']},
  {title: 'Loss', wide: true, fields: ['loss', 'windowLoss'], range: fromZero, format: small, labels: ['minibatch', 'window']},
  {title: 'Images/s', fields: ['imagesPerSecond'], range: fromZero, format: readable, axisFormat: compact, labels: ['images/s']},
  {title: 'Lag', fields: ['lag'], range: fromZero, format: readable, axisFormat: compact, labels: ['records']},
  {title: 'Learning rate', fields: ['learningRate'], range: fromZero, format: small, labels: ['rate']},
  {title: 'Gradient norm', fields: ['gradientNorm'], range: fromZero, format: small, labels: ['norm']},
];

const TILES = [
  ['accuracy', 'Accuracy'], ['loss', 'Loss'], ['speed', 'Images/s'], ['lag', 'Lag'], ['step', 'Step'],
  ['rate', 'Learning rate'], ['version', 'Newest version'],
];

export class OverviewView {
  #store;
  #context;
  #seen;
  #overSteps = false;
  #tiles = {};
  #charts = [];
  #pause;
  #rate;
  #publish;

  constructor(panel, context) {
    this.#context = context;
    this.#store = context.store;
    this.#seen = new Seen(context.store);
    const tiles = h('div', {class: 'tiles'}, TILES.map(([key, label]) => this.#tile(key, label)));
    const grid = h('div', {class: 'chart-grid'}, CHARTS.map((options) => this.#chart(options)));
    panel.append(h('h1', {class: 'visually-hidden'}, 'Overview'), tiles, this.#toolbar(), grid);
  }

  #tile(key, label) {
    const value = h('span', {class: 'tile-value'}, '–');
    const note = h('span', {class: 'tile-note'}, '\u00a0');
    this.#tiles[key] = {value, note};
    return h('div', {class: 'tile', id: `tile-${key}`}, h('span', {class: 'tile-label'}, label), value, note);
  }

  #toolbar() {
    this.#pause = h('button', {type: 'button', class: 'button', id: 'pause', onclick: () => this.#togglePause()}, icon('pause'), h('span', {}, 'Pause'));
    this.#rate = h('button', {type: 'button', class: 'button', onclick: () => this.#askRate()}, 'Learning rate…');
    this.#publish = h('button', {type: 'button', class: 'button', onclick: () => command({kind: 'publish'})}, 'Publish now');
    return h(
      'div', {class: 'toolbar'},
      segments('Span', SPANS, 900, (seconds) => this.#context.loadHistory(seconds)),
      segments('Axis', [[false, 'Time'], [true, 'Step']], false, (overSteps) => {
        this.#overSteps = overSteps;
        this.#seen.forget();
        this.#context.repaint();
      }),
      h('span', {class: 'spacer'}), this.#pause, this.#rate, this.#publish);
  }

  #chart({title, wide, fields, range, format, axisFormat, labels}) {
    const behind = fields.length > 1;
    const series = fields.map((field, index) => {
      const main = index === fields.length - 1;
      return {
        label: labels[index], color: main ? '--series-1' : '--series-faint', width: main ? 2 : 1,
        fill: main && !behind ? '--series-1-fill' : undefined,
      };
    });
    const body = h('div', {});
    const chart = new Chart(body, {series, range, format, axisFormat, sync: SYNC});
    const {element} = card(title, {tools: [chart.legend], className: wide ? 'chart-card wide' : 'chart-card'});
    element.querySelector('.card-body').append(body);
    this.#charts.push({chart, fields: fields.map((field) => FIELDS[field])});
    return element;
  }

  draw() {
    this.#drawTiles();
    if (this.#seen.changed('metrics')) {
      const to = this.#overSteps || this.#store.activity().kind !== 'learning' ? null : this.#store.now() / 1000;
      this.#charts.forEach(({chart, fields}) =>
        chart.draw(this.#store.series.columns(fields, this.#overSteps, chart.most), {overSteps: this.#overSteps, to}));
    }
  }

  #drawTiles() {
    const store = this.#store;
    const now = store.latest;
    const newest = store.snapshots?.versions?.[0];
    const put = (key, value, note) => {
      setText(this.#tiles[key].value, value);
      setText(this.#tiles[key].note, note || '\u00a0');
    };
    put('accuracy', percent(now?.windowAccuracy), now ? `last ${count(now.windowSize)} images` : '');
    put('loss', small(now?.windowLoss), now ? `all: ${small(now.cumulativeLoss)}` : '');
    put('speed', readable(now?.imagesPerSecond), now ? `${count(now.batchSize)} a step` : '');
    put('lag', readable(now?.lagTotal), now ? 'records unread' : '');
    put('step', count(now?.step), now ? `${count(now.images)} images` : '');
    put('rate', small(now?.learningRate), skips(now));
    put('version', newest ? `v${newest.version}` : '–', newest ? age(newest.timeMs, store.now()) : 'no snapshot yet');
    this.#drawControls(now);
  }

  #drawControls(now) {
    const may = this.#store.canControl;
    const paused = now?.paused === true;
    [this.#pause, this.#rate, this.#publish].forEach((button) => show(button, may));
    if (this.#pause.dataset.paused !== String(paused)) {
      this.#pause.dataset.paused = String(paused);
      this.#pause.replaceChildren(icon(paused ? 'play' : 'pause'), h('span', {}, paused ? 'Resume' : 'Pause'));
    }
    setAttribute(this.#pause, 'disabled', now === null ? '' : null);
  }

  async #togglePause() {
    this.#pause.setAttribute('aria-busy', 'true');
    await command({kind: this.#store.latest?.paused ? 'resume' : 'pause'});
    this.#pause.removeAttribute('aria-busy');
  }

  async #askRate() {
    const answer = await ask({
      title: 'Learning rate',
      text: 'Takes the place of the schedule’s rate, from the next step on. Leave it empty to go back to the schedule.',
      confirm: 'Set the rate',
      fields: [{
        name: 'rate', label: 'Rate', value: small(this.#store.latest?.learningRate), inputmode: 'decimal',
        check: (text) => (text === '' || Number(text) > 0 ? '' : `Expected a number above 0, got “${text}”.`),
      }],
    });
    if (answer) {
      await command({kind: 'learningRate', rate: answer.rate === '' ? null : Number(answer.rate)});
    }
  }

  recolor() {
    this.#charts.forEach(({chart}) => chart.recolor());
  }
}

function skips(now) {
  if (!now) {
    return '';
  }
  return now.skippedMinibatches > 0 ? `${count(now.skippedMinibatches)} refused` : 'none refused';
}
