/** What the server has told so far, and what of it is new since a view last looked. */

import {Series} from './series.js';

/** Ratios of updates to weights that are kept for the curve. */
const MAX_RATIOS = 1500;

export class Store {
  /** The answer of /api/state. */
  state = null;
  /** The newest metrics; see the event `metrics`. */
  latest = null;
  images = null;
  deadletters = null;
  layers = null;
  snapshots = null;
  stream = null;
  journal = null;
  /** `{connected, since, error, problems}`: whether the server reaches Kafka, and what it cannot read there. */
  status = {connected: true};
  /** `{state, error, retryAtMs}`: whether this page reaches the server. */
  link = {state: 'connecting'};
  /** How far the server's clock is ahead of this one. */
  clockOffsetMs = 0;
  series = new Series(900);
  /** `{step, ratios: {parameter: ratio}}`, oldest first. */
  ratios = [];
  #changes = {};

  /** The server's time: ages are measured by its clock, which wrote the times. */
  now() {
    return Date.now() + this.clockOffsetMs;
  }

  get classNames() {
    return this.state?.classNames ?? [];
  }

  get canControl() {
    return this.state?.canControl === true;
  }

  /** Takes an event of the server's. */
  take(kind, data) {
    switch (kind) {
      case 'state':
        this.state = data;
        this.clockOffsetMs = data.nowMs - Date.now();
        break;
      case 'metrics':
        this.series.append(data.points);
        this.latest = data.latest ?? this.latest;
        break;
      case 'layers':
        this.#takeLayers(data);
        break;
      case 'images':
      case 'deadletters':
      case 'snapshots':
      case 'stream':
      case 'journal':
      case 'status':
        this[kind] = data;
        break;
      default: // A newer server's: nothing that this page shows.
        return;
    }
    this.touch(kind);
  }

  #takeLayers(data) {
    if (data.parameters) {
      this.layers = data;
    }
    const history = data.history ?? [];
    const newest = this.ratios.at(-1)?.step ?? -1;
    if (history.length > 1 && history[0].step <= newest) {
      this.ratios = []; // A new connection begins with the whole history.
    }
    this.ratios.push(...history.filter((entry) => entry.step > (this.ratios.at(-1)?.step ?? -1)));
    this.ratios.splice(0, Math.max(0, this.ratios.length - MAX_RATIOS));
  }

  touch(kind) {
    this.#changes[kind] = (this.#changes[kind] ?? 0) + 1;
  }

  /** How often some kinds have changed. */
  changes(kinds) {
    return kinds.reduce((sum, kind) => sum + (this.#changes[kind] ?? 0), 0);
  }

  /**
   * What the learner is doing: `{kind, text}` with kind `learning`, `paused`, `idle` (no step for a while), `waiting`
   * (no step yet) or `offline`.
   */
  activity() {
    const live = this.link.state === 'live';
    if (!live) {
      return this.link.state === 'connecting'
        ? {kind: 'waiting', text: 'Connecting'} : {kind: 'offline', text: 'Offline'};
    }
    if (this.status.connected === false) {
      return this.status.error ? {kind: 'offline', text: 'No broker'} : {kind: 'waiting', text: 'Connecting to Kafka'};
    }
    if (this.latest === null) {
      return {kind: 'waiting', text: 'Waiting for the first step'};
    }
    if (this.latest.paused) {
      return {kind: 'paused', text: 'Paused'};
    }
    const silentMs = this.now() - this.latest.timeMs;
    return silentMs > Store.IDLE_MS ? {kind: 'idle', text: 'Idle'} : {kind: 'learning', text: 'Learning'};
  }

  static IDLE_MS = 15_000;
}

/** Tells a view's part whether what it shows has changed since it last asked. */
export class Seen {
  #store;
  #seen = new Map();

  constructor(store) {
    this.#store = store;
  }

  changed(...kinds) {
    const key = kinds.join();
    const now = this.#store.changes(kinds);
    if (this.#seen.get(key) === now) {
      return false;
    }
    this.#seen.set(key, now);
    return true;
  }

  /** Everything counts as changed again. */
  forget() {
    this.#seen.clear();
  }
}

