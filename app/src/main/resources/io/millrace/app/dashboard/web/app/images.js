/** Images: what the network makes of single images, and where it errs. */

import {ConfusionMatrix} from './confusion.js';
import {card, empty, h, keyed, segments, setAttribute, setText, show} from './dom.js';
import {age, bytes, className, count, percent, small} from './format.js';
import {picture, Turn} from './pictures.js';
import {Seen} from './store.js';

const STAY_MS = 3_000;

export class ImagesView {
  #store;
  #context;
  #seen;
  #choice = 'latest';
  #held = false;
  #turn = new Turn(STAY_MS);
  #drawn;
  #gallery;
  #galleryEmpty;
  #galleryNote;
  #matrix;
  #letters;

  constructor(panel, context) {
    this.#context = context;
    this.#store = context.store;
    this.#seen = new Seen(context.store);
    this.#matrix = new ConfusionMatrix();
    this.#letters = new DeadLetters();
    panel.append(
      h('h1', {class: 'visually-hidden'}, 'Images'),
      h('div', {class: 'columns images-columns'}, this.#predictions(), this.#matrix.element),
      this.#letters.element);
  }

  #predictions() {
    const hold = h('button', {type: 'button', class: 'button small', 'aria-pressed': 'false', title: 'Keep these images in view', onclick: () => {
      this.#held = !this.#held;
      setAttribute(hold, 'aria-pressed', String(this.#held));
    }}, 'Hold');
    const choice = segments('Which images', [['latest', 'Latest'], ['worst', 'Worst mistakes']], 'latest', (value) => {
      this.#choice = value;
      this.#gallery.replaceChildren();
      this.#gallery.keyedChildren = undefined;
      this.#refresh();
    });
    const {element, body, note} = card('Predictions', {tools: [choice, hold]});
    this.#galleryNote = note;
    this.#gallery = h('ul', {class: 'gallery'});
    this.#galleryEmpty = empty('No predictions yet', 'They come with the metrics of each step; a learner with metrics.predictions: false sends none.');
    body.append(this.#gallery, this.#galleryEmpty);
    return element;
  }

  #refresh() {
    this.#turn.end();
    this.#drawn = undefined;
    this.#seen.forget();
    this.#context.repaint();
  }

  draw() {
    const {images, classNames} = this.#store;
    if (this.#seen.changed('images', 'state')) {
      this.#matrix.draw(images?.confusion, classNames);
    }
    if (this.#fresh() && this.#turn.next(this.#gallery, performance.now())) {
      this.#drawn = images;
      this.#drawGallery(images?.[this.#choice] ?? [], classNames);
    }
    this.#letters.draw(this.#seen, this.#store);
  }

  /** Whether the gallery has older images than the store, and may be changed. */
  #fresh() {
    return this.#drawn !== this.#store.images && (!this.#held || this.#gallery.childElementCount === 0);
  }

  #drawGallery(list, names) {
    show(this.#gallery, list.length > 0);
    show(this.#galleryEmpty, list.length === 0);
    const size = this.#store.images?.confusion?.size;
    setText(this.#galleryNote, list.length === 0 ? '' : this.#choice === 'latest' ? 'predicted, then trained on' : `largest loss of the last ${count(size)}`);
    keyed(this.#gallery, list, ({partition, offset, step}) => `${partition}/${offset}/${step}`, (image) => prediction(image, names));
  }
}

/** One image, its label and what was predicted; right and wrong differ by mark, word and frame. */
function prediction(image, names) {
  const right = image.label === image.predicted;
  const label = className(names, image.label);
  const predicted = className(names, image.predicted);
  return h(
    'li', {class: right ? 'shot right' : 'shot wrong', title: `partition ${image.partition}, offset ${image.offset}, step ${image.step}, loss ${small(image.loss)}`},
    picture(`/api/images/${image.partition}/${image.offset}.png`, `Image of ${label}`),
    h('span', {class: 'shot-words'},
      h('span', {class: 'shot-line'}, h('span', {class: 'mark', 'aria-hidden': 'true'}, right ? '✓' : '✗'),
        h('span', {class: 'visually-hidden'}, right ? 'right: ' : 'wrong: '), h('b', {class: 'shot-predicted'}, predicted)),
      h('span', {class: 'shot-note'}, right ? percent(image.probability, 0) : `${percent(image.probability, 0)} · is ${label}`)));
}

/** Records that could not be trained on, with their picture where they have one, and the reason. */
class DeadLetters {
  element;
  #note;
  #list;
  #empty;

  constructor() {
    const {element, body, note} = card('Dead letters');
    this.element = element;
    this.#note = note;
    this.#list = h('ul', {class: 'letters'});
    this.#empty = empty('No dead letters', 'Records that cannot be trained on would be here, each with its reason.');
    body.append(this.#list, this.#empty);
  }

  draw(seen, store) {
    if (!seen.changed('deadletters')) {
      return;
    }
    const letters = store.deadletters?.latest ?? [];
    const total = store.deadletters?.total ?? 0;
    show(this.#list, letters.length > 0);
    show(this.#empty, letters.length === 0);
    setText(this.#note, total > letters.length ? `the newest ${letters.length} of ${count(total)}` : letters.length > 0 ? count(total) : '');
    keyed(this.#list, letters, ({partition, offset}) => `${partition}/${offset}`, (letter) => this.#letter(letter), (element, letter) =>
      setText(element.querySelector('.letter-age'), age(letter.timeMs, store.now())));
  }

  #letter(letter) {
    const words = (reason) => reason.toLowerCase().replaceAll('_', ' ');
    const path = `/api/deadletters/${letter.partition}/${letter.offset}.png`;
    return h(
      'li', {class: 'letter', title: letter.exception || null},
      letter.picture ? picture(path, 'The picture of this record') : h('span', {class: 'no-picture', title: 'This record holds no picture that can be read'}, '∅'),
      h('div', {class: 'letter-words'},
        h('strong', {}, letter.message || words(letter.reason)),
        h('span', {class: 'muted'}, [letter.message ? words(letter.reason) : '', letter.source, bytes(letter.bytes)].filter(Boolean).join(' · '))),
      h('span', {class: 'letter-age muted'}));
  }
}
