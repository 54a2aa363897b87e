/** Draw: a picture of one's own, and what the newest version makes of it while training goes on. */

import {predict} from './api.js';
import {card, empty, h, keyed, setText, show} from './dom.js';
import {age, className, count, milliseconds, percent} from './format.js';
import {picture, pictureBytes, Turn} from './pictures.js';
import {Seen} from './store.js';
import {Sketch} from './sketch.js';

/** Versions come while one looks: the picture is asked about again and again. */
const ASK_AGAIN_MS = 1_000;
/** After a stroke, so long until the first question, so that not every move asks. */
const SETTLE_MS = 120;
const RECENT = 12;
const RECENT_STAY_MS = 5_000;
const REMEMBERED = 8;

export class DrawView {
  #store;
  #seen;
  #sketch;
  #fit;
  #answer = new Prediction();
  #recent = h('ul', {class: 'recent'});
  #turn = new Turn(RECENT_STAY_MS);
  #noRecent = empty('No images yet', 'The newest images of the stream come here.');
  #colorField;
  #timer = null;
  #asking = null;
  #visible = false;
  #revision = 0;

  constructor(panel, context) {
    this.#store = context.store;
    this.#seen = new Seen(context.store);
    this.#fit = h('input', {type: 'checkbox', checked: true, onchange: () => this.#changed()});
    this.#sketch = new Sketch(() => this.#changed());
    const {element, body} = card('Your picture', {className: 'sketch-card'});
    body.append(this.#sketch.element, this.#tools(), h('p', {class: 'muted'}, 'Draw light on dark; or drop a picture here, paste one, choose a file, or take an image of the stream.'));
    this.#acceptPictures(element);
    const recent = card('From the stream');
    recent.body.append(this.#recent, this.#noRecent);
    panel.append(h('h1', {class: 'visually-hidden'}, 'Draw'), h('div', {class: 'columns draw-columns'},
      element, h('div', {class: 'stack'}, this.#answer.element, recent.element)));
  }

  #tools() {
    const brush = h('input', {type: 'range', min: '6', max: '48', value: '20', id: 'brush', oninput: () => {
      this.#sketch.brush = Number(brush.value);
    }});
    const color = h('input', {type: 'color', value: '#ffffff', id: 'brush-color', oninput: () => {
      this.#sketch.color = color.value;
    }});
    this.#colorField = h('label', {class: 'tool', for: 'brush-color', hidden: true}, 'Colour', color);
    const file = h('input', {type: 'file', accept: 'image/*', class: 'visually-hidden', tabindex: '-1', onchange: () => {
      if (file.files[0]) {
        this.#use(file.files[0], true);
      }
      file.value = '';
    }});
    return h(
      'div', {class: 'draw-tools'},
      h('label', {class: 'tool', for: 'brush'}, 'Brush', brush), this.#colorField,
      h('label', {class: 'tool', title: 'Move and scale it as the data sets’ own images are'}, this.#fit, 'Centre and scale'),
      h('span', {class: 'tool-buttons'},
        h('button', {type: 'button', class: 'button small', id: 'clear', onclick: () => this.#sketch.clear()}, 'Clear'),
        h('button', {type: 'button', class: 'button small', onclick: () => this.#sketch.invert()}, 'Invert'),
        h('button', {type: 'button', class: 'button small', onclick: () => file.click()}, 'Choose a file…'), file));
  }

  #acceptPictures(target) {
    target.addEventListener('dragover', (event) => {
      event.preventDefault();
      target.classList.add('drop');
    });
    ['dragleave', 'drop'].forEach((name) => target.addEventListener(name, () => target.classList.remove('drop')));
    target.addEventListener('drop', (event) => {
      event.preventDefault();
      this.#takeFrom(event.dataTransfer);
    });
    document.addEventListener('paste', (event) => this.#visible && this.#takeFrom(event.clipboardData));
  }

  #takeFrom(transfer) {
    const file = [...(transfer?.files ?? [])].find(({type}) => type.startsWith('image/'));
    if (file) {
      this.#use(file, true);
    }
  }

  async #use(blob, fit) {
    try {
      this.#fit.checked = fit;
      await this.#sketch.show(blob);
    } catch {
      this.#answer.fail('That is no picture that the browser can read: expected PNG, JPEG, GIF or WebP.');
    }
  }

  show() {
    this.#visible = true;
    this.#changed();
  }

  hide() {
    this.#visible = false;
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
  }

  #changed() {
    this.#revision++;
    clearTimeout(this.#timer);
    if (this.#sketch === undefined || this.#sketch.blank) {
      this.#asking?.abort();
      this.#answer.clear();
    } else if (this.#visible) {
      this.#timer = setTimeout(() => this.#ask(), SETTLE_MS);
    }
  }

  async #ask() {
    if (this.#asking !== null) {
      return; // Its answer will ask again.
    }
    const asking = new AbortController();
    this.#asking = asking;
    const revision = this.#revision;
    try {
      const answer = await predict(await this.#sketch.png(), {fit: this.#fit.checked, signal: asking.signal});
      if (!this.#sketch.blank) {
        this.#answer.draw(answer, this.#store);
      }
    } catch (error) {
      if (error.name !== 'AbortError') {
        this.#answer.fail(error.message);
      }
    }
    this.#asking = null;
    if (this.#visible && !this.#sketch.blank) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), revision === this.#revision ? ASK_AGAIN_MS : SETTLE_MS);
    }
  }

  draw() {
    if (!this.#turn.next(this.#recent, performance.now()) || !this.#seen.changed('images', 'state')) {
      return;
    }
    show(this.#colorField, this.#store.state?.input?.[0] === 3);
    const images = (this.#store.images?.latest ?? []).slice(0, RECENT);
    show(this.#recent, images.length > 0);
    show(this.#noRecent, images.length === 0);
    keyed(this.#recent, images, ({partition, offset}) => `${partition}/${offset}`, ({partition, offset, label}) => {
      const path = `/api/images/${partition}/${offset}.png`;
      const name = className(this.#store.classNames, label);
      return h('li', {}, h('button', {type: 'button', class: 'recent-button', title: name, 'aria-label': `Take this image: ${name}`, onclick: async () => {
        try {
          await this.#use(await pictureBytes(path), false);
        } catch (error) {
          this.#answer.fail(error.message);
        }
      }}, picture(path, '')));
    });
  }
}

/** The answer: probabilities as bars, the version that gave them, and what earlier versions had said. */
class Prediction {
  element;
  #note;
  #bars = h('ul', {class: 'bars-list'});
  #result = h('div', {class: 'result', 'aria-live': 'polite'});
  #label = h('strong', {});
  #version = h('span', {class: 'muted'});
  #seen = h('img', {class: 'pixels network-input', alt: 'The picture as the network sees it'});
  #history = h('ol', {class: 'said'});
  #historyBox;
  #nothing = empty('Nothing drawn yet', 'The answer comes while you draw, and changes as new versions are published.');
  #error = h('p', {class: 'inline-error', role: 'alert', hidden: true});
  #filled;
  #said = [];

  constructor() {
    const {element, body, note} = card('What the network says', {className: 'prediction-card'});
    this.element = element;
    this.#note = note;
    this.#result.append(h('figure', {class: 'network-input-box'}, this.#seen, h('figcaption', {}, 'what it sees')), h('div', {class: 'result-words'}, this.#label, this.#version));
    this.#historyBox = h('div', {}, h('h3', {}, 'By version'), this.#history);
    this.#filled = h('div', {class: 'stack', hidden: true}, this.#result, this.#bars, this.#historyBox);
    body.append(this.#error, this.#nothing, this.#filled);
  }

  clear() {
    this.#said = [];
    this.#history.replaceChildren();
    this.#history.keyedChildren = undefined;
    show(this.#filled, false);
    show(this.#nothing, true);
    show(this.#error, false);
    setText(this.#note, '');
  }

  fail(message) {
    setText(this.#error, message);
    show(this.#error, true);
  }

  draw(answer, store) {
    const {version, step, label, probabilities, millis, ageMs, input} = answer;
    const name = (index) => className(store.classNames, index);
    show(this.#error, false);
    show(this.#nothing, false);
    show(this.#filled, true);
    setText(this.#note, `${milliseconds(millis)}, asked again each second`);
    setText(this.#label, `${name(label)}, ${percent(probabilities[label])}`);
    setText(this.#version, `version ${version} · step ${count(step)}${Number.isFinite(ageMs) ? ` · ${age(0, ageMs)}` : ''}`);
    if (input && this.#seen.src !== input) {
      this.#seen.src = input;
    }
    keyed(this.#bars, probabilities.map((probability, index) => ({probability, index})), ({index}) => index, bar, (element, {probability, index}) =>
      element.update(name(index), probability, index === label));
    this.#remember(version, name(label), probabilities[label]);
  }

  #remember(version, name, probability) {
    if (this.#said[0]?.version === version) {
      this.#said[0] = {version, name, probability};
    } else {
      this.#said = [{version, name, probability}, ...this.#said].slice(0, REMEMBERED);
    }
    keyed(this.#history, this.#said, (entry) => entry.version, () => h('li', {}), (element, entry) =>
      setText(element, `v${entry.version}  ${entry.name}, ${percent(entry.probability)}`));
  }
}

function bar() {
  const name = h('span', {class: 'bar-name'});
  const fill = h('i', {});
  const value = h('span', {class: 'bar-value'});
  const element = h('li', {class: 'bar-row'}, name, h('span', {class: 'bar', 'aria-hidden': 'true'}, fill), value);
  element.update = (text, probability, best) => {
    setText(name, text);
    setText(value, percent(probability));
    fill.style.width = `${(probability * 100).toFixed(1)}%`;
    element.classList.toggle('best', best);
  };
  return element;
}
