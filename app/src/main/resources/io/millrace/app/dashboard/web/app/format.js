/** Numbers, times and names as text. A narrow no-break space groups thousands' units and keeps a unit beside its number. */

const SPACE = '\u202f';
const MISSING = '–';

const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});

const finite = (value) => typeof value === 'number' && Number.isFinite(value);

/** 12,345 */
export function count(value) {
  return finite(value) ? whole.format(value) : MISSING;
}

/** 950, 12.3k, 4.56M: three digits that matter. */
export function compact(value) {
  if (!finite(value)) {
    return MISSING;
  }
  const size = Math.abs(value);
  for (const [limit, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (size >= limit) {
      return digits(value / limit, 3) + unit;
    }
  }
  return size >= 100 || Number.isInteger(value) ? whole.format(value) : digits(value, 3);
}

/** 1,267 where it fits, else 1.27M. */
export function readable(value) {
  return finite(value) && Math.abs(value) < 1e6 ? whole.format(value) : compact(value);
}

function digits(value, significant) {
  return String(Number(value.toPrecision(significant)));
}

/** 87.3 % of a share 0..1. */
export function percent(share, decimals = 1) {
  return finite(share) ? `${(share * 100).toFixed(decimals)}${SPACE}%` : MISSING;
}

/** 0.3412, 1.2e-5: for losses and rates. */
export function small(value) {
  if (!finite(value)) {
    return MISSING;
  }
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }
  if (size < 1e-4 || size >= 1e6) {
    return value.toExponential(1).replace('e+', 'e');
  }
  return size >= 100 ? whole.format(value) : String(Number(value.toPrecision(4)));
}

/** 21.4 kB */
export function bytes(value) {
  if (!finite(value)) {
    return MISSING;
  }
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : digits(size, 3)}${SPACE}${units[unit]}`;
}

/** 42 s, 3 min, 5 h, 2 d */
export function duration(ms) {
  if (!finite(ms)) {
    return MISSING;
  }
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) {
    return `${seconds}${SPACE}s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)}${SPACE}min`;
  }
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)}${SPACE}h` : `${Math.floor(seconds / 86400)}${SPACE}d`;
}

/** 42 s ago */
export function age(timeMs, nowMs) {
  return finite(timeMs) ? `${duration(nowMs - timeMs)} ago` : MISSING;
}

/** 3.2 ms, 410 ms, 2.1 s */
export function milliseconds(ms) {
  if (!finite(ms) || ms < 0) {
    return MISSING;
  }
  return ms >= 10_000 ? duration(ms) : ms >= 1000 ? `${digits(ms / 1000, 3)}${SPACE}s` : `${digits(ms, 3)}${SPACE}ms`;
}

const two = (value) => String(value).padStart(2, '0');

/** 14:03:59, in the reader's time zone. */
export function clock(timeMs, seconds = true) {
  const date = new Date(timeMs);
  return `${two(date.getHours())}:${two(date.getMinutes())}${seconds ? `:${two(date.getSeconds())}` : ''}`;
}

/** 2026-11-26 14:03:59, in the reader's time zone. */
export function dateTime(timeMs) {
  if (!finite(timeMs)) {
    return MISSING;
  }
  const date = new Date(timeMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(timeMs)}`;
}

/** 32×28×28 */
export function shape(sizes) {
  return Array.isArray(sizes) && sizes.length > 0 ? sizes.join('×') : MISSING;
}

/** A class as people call it; its number where it has no name. */
export function className(names, index) {
  return names?.[index] ?? `class ${index}`;
}
