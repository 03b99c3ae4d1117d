import { Backend } from './backend.js';
import { Connection } from './connection.js';
import { Frames } from './frames.js';
import { Position } from './position.js';
import { View } from './view.js';

const MaxSends = 20;
const UserId = /^(?!\.{1,2}$)[A-Za-z0-9_.@-]{1,128}$/;

const $ = id => document.getElementById(id);
const chosen = new URLSearchParams(location.search).get('user');
// A fragment never leaves the browser, so a token in it stays out of logs on the way here.
const token = new URLSearchParams(location.hash.slice(1)).get('access_token');

if (token || UserId.test(chosen ?? '')) open();
else welcome();

function welcome() {
  if (chosen) {
    $('choice').value = chosen;
    $('choice-problem').textContent = `“${chosen.slice(0, 40)}” is not a user id.`;
    $('choice-problem').hidden = false;
  }
  $('welcome').hidden = false;
  $('choice').focus();
}

function open() {
  const model = {
    user: token ? null : chosen,
    phase: { name: 'connecting', attempt: 0 },
    state: null,
    waits: { dial: { from: 0, until: 0 }, breaker: { from: 0, until: 0 } },
    position: new Position(`connections.position:${token ? '' : chosen}`),
    frames: new Frames($('frames')),
    sends: [],
    backend: null,
  };
  const view = new View();
  const redraw = oncePerFrame(() => view.draw(model));

  const connection = new Connection(address(), model.position, {
    phase(phase) {
      model.phase = phase;
      redraw();
    },
    opened({ user }) {
      model.user = user;
      document.title = `${user} · Connections`;
      findBackend(model, redraw);
    },
    state(state) {
      model.state = state;
      model.waits.dial = wait(model.waits.dial, state.retryAfterMs);
      model.waits.breaker = wait(model.waits.breaker, state.breaker.retryAfterMs);
      redraw();
    },
    entry(entry) {
      model.frames.add(entry);
      redraw();
    },
    receipt(receipt) {
      const index = model.sends.findIndex(s => s.id === receipt.id);
      if (index >= 0) model.sends[index] = { ...model.sends[index], ...receipt, took: Math.round(performance.now() - model.sends[index].at) };
      redraw();
    },
  });

  $('another').href = location.href;
  $('page').hidden = false;
  wireSending(model, connection, redraw);
  $('reconnect').onclick = () => connection.connect();
  $('pause').onclick = () => {
    const paused = $('pause').getAttribute('aria-pressed') !== 'true';
    $('pause').setAttribute('aria-pressed', String(paused));
    model.frames.pause(paused);
    redraw();
  };
  // Countdowns and durations move by themselves.
  setInterval(redraw, 250);
  connection.connect();
}

function address() {
  const url = new URL('ws', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  url.search = new URLSearchParams(token ? { access_token: token } : { user: chosen }).toString();
  return url;
}

async function findBackend(model, redraw) {
  if (model.backend) return;
  const url = await Backend.find();
  if (!url || model.backend) return;
  const backend = new Backend(url, model.user, redraw);
  model.backend = backend;
  $('backend').hidden = false;
  $('examples').hidden = false;
  for (const button of document.querySelectorAll('[data-fault]')) button.onclick = () => backend.break(button.dataset.fault);
  $('drop').onclick = () => backend.drop();
  $('heal').onclick = () => backend.heal();
  backend.watch();
}

function wireSending(model, connection, redraw) {
  $('send').onsubmit = event => {
    event.preventDefault();
    const text = $('message').value;
    if (!text) return;
    model.sends = [{ text, id: connection.send(text), at: performance.now() }, ...model.sends].slice(0, MaxSends);
    $('message').value = '';
    redraw();
  };
  for (const chip of document.querySelectorAll('[data-example]')) {
    chip.onclick = () => {
      $('message').value = chip.dataset.example;
      $('message').focus();
    };
  }
}

/** A wait runs from when it was first heard of: later reports of the same moment do not start its bar anew. */
function wait(before, retryAfterMs) {
  if (retryAfterMs === undefined) return { from: 0, until: 0 };
  const now = Date.now();
  const until = now + retryAfterMs;
  return Math.abs(until - before.until) < 1_000 ? before : { from: now, until };
}

/** However often it is asked, it draws once per animation frame, and in a background tab not at all. */
function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
