/**
 * Pictures that the server makes from records. Without a token an address is enough, and the browser's cache does the
 * rest; with one, a picture is fetched with its header and kept as an object URL, the oldest being given back.
 */

import {hasToken, request} from './api.js';
import {h} from './dom.js';

const KEPT = 200;
const kept = new Map();

/** An image element for a path of the server's. Where the record has expired, a crossed box stands in its place. */
export function picture(path, alt, className = 'pixels') {
  const image = h('img', {class: className, alt, loading: 'lazy', decoding: 'async', draggable: 'false'});
  image.addEventListener('error', () => image.classList.add('gone'));
  image.addEventListener('load', () => image.classList.remove('gone'));
  setPicture(image, path);
  return image;
}

/** Shows another picture in an element; the old one stays until the new one is there. */
export function setPicture(image, path) {
  if (image.picturePath === path) {
    return;
  }
  image.picturePath = path;
  if (!hasToken()) {
    image.src = path;
    return;
  }
  objectUrl(path).then(
    (url) => {
      if (image.picturePath === path) {
        image.src = url;
      }
    },
    () => image.classList.add('gone'));
}

/**
 * When a list of pictures may be replaced: at a fast learner's pace a new one each second could be neither loaded nor
 * looked at. A list stays for some seconds, and until its pictures are there, but not for ever.
 */
export class Turn {
  #stayMs;
  #sinceMs = -Infinity;

  constructor(stayMs) {
    this.#stayMs = stayMs;
  }

  /** Whether it is the next list's turn; if so, that one's time begins. */
  next(container, nowMs) {
    const shownMs = nowMs - this.#sinceMs;
    const loaded = () => [...container.querySelectorAll('img')].every((image) => image.complete && image.src !== '');
    if (shownMs < this.#stayMs || (shownMs < 4 * this.#stayMs && !loaded())) {
      return false;
    }
    this.#sinceMs = nowMs;
    return true;
  }

  /** The next list may come at once. */
  end() {
    this.#sinceMs = -Infinity;
  }
}

/** The bytes of a picture. */
export async function pictureBytes(path) {
  return (await request(path)).blob();
}

function objectUrl(path) {
  let url = kept.get(path);
  if (url === undefined) {
    url = pictureBytes(path).then((blob) => URL.createObjectURL(blob));
    url.catch(() => kept.delete(path));
  }
  kept.delete(path);
  kept.set(path, url); // Now the newest.
  if (kept.size > KEPT) {
    const [oldest, old] = kept.entries().next().value;
    kept.delete(oldest);
    old.then((address) => URL.revokeObjectURL(address), () => {});
  }
  return url;
}
