/** Stream: the Kafka side. Where the learner is in its topic, who does the work, how long commits take. */

import {Chart} from './chart.js';
import {card, empty, h, keyed, setText, show} from './dom.js';
import {clock, compact, count, milliseconds} from './format.js';
import {Seen} from './store.js';

export class StreamView {
  #store;
  #seen;
  #partitions = new Table('Partitions', ['Topic', 'Partition', '#Lag', '#Committed', '#End', '#Start', 'Leader', 'In sync'],
    ['No partitions known yet', 'They come with the first look at the brokers, within 5 s.']);
  #members = new Table('Consumer group', ['Member', 'Host', 'Tasks'], ['Nobody in the group', 'No learner is running: start one with ./millrace train.']);
  #brokers = new Table('Brokers', ['Broker', 'Address', 'Role'], ['No broker known yet', '']);
  #times = card('Commit time', {className: 'chart-card'});
  #timesBody = h('div', {});
  #restore = h('p', {class: 'muted restore'});
  #chart;
  #journal = card('Journal of decisions');
  #entries = h('ol', {class: 'journal'});
  #noEntries = empty('Nothing decided yet', 'Pauses, rates, rollbacks, refused minibatches and promotions are written here.');

  constructor(panel, context) {
    this.#store = context.store;
    this.#seen = new Seen(context.store);
    this.#chart = new Chart(this.#timesBody, {
      series: [{label: 'commit', color: '--series-1', width: 1.5, fill: '--series-1-fill'}],
      range: (low, high) => [0, high > 0 ? high * 1.15 : 1], format: milliseconds,
    });
    this.#times.element.querySelector('.card-tools').append(this.#chart.legend);
    this.#times.body.append(this.#timesBody);
    this.#times.element.append(this.#restore);
    this.#journal.body.append(this.#entries, this.#noEntries);
    panel.append(
      h('h1', {class: 'visually-hidden'}, 'Stream'),
      this.#partitions.element,
      h('div', {class: 'columns stream-columns'}, this.#times.element, this.#journal.element),
      h('div', {class: 'columns stream-columns'}, this.#members.element, this.#brokers.element));
  }

  draw() {
    if (this.#seen.changed('stream')) {
      this.#drawStream(this.#store.stream);
    }
    if (this.#seen.changed('journal')) {
      this.#drawJournal(this.#store.journal?.latest ?? []);
    }
  }

  #drawStream(stream) {
    const images = this.#store.state?.topics?.images;
    const partitions = [...(stream?.partitions ?? [])].sort(byInterest(images));
    this.#partitions.draw(partitions, ({topic, partition}) => `${topic}-${partition}`, (each) => [
      each.topic, String(each.partition), each.lag === null ? '–' : lagCell(each, each.topic === images),
      count(each.committed), count(each.end), count(each.start), `broker ${each.leader}`, each.isr.join(', '),
    ]);
    const group = stream?.group;
    this.#members.draw(group?.members ?? [], ({id}) => id, (member) => [
      h('span', {title: member.id}, member.clientId), member.host.replace(/^\//, ''), member.partitions.join(', ') || 'standby',
    ]);
    setText(this.#members.note, group ? `${group.id} · ${String(group.state).toLowerCase()}` : '');
    this.#brokers.draw(stream?.brokers ?? [], ({id}) => id, (broker) => [
      String(broker.id), `${broker.host}:${broker.port}`, broker.controller ? 'broker and controller' : 'broker',
    ]);
    this.#drawTimes(stream?.times);
  }

  #drawTimes(times) {
    const points = times?.commitMs ?? [];
    this.#chart.draw([points.map(([timeMs]) => timeMs / 1000), points.map(([, ms]) => ms)]);
    const restored = times?.restoreMs >= 0
      ? `restored ${count(times.restoredRecords)} records in ${milliseconds(times.restoreMs)} at its start` : 'had nothing to restore at its start';
    setText(this.#restore, times?.instance ? `${times.instance} ${restored}.` : '');
  }

  #drawJournal(entries) {
    show(this.#entries, entries.length > 0);
    show(this.#noEntries, entries.length === 0);
    keyed(this.#entries, entries, ({timeMs, step, kind, text}) => `${timeMs}/${step}/${kind}/${text}`, ({timeMs, step, kind, text}) =>
      h('li', {}, h('time', {datetime: new Date(timeMs).toISOString()}, clock(timeMs)), h('span', {class: 'tag'}, words(kind)),
        h('span', {class: 'journal-text'}, text), h('span', {class: 'muted'}, `step ${count(step)}`)));
  }

  recolor() {
    this.#chart.recolor();
  }
}

/** COMMAND_REJECTED: command rejected */
function words(kind) {
  return kind.toLowerCase().replaceAll('_', ' ');
}

/** What the learner reads first, its images before all; the rest by name. */
function byInterest(images) {
  const rank = ({topic, lag}) => (topic === images ? 0 : lag !== null ? 1 : 2);
  return (a, b) => rank(a) - rank(b) || a.topic.localeCompare(b.topic) || a.partition - b.partition;
}

/** A lag with a bar for the share of the topic that is unread. */
function lagCell({lag, start, end}, bar) {
  if (!bar || end <= start) {
    return compact(lag);
  }
  const fill = h('i', {});
  fill.style.width = `${Math.min(100, (lag / (end - start)) * 100)}%`;
  return h('span', {class: 'bar-cell'}, h('span', {class: 'bar', 'aria-hidden': 'true'}, fill), compact(lag));
}

/** A card with a table whose rows stay as long as their keys do. A title that begins with # is a number's. */
class Table {
  element;
  note;
  #numbers;
  #rows = h('tbody', {});
  #box;
  #nothing;

  constructor(title, titles, [nothing, hint]) {
    this.#numbers = titles.map((each) => each.startsWith('#'));
    const {element, body, note} = card(title);
    this.element = element;
    this.note = note;
    this.#box = h('div', {class: 'table-box'}, h(
      'table', {class: 'table'},
      h('thead', {}, h('tr', {}, titles.map((each, index) => h('th', {scope: 'col', class: this.#numbers[index] ? 'number' : null}, each.replace('#', ''))))),
      this.#rows));
    this.#nothing = empty(nothing, hint);
    body.append(this.#box, this.#nothing);
  }

  draw(items, keyOf, cellsOf) {
    show(this.#box, items.length > 0);
    show(this.#nothing, items.length === 0);
    keyed(this.#rows, items, keyOf, () => h('tr', {}, this.#numbers.map((number) => h('td', {class: number ? 'number' : null}))), (row, item) =>
      cellsOf(item).forEach((content, index) => {
        const cell = row.children[index];
        if (typeof content === 'string') {
          setText(cell, content);
        } else {
          cell.replaceChildren(content);
        }
      }));
  }
}
