/** The six views as tabs: by address (`#layers`), by pointer, by arrow keys on the tabs, and by the keys 1 to 6 anywhere. */

import {setAttribute, show} from './dom.js';

export class Tabs {
  #names;
  #onChange;
  #current = null;

  /** @param onChange gets the name of the view that is shown and of the one that was (null at first) */
  constructor(names, onChange) {
    this.#names = names;
    this.#onChange = onChange;
  }

  get current() {
    return this.#current ?? this.#names[0];
  }

  start() {
    addEventListener('hashchange', () => this.#follow());
    document.addEventListener('keydown', (event) => this.#onKey(event));
    document.getElementById('tabs').addEventListener('keydown', (event) => this.#onTabKey(event));
    this.#follow();
  }

  open(name) {
    location.hash = name;
  }

  #follow() {
    const wanted = location.hash.slice(1);
    const name = this.#names.includes(wanted) ? wanted : this.#current ?? this.#names[0];
    if (name === this.#current) {
      return;
    }
    const before = this.#current;
    this.#current = name;
    for (const each of this.#names) {
      const tab = document.getElementById(`tab-${each}`);
      setAttribute(tab, 'aria-selected', String(each === name));
      setAttribute(tab, 'tabindex', each === name ? '0' : '-1');
      show(document.getElementById(`panel-${each}`), each === name);
    }
    document.getElementById(`tab-${name}`).scrollIntoView?.({block: 'nearest', inline: 'nearest'});
    scrollTo(0, 0);
    this.#onChange(name, before);
  }

  #onKey(event) {
    const number = Number(event.key);
    const busy = event.target.closest?.('input, textarea, select, dialog') ?? document.querySelector('dialog[open]');
    if (busy || event.ctrlKey || event.altKey || event.metaKey || !(number >= 1 && number <= this.#names.length)) {
      return;
    }
    this.#choose(number - 1);
  }

  #onTabKey(event) {
    const last = this.#names.length - 1;
    const at = this.#names.indexOf(this.#current);
    const to = {
      ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#choose(to);
    }
  }

  #choose(index) {
    this.open(this.#names[index]);
    document.getElementById(`tab-${this.#names[index]}`).focus({preventScroll: true});
  }
}
