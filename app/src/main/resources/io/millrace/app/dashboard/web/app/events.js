/**
 * Server-sent events, read with fetch: an EventSource cannot send the token's header. One reader for both cases, with or
 * without a token.
 */

import {ApiError, request} from './api.js';

/** The server sends at least a comment every 10 s; after so much silence the connection is taken for dead. */
const SILENCE_MS = 25_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** Splits a stream of text into events. What it keeps between two chunks is less than one event. */
export class EventParser {
  #rest = '';

  /** The events that a chunk completes, as `{event, data}`. */
  push(text) {
    const blocks = (this.#rest + text.replaceAll('\r', '')).split('\n\n');
    this.#rest = blocks.pop();
    return blocks.map(EventParser.#parse).filter((event) => event.data !== '');
  }

  static #parse(block) {
    const event = {event: 'message', data: ''};
    for (const line of block.split('\n')) {
      if (line.startsWith('event:')) {
        event.event = line.slice(6).trim();
      } else if (line.startsWith('data:')) {
        event.data += (event.data ? '\n' : '') + line.slice(5).trimStart();
      }
    }
    return event;
  }
}

/** Stays connected until it is stopped. */
export class EventStream {
  #path;
  #onEvent;
  #onLink;
  #abort = null;
  #waitMs = FIRST_WAIT_MS;

  /**
   * @param onEvent gets each event's name and its data, parsed
   * @param onLink gets `{state: 'connecting' | 'live' | 'lost' | 'refused', error, retryAtMs}` whenever that changes
   */
  constructor(path, onEvent, onLink) {
    this.#path = path;
    this.#onEvent = onEvent;
    this.#onLink = onLink;
  }

  start() {
    if (this.#abort === null) {
      this.#abort = new AbortController();
      this.#run(this.#abort.signal);
    }
  }

  stop() {
    this.#abort?.abort();
    this.#abort = null;
  }

  async #run(signal) {
    this.#waitMs = FIRST_WAIT_MS;
    this.#onLink({state: 'connecting'});
    while (!signal.aborted) {
      try {
        await this.#read(signal);
        throw new ApiError(0, 'The dashboard ended the connection.');
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (error.status === 401) {
          this.stop();
          this.#onLink({state: 'refused', error: error.message});
          return;
        }
        this.#onLink({state: 'lost', error: error.message, retryAtMs: Date.now() + this.#waitMs});
        await sleep(this.#waitMs, signal);
        this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
      }
    }
  }

  async #read(signal) {
    const connection = new AbortController();
    const stop = () => connection.abort();
    signal.addEventListener('abort', stop);
    let watchdog = setTimeout(stop, SILENCE_MS);
    try {
      const answer = await request(this.#path, {signal: connection.signal, headers: {Accept: 'text/event-stream'}});
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new EventParser();
      this.#onLink({state: 'live'});
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(stop, SILENCE_MS);
        this.#waitMs = FIRST_WAIT_MS;
        parser.push(chunk.value).forEach(({event, data}) => this.#onEvent(event, JSON.parse(data)));
      }
    } catch (error) {
      throw error.name === 'AbortError' ? new ApiError(0, 'The dashboard has been silent for too long.') : error;
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
    }
  }
}

function sleep(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, {once: true});
  });
}
