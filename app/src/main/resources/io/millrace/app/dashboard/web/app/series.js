/**
 * Points of a curve over a span of time, at most {@link MAX_POINTS} of them however many come: each bucket of time keeps
 * the mean of what fell into it, and what is older than the span goes.
 */

export const MAX_POINTS = 1500;

/** Places in a point as the server sends it. */
export const FIELDS = {
  timeMs: 0, step: 1, images: 2, windowLoss: 3, windowAccuracy: 4, loss: 5, accuracy: 6, learningRate: 7,
  gradientNorm: 8, imagesPerSecond: 9, lag: 10,
};

/** These count up: a bucket keeps their last value, not their mean. */
const LAST = new Set([FIELDS.timeMs, FIELDS.step, FIELDS.images]);
const WIDTH = Object.keys(FIELDS).length;
/** A pause is drawn as a gap: so many times the usual distance between two points, and at least so long. */
const GAP_FACTOR = 6;
const GAP_MS = 8_000;

export class Series {
  #seconds;
  #points = [];
  /** How many points the newest bucket is the mean of. */
  #merged = 0;

  constructor(seconds) {
    this.#seconds = seconds;
  }

  get seconds() {
    return this.#seconds;
  }

  get length() {
    return this.#points.length;
  }

  get newest() {
    return this.#points.at(-1);
  }

  #bucketMs() {
    return (this.#seconds * 1000) / MAX_POINTS;
  }

  /** Takes the server's history of a span; live points that are newer than it stay. */
  reset(seconds, history) {
    const live = this.#points;
    this.#seconds = seconds;
    this.#points = [];
    this.#merged = 0;
    this.append(history);
    this.append(live);
  }

  /** Adds points in order of time; those that are not newer than the newest are known already. */
  append(points) {
    for (const point of points) {
      const newest = this.newest;
      if (newest !== undefined && point[FIELDS.timeMs] <= newest[FIELDS.timeMs]) {
        continue;
      }
      if (newest !== undefined && this.#bucket(newest) === this.#bucket(point)) {
        this.#merge(newest, point);
      } else {
        this.#points.push(point.slice(0, WIDTH));
        this.#merged = 1;
      }
    }
    this.#expire();
  }

  #bucket(point) {
    return Math.floor(point[FIELDS.timeMs] / this.#bucketMs());
  }

  #merge(into, point) {
    this.#merged++;
    for (let field = 0; field < WIDTH; field++) {
      if (LAST.has(field) || into[field] === null) {
        into[field] = point[field];
      } else if (point[field] !== null) {
        into[field] += (point[field] - into[field]) / this.#merged;
      }
    }
  }

  #expire() {
    if (this.#points.length === 0) {
      return;
    }
    const oldest = this.newest[FIELDS.timeMs] - this.#seconds * 1000;
    const first = this.#points.findIndex((point) => point[FIELDS.timeMs] >= oldest);
    const surplus = Math.max(first, this.#points.length - MAX_POINTS);
    if (surplus > 0) {
      this.#points.splice(0, surplus);
    }
  }

  /**
   * Columns for a chart: x and one column for each field. Over time, x is in seconds and a pause is a gap; over steps,
   * x is the step.
   */
  columns(fields, overSteps) {
    const columns = [[], ...fields.map(() => [])];
    const gapMs = this.#gapMs();
    let previous = null;
    for (const point of this.#points) {
      const x = overSteps ? point[FIELDS.step] : point[FIELDS.timeMs] / 1000;
      if (previous !== null && overSteps && x <= previous[FIELDS.step]) {
        if (x === previous[FIELDS.step]) {
          continue;
        }
        columns.forEach((column) => column.splice(0)); // The model began anew: the older curve has other steps.
      }
      if (previous !== null && !overSteps && point[FIELDS.timeMs] - previous[FIELDS.timeMs] > gapMs) {
        columns[0].push((point[FIELDS.timeMs] + previous[FIELDS.timeMs]) / 2000);
        fields.forEach((_, index) => columns[index + 1].push(null));
      }
      columns[0].push(x);
      fields.forEach((field, index) => columns[index + 1].push(point[field]));
      previous = point;
    }
    return columns;
  }

  #gapMs() {
    const distances = [];
    const stride = Math.max(1, Math.floor(this.#points.length / 64));
    for (let index = stride; index < this.#points.length; index += stride) {
      distances.push((this.#points[index][FIELDS.timeMs] - this.#points[index - stride][FIELDS.timeMs]) / stride);
    }
    distances.sort((a, b) => a - b);
    const usual = distances[Math.floor(distances.length / 2)] ?? 0;
    return Math.max(GAP_MS, GAP_FACTOR * usual, 2 * this.#bucketMs());
  }
}
