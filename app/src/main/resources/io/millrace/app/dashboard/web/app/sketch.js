/** A canvas to draw on: with a pointer, or with the keyboard (arrow keys move the brush, space draws). */

import {h} from './dom.js';

const SIZE = 280;
/** How far an arrow key moves the brush; with shift, four times as far. */
const KEY_STEP = 6;

export class Sketch {
  element;
  #context;
  #onChange;
  #brush = 20;
  #color = '#ffffff';
  #last = null;
  #cursor = [SIZE / 2, SIZE / 2];
  #pen = false;
  #mark;
  #blank = true;

  /** @param onChange is called when there is another picture */
  constructor(onChange) {
    this.#onChange = onChange;
    const canvas = h('canvas', {
      width: SIZE, height: SIZE, tabindex: '0', role: 'application', class: 'sketch',
      'aria-label': 'Drawing area. Arrow keys move the brush, space puts it down and lifts it, delete clears.',
    });
    this.#context = canvas.getContext('2d', {willReadFrequently: true});
    this.#mark = h('span', {class: 'sketch-cursor', 'aria-hidden': 'true'});
    this.element = h('div', {class: 'sketch-box'}, canvas, this.#mark);
    this.canvas = canvas;
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    ['pointerup', 'pointercancel'].forEach((name) => canvas.addEventListener(name, () => {
      this.#last = null;
    }));
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('blur', () => this.#lift());
    this.clear();
  }

  get blank() {
    return this.#blank;
  }

  set brush(size) {
    this.#brush = size;
  }

  set color(color) {
    this.#color = color;
  }

  clear() {
    this.#context.fillStyle = '#000';
    this.#context.fillRect(0, 0, SIZE, SIZE);
    this.#blank = true;
    this.#lift();
    this.#onChange();
  }

  /** Shows a picture as large as it fits, in its own proportions; pixels of small ones stay sharp. */
  async show(blob) {
    const bitmap = await createImageBitmap(blob);
    const scale = SIZE / Math.max(bitmap.width, bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    this.clear();
    this.#context.imageSmoothingEnabled = scale < 1;
    this.#context.drawImage(bitmap, (SIZE - width) / 2, (SIZE - height) / 2, width, height);
    bitmap.close();
    this.#changed();
  }

  invert() {
    const pixels = this.#context.getImageData(0, 0, SIZE, SIZE);
    for (let index = 0; index < pixels.data.length; index++) {
      if (index % 4 !== 3) {
        pixels.data[index] = 255 - pixels.data[index];
      }
    }
    this.#context.putImageData(pixels, 0, 0);
    this.#changed();
  }

  /** What is drawn, as a PNG. */
  png() {
    return new Promise((resolve) => this.canvas.toBlob(resolve, 'image/png'));
  }

  #changed() {
    this.#blank = false;
    this.#onChange();
  }

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIZE, ((event.clientY - box.top) / box.height) * SIZE];
  }

  #down(event) {
    if (event.button === 0) {
      this.canvas.setPointerCapture(event.pointerId);
      this.#last = this.#at(event);
      this.#line(this.#last, this.#last);
    }
  }

  #move(event) {
    if (this.#last !== null) {
      const strokes = event.getCoalescedEvents?.() ?? [event];
      for (const stroke of strokes.length > 0 ? strokes : [event]) {
        const to = this.#at(stroke);
        this.#line(this.#last, to);
        this.#last = to;
      }
    }
  }

  #key(event) {
    const step = {ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]}[event.key];
    if (step) {
      const from = this.#cursor;
      const far = KEY_STEP * (event.shiftKey ? 4 : 1);
      this.#cursor = from.map((value, axis) => Math.min(SIZE, Math.max(0, value + step[axis] * far)));
      if (this.#pen) {
        this.#line(from, this.#cursor);
      }
      this.#showMark();
    } else if (event.key === ' ') {
      this.#pen = !this.#pen;
      if (this.#pen) {
        this.#line(this.#cursor, this.#cursor);
      }
      this.#showMark();
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.clear();
    } else {
      return;
    }
    event.preventDefault();
  }

  #showMark() {
    this.#mark.classList.toggle('down', this.#pen);
    this.#mark.classList.add('visible');
    const box = this.canvas.clientWidth / SIZE;
    this.#mark.style.left = `${this.#cursor[0] * box}px`;
    this.#mark.style.top = `${this.#cursor[1] * box}px`;
  }

  #lift() {
    this.#pen = false;
    this.#mark.classList.remove('visible', 'down');
  }

  #line(from, to) {
    const context = this.#context;
    context.strokeStyle = this.#color;
    context.lineWidth = this.#brush;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(to[0] + 0.01, to[1]);
    context.stroke();
    this.#changed();
  }
}
