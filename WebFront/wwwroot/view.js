import { drawDials } from './backend.js';
import { count, countdown, duration, plural, time } from './format.js';
import { drawWay } from './way.js';

const Reasons = {
  'upstream-down': 'the upstream is down',
  'breaker-open': 'the breaker is open',
  'queue-full': 'too many messages wait',
  'too-large': 'it is too large',
  rate: 'too many in too short a time',
  'bad-id': 'its id is not valid',
  'upstream-lost': 'the upstream broke meanwhile',
  'owner-lost': 'the silo was lost meanwhile',
  'not-connected': 'this tab is not connected',
  'tab-cut': 'this tab was cut before the receipt',
};

const Tones = {
  live: 'good', connecting: 'busy', waiting: 'busy', closed: 'bad',
  open: 'good', idle: 'calm', none: 'calm',
  sent: 'good', queued: 'busy', rejected: 'bad', expired: 'bad', unknown: 'busy',
};

// A closed breaker lets everything through: good here, where a closed tab is bad.
const BreakerTones = { closed: 'good', open: 'bad', 'half-open': 'busy', 'forced-open': 'bad', 'forced-closed': 'busy' };

const Headlines = { connecting: 'Connecting', live: 'Connecting', waiting: 'Cut off for the moment', closed: 'Not connected' };

/** Writes what is known into the page, and touches only what changed: the browser then has next to nothing to do. */
export class View {
  #texts = bind('text');
  #tones = bind('tone');
  #shows = bind('show');
  #drains = bind('drain');
  #written = new Map();

  /** @param {object} model see main.js */
  draw(model) {
    const now = Date.now();
    this.#hero(model);
    this.#state(model, now);
    if (model.backend) this.#backend(model.backend);
    this.#receipts(model.sends);
    model.frames.draw();
    this.#text('frameCount', model.frames.isEmpty ? '' : model.frames.summary);
    this.#show('noFrames', model.frames.isEmpty);
    this.#text('user', model.user ?? '');
    this.#show('user', Boolean(model.user));
  }

  #hero({ state, backend, phase }) {
    const live = phase.name === 'live' && state !== null;
    // A tab that is cut off knows of no other tab; the backend goes on counting all the same.
    const tabs = live ? state.tabs : 1;
    const fronts = live ? state.fronts : 0;
    const counted = backend?.mine?.connections;
    const connections = counted ?? (live && state.upstream === 'open' ? 1 : 0);
    this.#text('count', live ? `${plural(connections, 'connection')} for ${plural(tabs, 'tab')}` : Headlines[phase.name]);
    this.#tone('count', !live ? 'calm' : connections > 1 ? 'bad' : connections === 1 ? 'good' : 'calm');
    this.#text('source', source(live, counted, tabs, fronts));
    const upstream = live ? state.upstream : 'idle';
    this.#once('way', `${tabs} ${fronts} ${connections} ${upstream}`, () =>
      drawWay(document.getElementById('way'), { tabs, fronts, connections, upstream }));
  }

  #state({ state, phase, position, waits }, now) {
    this.#pill('phase', phase.name);
    this.#text('phaseDetail', phase.name === 'waiting' ? `${phase.reason}; attempt ${phase.attempt} ${countdown(phase.until, now)}` : phase.reason ?? '');
    this.#show('reconnect', phase.name === 'waiting' || phase.name === 'closed');
    this.#text('position', position.text ?? 'none yet');
    this.#text('now', sentence(phase, state));
    this.#tone('now', phase.name === 'live' ? Tones[state?.upstream] ?? 'busy' : Tones[phase.name]);
    if (!state) return;

    const live = phase.name === 'live';
    const waiting = live && state.upstream === 'waiting';
    this.#pill('upstream', state.upstream);
    this.#text('since', live ? `since ${time(state.since)}, ${duration(now - state.since)}` : 'as last heard');
    this.#show('why', Boolean(state.reason) || waiting);
    this.#text('why', `${state.reason ?? ''}${waiting && waits.dial.until ? `${state.reason ? '; ' : ''}next dial` : ''}`);
    this.#text('wait', waiting && waits.dial.until ? countdown(waits.dial.until, now) : '');
    this.#drain('wait', waiting && state.breaker.state !== 'open' ? waits.dial : null, now);

    const { state: breaker, failures, trips } = state.breaker;
    this.#text('breaker', breaker);
    this.#tone('breaker', BreakerTones[breaker]);
    this.#text('breakerDetail', `${plural(failures, 'failure')} in a row${trips ? `, opened ${count(trips)}×` : ''}`);
    this.#text('breakerWait', live && breaker === 'open' && waits.breaker.until ? `probe ${countdown(waits.breaker.until, now)}` : '');
    this.#drain('breaker', live && breaker === 'open' ? waits.breaker : null, now);
    this.#text('attached', `${plural(state.tabs, 'tab')} on ${plural(state.fronts, 'front')}`);
    this.#text('generation', `generation ${count(state.generation)}`);
  }

  #backend(backend) {
    const { stats, mine } = backend;
    this.#text('backendProblem', backend.problem);
    this.#text('mineNow', mine ? count(mine.connections) : '–');
    this.#text('minePeak', mine ? count(mine.peakConnections) : '–');
    this.#text('mineDials', mine ? count(mine.dials) : '–');
    this.#text('allNow', stats ? count(stats.connections) : '–');
    this.#text('allPeak', stats ? count(stats.peakConnections) : '–');
    this.#text('allDials', stats ? count(stats.accepted + stats.refused) : '–');
    if (!stats) return;
    this.#text('faultHint', backend.hint);
    const dials = backend.dials;
    const sum = key => dials.reduce((total, second) => total + second[key], 0);
    this.#text('dialsCaption', `Dials in the last minute: ${count(sum('accepted'))} accepted, ${count(sum('refused'))} refused`);
    this.#once('dials', dials.map(s => `${s.accepted}.${s.refused}`).join(), () => drawDials(document.getElementById('dials'), dials));
    this.#once('mode', backend.mode, () => {
      for (const button of document.querySelectorAll('[data-fault]'))
        button.setAttribute('aria-pressed', String(button.dataset.fault === backend.mode));
    });
  }

  #receipts(sends) {
    this.#once('sends', sends.map(s => `${s.id}${s.status}`).join(), () =>
      document.getElementById('receipts').replaceChildren(...sends.map(receipt)));
  }

  #text(name, value) {
    this.#once(`text ${name}`, value, () => this.#texts.get(name).forEach(e => { e.textContent = value; }));
  }

  #tone(name, value) {
    this.#once(`tone ${name}`, value, () => this.#tones.get(name).forEach(e => { e.dataset.is = value; }));
  }

  #pill(name, value) {
    this.#text(name, value);
    this.#tone(name, Tones[value]);
  }

  #show(name, shown) {
    this.#once(`show ${name}`, shown, () => this.#shows.get(name).forEach(e => { e.hidden = !shown; }));
  }

  /** @param {{ from: number, until: number } | null} wait */
  #drain(name, wait, now) {
    const runs = Boolean(wait?.until) && wait.until > now;
    this.#show(`${name}Bar`, runs);
    if (!runs) return;
    const left = (wait.until - now) / Math.max(1, wait.until - wait.from);
    this.#drains.get(name).forEach(e => { e.style.transform = `scaleX(${Math.min(1, left).toFixed(3)})`; });
  }

  #once(key, value, write) {
    if (this.#written.get(key) === value) return;
    this.#written.set(key, value);
    write();
  }
}

