/** Questions before something is done, and what came of it. */

import {control} from './api.js';
import {h, icon} from './dom.js';

const TOAST_MS = 7_000;
const DONE = new Set(['DONE', 'APPLIED']);

/**
 * Asks in a dialog. `fields` are `{name, label, value, type, hint, options, check}`; `check(value)` gives what is wrong
 * with a value, or ''. Resolves to the values by name, or to null where the question was called off.
 */
export function ask({title, text, confirm, danger = false, fields = []}) {
  return new Promise((resolve) => {
    const inputs = fields.map(field);
    let result = null;
    const accept = () => {
      const values = {};
      for (const {field: {name, check}, input, error} of inputs) {
        const wrong = check?.(input.value.trim()) ?? '';
        error.textContent = wrong;
        input.setAttribute('aria-invalid', String(wrong !== ''));
        if (wrong) {
          input.focus();
          return;
        }
        values[name] = input.value.trim();
      }
      result = values;
      dialog.close();
    };
    const dialog = h(
      'dialog', {class: 'dialog', 'aria-labelledby': 'dialog-title'},
      h('h2', {id: 'dialog-title'}, title),
      ...[text].flat().map((paragraph) => h('p', {}, paragraph)),
      inputs.map(({element}) => element),
      h('div', {class: 'dialog-actions'},
        h('button', {type: 'button', class: 'button', onclick: () => dialog.close()}, 'Cancel'),
        h('button', {type: 'button', class: danger ? 'button danger' : 'button primary', onclick: accept, autofocus: fields.length === 0}, confirm)));
    dialog.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
        event.preventDefault();
        accept();
      }
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function field(field) {
  const id = `dialog-${field.name}`;
  const input = h('input', {
    id, type: field.type ?? 'text', value: field.value ?? '', autocomplete: 'off', spellcheck: 'false',
    inputmode: field.inputmode, 'aria-describedby': `${id}-hint ${id}-error`, list: field.options ? `${id}-options` : null,
  });
  const error = h('span', {class: 'field-error', id: `${id}-error`, role: 'alert'});
  const element = h(
    'div', {class: 'field'},
    h('label', {for: id}, field.label), input,
    field.options ? h('datalist', {id: `${id}-options`}, field.options.map((value) => h('option', {value}))) : null,
    h('span', {class: 'field-hint', id: `${id}-hint`}, field.hint ?? ''), error);
  return {field, input, error, element};
}

/** Says something for a while; `kind` is `good`, `bad` or `plain`. */
export function toast(text, kind = 'plain') {
  const close = h('button', {type: 'button', class: 'icon-button', 'aria-label': 'Close this message', onclick: () => message.remove()}, icon('close'));
  const message = h('div', {class: `toast ${kind}`}, h('span', {}, text), close);
  document.getElementById('toasts').append(message);
  setTimeout(() => message.remove(), TOAST_MS);
}

/** Sends a command and says what the learner answered. Returns whether it was done. */
export async function command(what) {
  try {
    const {outcome, message} = await control(what);
    const done = DONE.has(outcome);
    toast(message || outcome.toLowerCase(), done ? 'good' : outcome === 'WAITING' ? 'plain' : 'bad');
    return done;
  } catch (error) {
    toast(error.message, 'bad');
    return false;
  }
}
