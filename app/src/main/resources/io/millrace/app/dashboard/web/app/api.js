/** Requests to the server that this page came from, with the token that it wants beyond loopback. */

const TOKEN_KEY = 'millrace.token';

let token = null;

/** What the server answered where it did not do what it was asked: its status and its own words. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/**
 * Takes the token from the URL (`#token=...`), where the terminal prints it, keeps it for this tab of the browser, and
 * removes it from the address bar. A part after `&` is the view to open.
 */
export function takeToken() {
  const match = /^#token=([^&]+)(?:&(.*))?$/.exec(location.hash);
  if (match) {
    setToken(decodeURIComponent(match[1]));
    history.replaceState(null, '', `${location.pathname}#${match[2] ?? ''}`);
    return;
  }
  try {
    token = sessionStorage.getItem(TOKEN_KEY);
  } catch {
    token = null;
  }
}

export function setToken(value) {
  token = value;
  try {
    sessionStorage.setItem(TOKEN_KEY, value);
  } catch {
    // Then it holds until the page is loaded anew.
  }
}

export function hasToken() {
  return token !== null;
}

/** A request; the answer is whole and good, or an {@link ApiError} is thrown. */
export async function request(path, options = {}) {
  const headers = new Headers(options.headers);
  if (token !== null) {
    headers.set('Authorization', `Bearer ${token}`);
  }
  if (options.method === 'POST') {
    headers.set('X-Millrace', '1');
  }
  let answer;
  try {
    answer = await fetch(path, {...options, headers, credentials: 'omit', redirect: 'error'});
  } catch (cause) {
    if (cause.name === 'AbortError') {
      throw cause;
    }
    throw new ApiError(0, 'The dashboard does not answer. Is it still running?');
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, await problem(answer));
  }
  return answer;
}

async function problem(answer) {
  try {
    const {error} = await answer.json();
    return typeof error === 'string' ? error : `the server answered ${answer.status}`;
  } catch {
    return `the server answered ${answer.status}`;
  }
}

export async function getJson(path, options) {
  return (await request(path, options)).json();
}

/** Sends a command to the learner and returns its answer, `{outcome, message}`. */
export async function control(command) {
  const answer = await request('/api/control', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(command),
  });
  return answer.json();
}

/** Asks for the prediction of a picture. `fit` has the server centre and scale it as the data sets are. */
export async function predict(picture, {fit, signal}) {
  const answer = await request(`/api/predict${fit ? '?fit=1' : ''}`, {
    method: 'POST',
    headers: {'Content-Type': picture.type || 'image/png'},
    body: picture,
    signal,
  });
  return answer.json();
}
