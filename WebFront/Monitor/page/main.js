// The page: one stream of the cluster's reports feeds the tiles, the charts and the table.
import { quantile, rate, sum } from './figures.js';
import { Chart, short } from './charts.js';
import { showNodes } from './nodes.js';
import { wireUser } from './user.js';

const $ = (id) => document.getElementById(id);
const delivery = 'connections.tab.delivery.duration';
const charts = {
  frames: new Chart($('charts'), 'Frames a second', ['from upstreams', 'to tabs'], '/s'),
  latency: new Chart($('charts'), 'Delivery from silo to tab', ['median', '99 %'], 'ms'),
  dials: new Chart($('charts'), 'Dials a second', ['opened', 'failed'], '/s'),
  gaps: new Chart($('charts'), 'Resumes and gaps a second', ['resumes', 'gaps'], '/s'),
};
let before = null, beforeAt = 0;

wireUser($('look-up'), $('user'));
const stream = new EventSource('stream');
stream.onopen = () => line('Live');
stream.onerror = () => line('No line to the cluster: trying again…');
stream.onmessage = ({ data }) => show(JSON.parse(data).nodes);

function show(nodes) {
  const now = Date.now() / 1000;
  const seconds = now - beforeAt;
  const per = (name, tag) => rate(nodes, before, seconds, name, tag);
  const ms = (part) => { const q = quantile(nodes, before, delivery, part); return q === null ? null : q * 1000; };
  const silos = nodes.filter((n) => n.kind === 'silo'), fronts = nodes.filter((n) => n.kind === 'front');
  const waiting = sum(nodes, 'connections.upstreams', '|waiting') + sum(nodes, 'connections.upstreams', '|connecting');
  const open = sum(nodes, 'connections.breakers|user', '|open') + sum(nodes, 'connections.breakers|user', '|forced-open');
  const unwell = sum(nodes, 'connections.breakers|upstream', '|open') + sum(nodes, 'connections.breakers|upstream', '|half-open');
  const received = per('connections.upstream.frames', '|receive'), sent = per('connections.tab.frames', '|transmit');
  const opened = per('connections.upstream.dials', '|opened'), dials = per('connections.upstream.dials');
  const opens = per('connections.tab.opens'), fresh = per('connections.tab.opens', '|fresh'), gaps = per('connections.tab.gaps');
  const p99 = ms(0.99);

  $('tiles').replaceChildren(
    tile('silos', silos.length), tile('fronts', fronts.length, fronts.length ? '' : 'bad'),
    tile('users', short(silos.reduce((n, s) => n + s.users, 0))), tile('tabs', short(sum(nodes, 'connections.tabs'))),
    tile('upstreams open', short(sum(nodes, 'connections.upstreams', '|open'))), tile('waiting for one', short(waiting), waiting ? 'warn' : ''),
    tile('breakers open', short(open), open ? 'warn' : ''), tile(unwell ? 'silos see the backend unwell' : 'backend', unwell || 'well', unwell ? 'bad' : ''),
    tile('frames/s to tabs', short(sent)), tile('delivery, 99 %', p99 === null ? '–' : `${short(p99)} ms`, p99 > 1000 ? 'warn' : ''),
    tile('outbox', short(sum(nodes, 'connections.outbox.messages'))), tile('lagging fronts', sum(nodes, 'connections.links.lagging'), sum(nodes, 'connections.links.lagging') ? 'warn' : ''),
  );
  if (before) {
    charts.frames.add(now, received, sent);
    charts.latency.add(now, ms(0.5), p99);
    charts.dials.add(now, opened, Math.max(0, dials - opened));
    charts.gaps.add(now, Math.max(0, opens - fresh), gaps);
  }
  showNodes($('nodes'), nodes, before, seconds);
  [before, beforeAt] = [nodes, now];
  line(`Live, ${new Date().toLocaleTimeString([], { hour12: false })}`);
}

function tile(name, value, tone = '') {
  const card = Object.assign(document.createElement('div'), { className: `tile ${tone}` });
  card.append(Object.assign(document.createElement('b'), { textContent: value }), Object.assign(document.createElement('span'), { textContent: name }));
  return card;
}

function line(text) {
  $('line').textContent = text;
}
