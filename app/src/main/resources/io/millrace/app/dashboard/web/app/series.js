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
        merge(newest, point, ++this.#merged);
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
   * Columns for a chart: x and one column for each field, of about `most` points. Over time, x is in seconds and a pause
   * is a gap; over steps, x is the step.
   */
  columns(fields, overSteps, most = MAX_POINTS) {
    const widthMs = (this.#seconds * 1000) / most;
    const points = this.#points.length <= most ? this.#points : thinned(this.#points, widthMs);
    return overSteps ? byStep(points, fields) : byTime(points, fields, gapMs(points, widthMs));
  }
}

/** The means of what falls into each bucket of time; buckets begin at multiples of their width, so that they stand still. */
function thinned(points, widthMs) {
  const result = [];
  let merged = 0;
  for (const point of points) {
    const last = result.at(-1);
    if (last !== undefined && Math.floor(last[FIELDS.timeMs] / widthMs) === Math.floor(point[FIELDS.timeMs] / widthMs)) {
      merge(last, point, ++merged);
    } else {
      result.push([...point]);
      merged = 1;
    }
  }
  return result;
}

/** Makes a point the mean of as many as `merged` says, the last of which is another point. */
function merge(into, point, merged) {
  for (let field = 0; field < WIDTH; field++) {
    if (LAST.has(field) || into[field] === null) {
      into[field] = point[field];
    } else if (point[field] !== null) {
      into[field] += (point[field] - into[field]) / merged;
    }
  }
}

function byTime(points, fields, longestMs) {
  const columns = [[], ...fields.map(() => [])];
  points.forEach((point, index) => {
    const before = points[index - 1]?.[FIELDS.timeMs];
    if (point[FIELDS.timeMs] - before > longestMs) {
      columns[0].push((point[FIELDS.timeMs] + before) / 2000);
      fields.forEach((_, each) => columns[each + 1].push(null));
    }
    columns[0].push(point[FIELDS.timeMs] / 1000);
    fields.forEach((field, each) => columns[each + 1].push(point[field]));
  });
  return columns;
}

function byStep(points, fields) {
  const columns = [[], ...fields.map(() => [])];
  for (const point of points) {
    const newest = columns[0].at(-1) ?? -1;
    if (point[FIELDS.step] < newest) {
      columns.forEach((column) => column.splice(0)); // The model began anew: the older curve has other steps.
    }
    if (point[FIELDS.step] !== newest) {
      columns[0].push(point[FIELDS.step]);
      fields.forEach((field, each) => columns[each + 1].push(point[field]));
    }
  }
  return columns;
}

/** From what distance on two points have a gap between them. */
function gapMs(points, widthMs) {
  const stride = Math.max(1, Math.floor(points.length / 64));
  const distances = [];
  for (let index = stride; index < points.length; index += stride) {
    distances.push((points[index][FIELDS.timeMs] - points[index - stride][FIELDS.timeMs]) / stride);
  }
  distances.sort((a, b) => a - b);
  return Math.max(GAP_MS, GAP_FACTOR * (distances[Math.floor(distances.length / 2)] ?? 0), 2 * widthMs);
}
