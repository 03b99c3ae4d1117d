import { bytesOf, count, hex, plural, time } from './format.js';

const Limit = 200;
const TextLimit = 600;
const HexLimit = 96;

const Names = { text: 'text', binary: 'binary', 'upstream-opened': 'opened', 'upstream-closed': 'closed', gap: 'gap', hole: 'hole' };

const Gaps = {
  'epoch-changed': 'the log that had them is gone, or the position was of another log',
  evicted: 'they fell out of the replay window',
  'future-offset': 'the position is ahead of this log',
};

/** The newest frames, and the list that shows them. */
export class Frames {
  #list;
  #fresh = [];
  #paused = false;
  #total = 0;
  #gaps = 0;
  #holes = 0;

  /** @param {HTMLOListElement} list */
  constructor(list) {
    this.#list = list;
  }

  get isEmpty() {
    return this.#total + this.#gaps + this.#holes === 0;
  }

  /** Only the newest are kept for the next drawing: a page in the background draws nothing, and must not grow. */
  add(entry) {
    if (entry.kind === 'gap') this.#gaps++;
    else if (entry.kind === 'hole') this.#holes++;
    else this.#total++;
    this.#fresh.push(entry);
    if (this.#fresh.length >= 2 * Limit) this.#fresh = this.#fresh.slice(-Limit);
  }

  pause(paused) {
    this.#paused = paused;
  }

  get summary() {
    const parts = [`${count(this.#total)} since this page opened`];
    if (this.#gaps) parts.push(plural(this.#gaps, 'gap'));
    if (this.#holes) parts.push(`${plural(this.#holes, 'undeclared hole')}: please report it`);
    if (this.#paused && this.#fresh.length) parts.push(`${this.#fresh.length >= Limit ? `${Limit} or more` : count(this.#fresh.length)} wait`);
    return parts.join(' · ');
  }

  /** Puts what came since the last drawing on top, and takes what is over the limit from the bottom. */
  draw() {
    if (this.#paused || this.#fresh.length === 0) return;
    const rows = this.#fresh.slice(-Limit).reverse().map(row);
    this.#fresh = [];
    this.#list.prepend(...rows);
    while (this.#list.childElementCount > Limit) this.#list.lastElementChild.remove();
  }
}

function row(entry) {
  const li = document.createElement('li');
  li.dataset.kind = entry.kind;
  li.append(
    part('span', 'offset', entry.offset === undefined ? '' : count(entry.offset)),
    part('time', 'at', time(entry.at)),
    part('span', 'kind', Names[entry.kind] ?? entry.kind),
    part(entry.kind === 'binary' ? 'pre' : 'span', 'body', body(entry)));
  return li;
}

function part(tag, name, text) {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

function body(entry) {
  switch (entry.kind) {
    case 'text': return clip(entry.text);
    case 'binary': return binary(bytesOf(entry.data));
    case 'upstream-opened': return opened(entry.text);
    case 'upstream-closed': return closed(entry.text);
    case 'gap': return gap(entry.gap);
    case 'hole': return `Frame ${count(entry.expected)} was due, ${count(entry.offset)} came, and no gap was declared.`;
    default: return clip(entry.text ?? '');
  }
}

const clip = text => (text.length > TextLimit ? `${text.slice(0, TextLimit)}… (${count(text.length)} characters)` : text);

const binary = bytes => hex(bytes, HexLimit) + (bytes.length > HexLimit ? `\n… ${plural(bytes.length, 'byte')} in all` : '');

const opened = text => `The upstream opened, generation ${JSON.parse(text).generation}.`;

function closed(text) {
  const { code, reason = '', by } = JSON.parse(text);
  const who = { upstream: 'by the backend', gateway: 'by the gateway', network: 'by the network' }[by] ?? `by ${by}`;
  return `The upstream was closed ${who}: ${[code, reason.replace(/\.+$/, '')].filter(Boolean).join(' ')}. What the backend says until it opens again is lost.`;
}

const gap = ({ reason, next }) => `Frames are missing here: ${Gaps[reason] ?? reason}. The next one is ${count(next)}.`;
