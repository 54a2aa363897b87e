/**
 * The network as a graph, from its input down: a row for each node, and beside the rows its edges. An edge that passes
 * over other rows (a residual connection) takes a lane of its own.
 */

import {h, s, setAttribute} from './dom.js';
import {compact, shape} from './format.js';

const ROW = 38;
const LANE = 12;
const FIRST = 14;
const DOT = 5;

/** What an operation is, for the colour of its dot. */
function kindOf(operation) {
  const name = operation.toLowerCase();
  const kinds = [['conv', 'convolution'], ['linear', 'linear'], ['norm', 'norm'], ['pool', 'pool'], ['relu', 'activation'], ['gelu', 'activation'],
    ['tanh', 'activation'], ['sigmoid', 'activation'], ['silu', 'activation'], ['input', 'input'], ['add', 'join'], ['concat', 'join']];
  return kinds.find(([part]) => name.includes(part))?.[1] ?? 'other';
}

/** What most nodes have, and so says nothing of any. */
const USUAL = new Set(['bias true', 'dilation 1x1', 'groups 1', 'padding 0x0', 'stride 1x1', 'affine true']);

/**
 * A node's attributes, as the server lists them, in few words: `32 of 3x3, padding 1x1` for a convolution. A pooling
 * whose stride is its kernel is the usual one, too.
 */
export function brief(detail) {
  const all = detail.split(', ').filter((attribute) => attribute !== '' && !USUAL.has(attribute));
  const value = (name) => all.find((attribute) => attribute.startsWith(`${name} `))?.slice(name.length + 1);
  const [kernel, channels, features] = [value('kernel'), value('outChannels'), value('outFeatures')];
  const size = [channels ?? features, kernel].filter(Boolean).join(' of ');
  const rest = all.filter((attribute) => !/^(kernel|outChannels|outFeatures) /.test(attribute) && attribute !== `stride ${kernel}`);
  return [size, ...rest].filter(Boolean).join(', ');
}

/** Rows and edges of a network, as the server describes it; edges carry the lane that they take (0: straight down). */
export function layout(network) {
  const input = {name: 'input', operation: 'input', detail: '', inputs: [], output: network.input, parameters: 0};
  const rows = network.nodes.some(({name}) => name === 'input') ? network.nodes : [input, ...network.nodes];
  const at = new Map(rows.map(({name}, index) => [name, index]));
  const edges = rows.flatMap(({inputs}, to) => inputs.filter((name) => at.has(name)).map((name) => ({from: at.get(name), to, lane: 0})));
  const lanes = []; // For each lane, the row where its newest edge ends.
  edges.filter(({from, to}) => to > from + 1).sort((a, b) => a.from - b.from || a.to - b.to).forEach((edge) => {
    let lane = lanes.findIndex((end) => end <= edge.from);
    lane = lane < 0 ? lanes.length : lane;
    lanes[lane] = edge.to;
    edge.lane = lane + 1;
  });
  return {rows, edges, lanes: lanes.length};
}

/** Draws the graph; `onSelect` gets the name of a node whose row was pressed. */
export function networkGraph(network, onSelect) {
  const {rows, edges, lanes} = layout(network);
  const spine = FIRST + lanes * LANE;
  const gutter = spine + FIRST;
  const y = (row) => row * ROW + ROW / 2;
  const lines = edges.map(({from, to, lane}) => s('path', {class: lane === 0 ? 'edge' : 'edge skip', d: lane === 0
    ? `M${spine} ${y(from)}V${y(to)}` : skip(spine, spine - lane * LANE, y(from), y(to))}));
  const dots = rows.map(({operation}, row) => s('circle', {class: `node-dot ${kindOf(operation)}`, cx: spine, cy: y(row), r: DOT}));
  const svg = s('svg', {class: 'graph-edges', width: gutter, height: rows.length * ROW, 'aria-hidden': 'true'}, lines, dots);
  const list = h('ol', {class: 'graph-rows'}, rows.map((node) => h('li', {}, graphRow(node, onSelect))));
  const graph = h('div', {class: 'graph'}, svg, list);
  graph.style.setProperty('--row', `${ROW}px`);
  return graph;
}

/** Marks the rows of a selected node, or none. */
export function markSelected(graph, name) {
  graph.querySelectorAll('.graph-row').forEach((row) => setAttribute(row, 'aria-pressed', String(row.dataset.name === name)));
}

function skip(spine, lane, from, to) {
  const bend = Math.min(ROW / 2, 14);
  return `M${spine} ${from}C${lane} ${from} ${lane} ${from} ${lane} ${from + bend}V${to - bend}C${lane} ${to} ${lane} ${to} ${spine} ${to}`;
}

function graphRow(node, onSelect) {
  const residual = node.inputs.length > 1 ? `from ${node.inputs.join(' and ')}` : '';
  return h(
    'button', {type: 'button', class: 'graph-row', 'aria-pressed': 'false', 'data-name': node.name, onclick: () => onSelect(node.name)},
    h('span', {class: 'graph-name'}, h('b', {}, node.name),
      h('span', {class: 'graph-detail'}, [node.name === node.operation ? '' : node.operation, brief(node.detail), residual].filter(Boolean).join(' · '))),
    h('span', {class: 'graph-size'}, h('span', {}, shape(node.output)), h('span', {class: 'graph-detail'}, node.parameters > 0 ? `${compact(node.parameters)} parameters` : '')));
}
