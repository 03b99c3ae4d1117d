/** The sample backend's own word: what it counts, and the faults it can be given. It is there in the stand-alone process only. */

const Every = 1_000;
const Patience = 3_000;
const Seconds = 60;

const Bodies = {
  refuse: { mode: 'refuse', status: 503 },
  stall: { mode: 'stall' },
  flap: { mode: 'flap', upSeconds: 3, downSeconds: 3 },
};

const Hints = {
  none: 'Refuse, then drop all: soon the breaker opens.',
  refuse: 'Dials get 503; open connections live until dropped.',
  stall: 'Sockets are mute; those the gateway gives up stay counted until healed.',
  flap: '3 s up, then 3 s of drops and refusals, over and over.',
};

export class Backend {
  #url;
  #user;
  #changed;
  /** @type {object | null} */
  stats = null;
  /** @type {object | null} */
  mine = null;
  problem = '';

  /** Asks the gateway for the sample backend. @returns {Promise<string | null>} its address, or null when there is none */
  static async find() {
    const response = await fetch('sample-backend').catch(() => null);
    return response?.ok ? (await response.json()).url.replace(/\/$/, '') : null;
  }

  /** @param {string} url @param {string} user @param {() => void} changed */
  constructor(url, user, changed) {
    this.#url = url;
    this.#user = user;
    this.#changed = changed;
  }

  /** Asks each second, one question at a time, while somebody looks. */
  async watch() {
    for (;;) {
      if (!document.hidden) await this.#ask();
      await new Promise(resolve => setTimeout(resolve, Every));
    }
  }

  /** @param {string} mode */
  break(mode) {
    return this.#order('faults', { method: 'PUT', body: JSON.stringify(Bodies[mode]), headers: { 'content-type': 'application/json' } });
  }

  heal() {
    return this.#order('faults', { method: 'DELETE' });
  }

  drop() {
    return this.#order('drop', { method: 'POST' });
  }

  get mode() {
    return this.stats?.fault.mode ?? 'none';
  }

  get hint() {
    return Hints[this.mode] ?? `The fault ${this.mode} is on.`;
  }

  /** The dials of the last minute once there are stats, oldest first, seconds without any included. */
  get dials() {
    const bySecond = new Map(this.stats.dialsPerSecond.map(s => [s.second, s]));
    const now = Math.floor(Date.now() / 1000);
    return Array.from({ length: Seconds }, (_, i) => bySecond.get(now - Seconds + 1 + i) ?? { accepted: 0, refused: 0 });
  }

  async #ask() {
    try {
      [this.stats, this.mine] = await Promise.all([this.#get('stats?users=false'), this.#get(`users/${encodeURIComponent(this.#user)}`)]);
      this.problem = '';
    } catch {
      this.stats = this.mine = null;
      this.problem = `The sample backend does not answer at ${this.#url}.`;
    }
    this.#changed();
  }

  async #get(path) {
    return (await this.#fetch(path)).json();
  }

  async #order(path, init) {
    await this.#fetch(path, init).catch(() => {});
    await this.#ask();
  }

  async #fetch(path, init) {
    const response = await fetch(`${this.#url}/${path}`, { ...init, signal: AbortSignal.timeout(Patience) });
    if (!response.ok) throw new Error(`${response.status}`);
    return response;
  }
}

/** @param {SVGElement} svg of 360 x 30 @param {{ accepted: number, refused: number }[]} seconds */
export function drawDials(svg, seconds) {
  const width = 360 / seconds.length;
  const scale = 28 / Math.max(4, ...seconds.map(s => s.accepted + s.refused));
  const bars = seconds.flatMap(({ accepted, refused }, i) => [
    bar('accepted', i * width, width, 0, accepted * scale),
    bar('refused', i * width, width, accepted * scale, refused * scale),
  ]);
  svg.replaceChildren(bar('ground', 0, 360, 0, 1), ...bars.filter(Boolean));
}

function bar(name, x, width, bottom, height) {
  if (height === 0) return null;
  const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  const place = { class: name, x, y: 30 - bottom - height, width: name === 'ground' ? width : width - 1.5, height };
  for (const [key, value] of Object.entries(place)) rect.setAttribute(key, value);
  return rect;
}
