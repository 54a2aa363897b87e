/** The line that is always there: which model, what it is doing, its newest version; and the page's title. */

import {setAttribute, setText} from './dom.js';
import {age, percent} from './format.js';

export class Header {
  #store;
  #model = document.getElementById('model');
  #status = document.getElementById('status');
  #newest = document.getElementById('newest');
  #theme = document.getElementById('theme');

  constructor(store) {
    this.#store = store;
    this.#nameTheme(window.millraceTheme.current());
  }

  onThemeChange(listener) {
    this.#theme.addEventListener('click', () => {
      this.#nameTheme(window.millraceTheme.next());
      listener();
    });
  }

  #nameTheme(choice) {
    const text = `Theme: ${choice}. Press for the next.`;
    setAttribute(this.#theme, 'aria-label', text);
    setAttribute(this.#theme, 'title', text);
  }

  draw() {
    const store = this.#store;
    const {kind, text} = store.activity();
    const newest = store.snapshots?.versions?.[0];
    setText(this.#model, store.state?.model ?? '');
    setAttribute(this.#status, 'data-kind', kind);
    setText(this.#status, text);
    setText(this.#newest, newest ? `v${newest.version} · ${age(newest.timeMs, store.now())}` : '');
    const accuracy = store.latest?.windowAccuracy;
    const name = store.state?.model ? `${store.state.model} · Millrace` : 'Millrace';
    document.title = accuracy === undefined ? name : `${percent(accuracy)} ${name}`;
  }
}
