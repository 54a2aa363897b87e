/** What a reader must know before trusting the rest of the page: no connection, no broker, a pause. */

import {h, keyed, setText} from './dom.js';
import {command} from './dialogs.js';
import {age, clock, duration} from './format.js';

export class Banners {
  #store;
  #host = document.getElementById('banners');
  #onToken;

  constructor(store, onToken) {
    this.#store = store;
    this.#onToken = onToken;
  }

  draw() {
    keyed(this.#host, this.#wanted(), ({key}) => key, (item) => this.#create(item), (element, item) =>
      setText(element.querySelector('.banner-text'), item.text));
  }

  #wanted() {
    const {link, status} = this.#store;
    if (link.state === 'refused') {
      return [{key: 'token', kind: 'bad', title: 'This page needs its token',
        text: 'Open the address that the terminal printed, which ends in #token=…, or paste the token here.'}];
    }
    if (link.state === 'lost') {
      const wait = Math.max(0, link.retryAtMs - Date.now());
      return [{key: 'link', kind: 'bad', title: 'Connection to the dashboard lost',
        text: `${link.error} ${wait > 0 ? `Trying again in ${duration(wait)}.` : 'Trying again.'} What you see is old.`}];
    }
    if (link.state === 'live' && status.connected === false && status.error) {
      return [{key: 'broker', kind: 'bad', title: 'Kafka does not answer',
        text: `Since ${clock(status.since)}: ${status.error} What you see is old; it goes on by itself.`}];
    }
    return [...this.#problems(), ...this.#pause()];
  }

  #problems() {
    const problems = this.#store.status.problems ?? [];
    return problems.length === 0 ? [] : [{key: 'problems', kind: 'warn', title: 'Not everything can be read', text: problems.join('; ')}];
  }

  #pause() {
    const {latest} = this.#store;
    if (latest?.paused) {
      return [{key: 'paused', kind: 'warn', title: 'The learner is paused',
        text: `The last step was ${age(latest.timeMs, this.#store.now())}; images wait in their topic.`, resume: this.#store.canControl}];
    }
    return [];
  }

  #create({key, kind, title, resume}) {
    const element = h('div', {class: `banner ${kind}`, id: `banner-${key}`},
      h('div', {class: 'banner-words'}, h('strong', {}, title), ' ', h('span', {class: 'banner-text'})));
    if (resume) {
      element.append(h('button', {type: 'button', class: 'button', onclick: () => command({kind: 'resume'})}, 'Resume'));
    }
    if (key === 'token') {
      element.append(this.#tokenField());
    }
    return element;
  }

  #tokenField() {
    const input = h('input', {type: 'password', 'aria-label': 'Token', autocomplete: 'off', placeholder: 'Token'});
    const use = () => input.value.trim() && this.#onToken(input.value.trim());
    input.addEventListener('keydown', (event) => event.key === 'Enter' && use());
    return h('div', {class: 'banner-field'}, input, h('button', {type: 'button', class: 'button', onclick: use}, 'Open'));
  }
}
