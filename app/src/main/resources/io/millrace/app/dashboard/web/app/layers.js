/** Layers: the network, what its first filters look like, and how its weights, gradients and activations are spread. */

import {Chart} from './chart.js';
import {card, empty, h, keyed, setAttribute, setText, show} from './dom.js';
import {compact, count, percent, shape, small} from './format.js';
import {markSelected, networkGraph} from './graph.js';
import {Histogram} from './histogram.js';
import {setPicture} from './pictures.js';
import {Seen} from './store.js';

/** Colours of the curves. More are not told apart: those of the largest matrices are drawn, and the selected layer's. */
const PALETTE = 8;
/** An update of a thousandth of a weight's size at each step is what people aim at; far above is too fast. */
const GUIDE = 1e-3;

export class LayersView {
  #store;
  #context;
  #seen;
  #selected = null;
  #graphCard = card('Network', {className: 'network-card'});
  #graph = null;
  #filtersCard = card('First filters');
  #filters;
  #filtersText;
  #ratioCard = card('Update-to-weight ratio', {className: 'chart-card ratio-card'});
  #ratioBody = h('div', {});
  #ratios = null;
  #ratioNames = [];
  #histograms = card('Histograms');
  #list = h('ul', {class: 'layer-list'});
  #nothing;

  constructor(panel, context) {
    this.#context = context;
    this.#store = context.store;
    this.#seen = new Seen(context.store);
    this.#filters = h('img', {class: 'filters pixels', alt: 'The filters of the first convolution'});
    this.#filtersText = h('p', {class: 'muted'});
    this.#filtersCard.body.append(h('div', {class: 'filters-box'}, this.#filters), this.#filtersText);
    this.#ratioBody.append(empty('No steps yet'));
    this.#ratioCard.body.append(this.#ratioBody);
    this.#nothing = empty('No statistics of layers yet', 'The learner looks into its layers every few hundred steps (metrics.layersEverySteps).');
    this.#histograms.body.append(this.#list, this.#nothing);
    panel.append(
      h('h1', {class: 'visually-hidden'}, 'Layers'),
      h('div', {class: 'columns layers-columns'},
        this.#graphCard.element,
        h('div', {class: 'stack'},
          h('div', {class: 'columns layers-top'}, this.#filtersCard.element, this.#ratioCard.element),
          this.#histograms.element)));
  }

  draw() {
    const {state, layers} = this.#store;
    if (this.#seen.changed('state')) {
      this.#drawGraph(state?.network);
    }
    if (!this.#seen.changed('layers')) {
      return;
    }
    setText(this.#histograms.note, layers ? `step ${count(layers.step)}` : '');
    this.#drawFilters(layers);
    this.#drawRatios(layers);
    this.#drawHistograms(layers);
  }

  #drawGraph(network) {
    const {body, note} = this.#graphCard;
    if (!network) {
      body.replaceChildren(empty('No network yet', 'It comes with the first snapshot.'));
      return;
    }
    if (this.#graph?.fingerprint === network.fingerprint && this.#graph?.nodes === network.nodes.length) {
      return;
    }
    setText(note, `${network.name} · ${compact(network.parameters)} parameters`);
    const element = networkGraph(network, (name) => this.#select(name));
    this.#graph = {element, fingerprint: network.fingerprint, nodes: network.nodes.length};
    body.replaceChildren(h('div', {class: 'graph-scroll', tabindex: '0', role: 'group', 'aria-label': 'The nodes of the network'}, element));
  }

  #select(name) {
    this.#selected = this.#selected === name ? null : name;
    markSelected(this.#graph.element, this.#selected);
    this.#drawRatios(this.#store.layers);
    this.#drawHistograms(this.#store.layers);
  }

  #drawFilters(layers) {
    const filters = layers?.filters;
    show(this.#filters.parentElement, Boolean(filters));
    if (filters) {
      setPicture(this.#filters, `/api/layers/filters.png?step=${layers.step}`);
      setText(this.#filtersText, `${filters.parameter}, ${shape(filters.shape)}, dark for the least weight, light for the greatest; step ${count(layers.step)}`);
    } else {
      setText(this.#filtersText, layers ? 'The first layer is not a convolution.' : 'Nothing to show yet.');
    }
  }

  #drawRatios(layers) {
    if (!layers) {
      return;
    }
    const rows = this.#store.ratios;
    const names = curveNames(layers, this.#selected);
    if (this.#ratios === null || names.join() !== this.#ratioNames.join()) {
      this.#ratioNames = names;
      this.#buildRatios(names);
    }
    const columns = [
      rows.map(({step}) => step),
      ...names.map((name) => rows.map(({ratios}) => (ratios[name] > 0 ? ratios[name] : null))),
      rows.map(() => GUIDE),
    ];
    this.#ratios.draw(columns, {overSteps: true});
  }

  #buildRatios(names) {
    const series = names.map((name, index) => ({label: name.replace(/\.weight$/, ''), color: `--series-${index + 1}`, width: 1.5}));
    series.push({label: 'guide', color: '--muted', width: 1, dash: [5, 5]});
    const body = h('div', {});
    this.#ratioBody.replaceWith(body);
    this.#ratioBody = body;
    this.#ratios = new Chart(body, {series, log: true, format: (value) => value.toExponential(1).replace('e+', 'e')});
    this.#ratioCard.element.querySelector('.card-legend')?.remove();
    this.#ratioCard.body.after(h('div', {class: 'card-legend'}, this.#ratios.legend));
  }

  #drawHistograms(layers) {
    const wanted = rowsOf(layers, this.#store.state?.network).filter(({layer}) => this.#selected === null || layer === this.#selected);
    show(this.#list, wanted.length > 0);
    show(this.#nothing, wanted.length === 0);
    setText(this.#nothing.querySelector('strong'), this.#selected && layers ? `${this.#selected} has nothing to measure` : 'No statistics of layers yet');
    keyed(this.#list, wanted, ({layer}) => layer, layerRow, (element, row) => element.update(row));
  }

  recolor() {
    this.#ratios?.recolor();
  }
}

/** The parameters whose curves are drawn: weights, not biases, and of many the ones with the largest norms. */
function curveNames(layers, selected) {
  const weights = (layers?.parameters ?? []).filter(({name}) => name.endsWith('weight'));
  const rank = ({name, weightNorm}) => (name === `${selected}.weight` ? Infinity : weightNorm);
  const kept = new Set([...weights].sort((a, b) => rank(b) - rank(a)).slice(0, PALETTE));
  return weights.filter((parameter) => kept.has(parameter)).map(({name}) => name);
}

/** Parameters and activations, gathered by layer in the network's order. */
function rowsOf(layers, network) {
  const rows = new Map();
  const row = (layer) => {
    if (!rows.has(layer)) {
      rows.set(layer, {layer, parameters: [], activation: null});
    }
    return rows.get(layer);
  };
  network?.nodes.forEach(({name}) => row(name));
  layers?.parameters.forEach((parameter) => row(parameter.name.slice(0, parameter.name.lastIndexOf('.'))).parameters.push(parameter));
  layers?.activations.forEach((activation) => {
    row(activation.layer).activation = activation;
  });
  return [...rows.values()].filter(({parameters, activation}) => parameters.length > 0 || activation !== null);
}

function layerRow() {
  const name = h('b', {});
  const facts = h('span', {class: 'muted'});
  const plots = h('div', {class: 'histograms'});
  const element = h('li', {class: 'layer-row'}, h('div', {class: 'layer-head'}, name, facts), plots);
  const shown = new Map();
  const plot = (label, kind) => {
    if (!shown.has(label)) {
      const histogram = new Histogram(label, kind);
      shown.set(label, histogram);
      plots.append(histogram.element);
    }
    return shown.get(label);
  };
  element.update = ({layer, parameters, activation}) => {
    setText(name, layer);
    setText(facts, factsOf(parameters, activation));
    for (const parameter of parameters) {
      const short = parameter.name.slice(parameter.name.lastIndexOf('.') + 1);
      plot(short, 'weights').draw(parameter.weights);
      plot(`gradient of ${short}`, 'gradients').draw(parameter.gradients);
    }
    if (activation !== null) {
      plot('activations', 'activations').draw(activation.values);
    }
    setAttribute(element, 'data-layer', layer);
  };
  return element;
}

function factsOf(parameters, activation) {
  const ratio = parameters.find(({name}) => name.endsWith('weight'))?.ratio;
  return [
    ratio === undefined ? '' : `ratio ${short(ratio)}`,
    activation === null ? '' : `${shape(activation.shape)} · mean ${short(activation.mean)} ± ${short(activation.standardDeviation)} · ${percent(activation.zeros, 0)} zeros`,
  ].filter(Boolean).join(' · ');
}

/** Two digits that matter; what is not finite comes as null. */
function short(value) {
  return value === null ? small(value) : small(Number(value.toPrecision(2)));
}
