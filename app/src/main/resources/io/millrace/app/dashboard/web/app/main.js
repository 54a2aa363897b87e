/**
 * The page: one stream of events into one store, six views of it. The view that is seen is drawn at most once a second,
 * and nothing is done, not even listened, while the page is hidden.
 */

import {getJson, setToken, takeToken} from './api.js';
import {Banners} from './banners.js';
import {forgetColors} from './chart.js';
import {DrawView} from './draw.js';
import {EventStream} from './events.js';
import {Header} from './header.js';
import {ImagesView} from './images.js';
import {LayersView} from './layers.js';
import {OverviewView} from './overview.js';
import {SnapshotsView} from './snapshots.js';
import {Store} from './store.js';
import {StreamView} from './stream.js';
import {Tabs} from './tabs.js';

const REPAINT_MS = 1_000;
/** The server reads its own history when it starts: soon after, it has more than at first. */
const HISTORY_AGAIN_MS = [4_000, 15_000, 60_000];

class Page {
  #store = new Store();
  #views = {};
  #tabs;
  #header = new Header(this.#store);
  #banners = new Banners(this.#store, (token) => this.#useToken(token));
  #events = new EventStream('/api/events', (kind, data) => this.#take(kind, data), (link) => this.#linkChanged(link));
  #timers = [];

  start() {
    takeToken();
    const context = {
      store: this.#store,
      loadHistory: (seconds) => this.#loadHistory(seconds),
      repaint: () => this.#repaint(),
      open: (view) => this.#tabs.open(view),
    };
    for (const [name, View] of Object.entries({
      overview: OverviewView, images: ImagesView, layers: LayersView,
      snapshots: SnapshotsView, stream: StreamView, draw: DrawView,
    })) {
      this.#views[name] = new View(document.getElementById(`panel-${name}`), context);
    }
    this.#tabs = new Tabs(Object.keys(this.#views), (shown, hidden) => {
      this.#views[hidden]?.hide?.();
      this.#views[shown].show?.();
      this.#repaint();
    });
    this.#tabs.start();
    this.#followTheme();
    document.addEventListener('visibilitychange', () => this.#followVisibility());
    setInterval(() => this.#repaint(), REPAINT_MS);
    this.#followVisibility();
  }

  #followVisibility() {
    if (document.hidden) {
      this.#events.stop();
      this.#timers.forEach(clearTimeout);
      this.#views[this.#tabs.current].hide?.();
      return;
    }
    this.#events.start();
    this.#views[this.#tabs.current].show?.();
    this.#repaint();
  }

  #take(kind, data) {
    this.#store.take(kind, data);
    if (kind === 'state') {
      this.#repaint(); // The first thing that comes: the page has something to show.
    }
  }

  #linkChanged(link) {
    const wasLive = this.#store.link.state === 'live';
    this.#store.link = link;
    this.#store.touch('link');
    if (link.state === 'live' && !wasLive) {
      this.#timers.forEach(clearTimeout);
      const load = () => this.#loadHistory(this.#store.series.seconds);
      load();
      this.#timers = HISTORY_AGAIN_MS.map((ms) => setTimeout(load, ms));
    }
    this.#repaint();
  }

  async #loadHistory(seconds) {
    try {
      const {points} = await getJson(`/api/history?seconds=${seconds}`);
      this.#store.series.reset(seconds, points);
      this.#store.touch('metrics');
      this.#repaint();
    } catch {
      // The stream of events meets the same trouble, says so, and asks again when it is over.
    }
  }

  #useToken(token) {
    setToken(token);
    this.#events.stop();
    this.#events.start();
  }

  #repaint() {
    if (document.hidden || this.#tabs === undefined) {
      return;
    }
    performance.mark('repaint-start');
    this.#header.draw();
    this.#banners.draw();
    this.#views[this.#tabs.current].draw();
    performance.measure('repaint', 'repaint-start');
    if (performance.getEntriesByName('repaint').length > 200) {
      performance.clearMarks();
      performance.clearMeasures();
    }
  }

  #followTheme() {
    const changed = () => {
      forgetColors();
      Object.values(this.#views).forEach((view) => view.recolor?.());
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
    this.#header.onThemeChange(changed);
  }
}

new Page().start();
