/**
 * One tab's connection to the gateway: `connections.v1` over a WebSocket, resumed by position after every cut.
 * The contract is docs/protocol.md.
 */

const SubProtocol = 'connections.v1';
const OpenPatience = 15_000;
const PingAfter = 20_000;
const PongPatience = 10_000;
const StableAfter = 5_000;
const SaveEvery = 1_000;

/** A wait drawn from the whole range, so that tabs cut together do not come back together. @param {number} attempt from 0 */
export const fullJitter = attempt => Math.random() * Math.min(30_000, 500 * 2 ** attempt);

/**
 * @typedef {{ name: 'connecting' | 'live' | 'waiting' | 'closed', reason?: string, until?: number, attempt: number }} Phase
 * @typedef {{ kind: string, offset?: number, at?: number, text?: string, data?: string, gap?: object, expected?: number }} Entry
 * @typedef {object} Handlers
 * @property {(phase: Phase) => void} phase
 * @property {(opened: { user: string, tab: string, recovered: boolean }) => void} opened
 * @property {(state: object) => void} state
 * @property {(entry: Entry) => void} entry a frame, a gap, or a hole that the gateway did not declare
 * @property {(receipt: { id: string, status: string, reason?: string, retryAfterMs?: number }) => void} receipt
 */
export class Connection {
  #url;
  #position;
  #on;
  #socket = null;
  #phase = { name: 'closed', attempt: 0 };
  #attempt = 0;
  #liveSince = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #farewell = null;
  #timer;
  // Ids must be unique among tabs, and randomUUID is missing on plain http.
  #clientId = Array.from(crypto.getRandomValues(new Uint8Array(8)), b => b.toString(16).padStart(2, '0')).join('');
  #seq = 0;
  #unanswered = new Set();

  /** @param {URL} url of /ws, with whatever says who the user is @param {import('./position.js').Position} position @param {Handlers} on */
  constructor(url, position, on) {
    this.#url = url;
    this.#position = position;
    this.#on = on;
    setInterval(() => this.#watch(), SaveEvery);
    addEventListener('pagehide', () => position.save());
    // Not at once: whatever came back for this device may have come back for a whole office.
    addEventListener('online', () => this.#phase.name === 'waiting' && this.#wait(Math.random() * 1_000, this.#phase.reason));
  }

  /** Connects now; out of a wait or a final close too. */
  connect() {
    clearTimeout(this.#timer);
    this.#leave();
    const socket = new WebSocket(this.#url, SubProtocol);
    this.#socket = socket;
    this.#farewell = null;
    this.#enter({ name: 'connecting' });
    this.#timer = setTimeout(() => this.#cut(1006, 'no answer'), OpenPatience);
    socket.onopen = () => socket.send(JSON.stringify({ type: 'open', position: this.#position.text ?? undefined }));
    socket.onmessage = event => this.#receive(JSON.parse(event.data));
    socket.onclose = event => this.#cut(event.code, event.reason);
  }

  /** Sends a text; its receipt comes to the handler. @param {string} text @returns {string} the id */
  send(text) {
    const id = `${this.#clientId}:${++this.#seq}`;
    if (this.#phase.name === 'live') {
      this.#unanswered.add(id);
      this.#socket.send(JSON.stringify({ type: 'send', id, text }));
    } else {
      queueMicrotask(() => this.#on.receipt({ id, status: 'rejected', reason: 'not-connected' }));
    }
    return id;
  }

  #receive(message) {
    this.#heardAt = Date.now();
    this.#pingedAt = 0;
    switch (message.type) {
      case 'opened':
        clearTimeout(this.#timer);
        // The gap, if any, comes again in the first batch, in its place: only that one is counted.
        this.#position.set(message.position);
        this.#liveSince = Date.now();
        this.#enter({ name: 'live' });
        this.#on.opened(message);
        this.#on.state(message.state);
        break;
      case 'frames':
        this.#frames(message);
        break;
      case 'state':
        this.#on.state(message.state);
        break;
      case 'receipt':
        this.#unanswered.delete(message.id);
        this.#on.receipt(message);
        break;
      case 'closing':
      case 'error':
        this.#farewell = message;
        break;
    }
  }

  #frames({ epoch, gap, frames }) {
    if (gap) {
      this.#on.entry({ kind: 'gap', gap, at: Date.now() });
      this.#position.move(epoch, gap.next - 1);
    }
    for (const frame of frames) {
      if (!this.#position.isNext(epoch, frame.offset))
        this.#on.entry({ kind: 'hole', offset: frame.offset, expected: this.#position.next, at: frame.at });
      this.#position.move(epoch, frame.offset);
      this.#on.entry(frame);
    }
  }

  /** The connection is gone: for good, or until the next attempt. */
  #cut(code, reason) {
    const wasOpen = this.#socket?.readyState !== WebSocket.CONNECTING && this.#phase.name === 'live';
    const farewell = this.#farewell;
    this.#leave();
    // Nobody knows whether these went out: sending them again could send them twice.
    for (const id of this.#unanswered) this.#on.receipt({ id, status: 'unknown', reason: 'tab-cut' });
    this.#unanswered.clear();

    const why = farewell?.message ?? farewell?.reason ?? (reason || (wasOpen ? 'the connection broke' : 'the gateway does not answer'));
    if (code >= 4500 && code < 5000) return this.#enter({ name: 'closed', reason: why });
    // An endpoint that accepts and drops at once must not be hammered: only a connection that held starts anew.
    if (wasOpen && Date.now() - this.#liveSince >= StableAfter) this.#attempt = 0;
    this.#wait(Math.max(farewell?.retryAfterMs ?? 0, fullJitter(this.#attempt++)), why);
    if (!wasOpen && code === 1006) this.#learnWhy();
  }

  /** Browsers hide the status of a refused handshake; a plain request gets the same answer, or 400 when the door is open. */
  async #learnWhy() {
    const response = await fetch(this.#url.href.replace(/^ws/, 'http'), { cache: 'no-store' }).catch(() => null);
    if (this.#phase.name !== 'waiting' || (response?.status !== 401 && response?.status !== 403)) return;
    clearTimeout(this.#timer);
    this.#enter({
      name: 'closed',
      reason: response.status === 401
        ? 'the gateway does not know this user (401): outside Development it wants a token, given as #access_token=… in the address'
        : 'the gateway does not take connections from this page (403)',
    });
  }

  #wait(ms, reason) {
    clearTimeout(this.#timer);
    this.#enter({ name: 'waiting', reason, until: Date.now() + ms });
    this.#timer = setTimeout(() => this.connect(), ms);
  }

  /** Lets go of the socket without waiting for its end: on a dead network that takes minutes. */
  #leave() {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    clearTimeout(this.#timer);
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Closing in mid-handshake is the browser's to report; it has nothing to say to the gateway.
    socket.close();
  }

  /** Pages cannot see the gateway's WebSocket pings, so silence is asked about. */
  #watch() {
    this.#position.save();
    if (this.#phase.name !== 'live') return;
    const now = Date.now();
    if (this.#pingedAt && now - this.#pingedAt > PongPatience) {
      this.#cut(1006, 'the gateway fell silent');
    } else if (!this.#pingedAt && now - this.#heardAt > PingAfter) {
      this.#pingedAt = now;
      this.#socket.send('{"type":"ping"}');
    }
  }

  /** The one place where the phase changes. */
  #enter(phase) {
    this.#phase = { attempt: this.#attempt, ...phase };
    this.#on.phase(this.#phase);
  }
}