/** Who says so: the number in the headline is worth what its source is worth. */
function source(live, counted, tabs, fronts) {
  if (!live) return counted === undefined ? '' : `Meanwhile the backend counts ${plural(counted, 'connection')} of this user.`;
  return counted === undefined
    ? 'The gateway says so: no backend is here to count for itself.'
    : `The backend itself counts ${plural(counted, 'connection')} of this user; the gateway has ${plural(tabs, 'tab')} on ${plural(fronts, 'front')}.`;
}

/** What a screen reader is told when it changes; countdowns stay out of it. */
function sentence(phase, state) {
  if (phase.name === 'connecting') return 'Connecting to the gateway.';
  if (phase.name === 'waiting') return 'Cut off; this tab comes back and resumes.';
  if (phase.name === 'closed') return 'The connection to the gateway has ended.';
  switch (state?.upstream) {
    case 'open': return 'Frames flow: the upstream is open.';
    case 'connecting': return 'The gateway dials the upstream.';
    case 'waiting': return state.breaker.state === 'open' ? 'The breaker is open: no dials for a while.' : 'The gateway waits before it dials.';
    case 'idle': return 'Nobody wants the upstream.';
    default: return 'No upstream is configured; pushed messages still come.';
  }
}

function receipt({ text, status, reason, retryAfterMs, took }) {
  const li = document.createElement('li');
  const pill = document.createElement('span');
  pill.className = 'pill';
  pill.dataset.is = Tones[status] ?? 'calm';
  pill.textContent = status ?? 'sending';
  const words = document.createElement('span');
  words.className = 'sent';
  words.textContent = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  const detail = document.createElement('span');
  detail.className = 'hint';
  detail.textContent = [
    reason && (Reasons[reason] ?? reason),
    retryAfterMs && `try again in ${duration(retryAfterMs + 999)}`,
    took !== undefined && `${took} ms`,
  ].filter(Boolean).join(' · ');
  li.append(pill, words, detail);
  return li;
}

/** The elements that carry data-<what>, by its value. */
function bind(what) {
  const found = [...document.querySelectorAll(`[data-${what}]`)];
  return Map.groupBy ? Map.groupBy(found, e => e.dataset[what]) : group(found, e => e.dataset[what]);
}

function group(elements, key) {
  const groups = new Map();
  for (const element of elements) groups.set(key(element), [...(groups.get(key(element)) ?? []), element]);
  return groups;
}
