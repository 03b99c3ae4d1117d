// The table of silos and fronts.
import { rate, sum } from './figures.js';
import { short } from './charts.js';
import { act } from './actions.js';

export function showNodes(body, nodes, before, seconds) {
  const rows = [...nodes].sort((a, b) => a.kind.localeCompare(b.kind) || a.host.localeCompare(b.host) || a.startedAt - b.startedAt).map((node) => {
    const silo = node.kind === 'silo';
    const row = document.createElement('tr');
    const add = (text) => row.appendChild(Object.assign(document.createElement('td'), { textContent: text }));
    // The name is shown beside the figure where there is no room for a head of the table.
    const figure = (name, text) => Object.assign(add(text), { className: 'number' }).setAttribute('data-name', name);
    add(node.kind);
    add(silo ? `${node.host} · ${node.id.split('@')[0]}` : node.id);
    figure('Up', ago(node.startedAt));
    figure('Users', node.users);
    figure('Tabs', silo ? '' : sum([node], 'connections.tabs'));
    figure('Upstreams', silo ? sum([node], 'connections.upstreams', '|open') : '');
    figure('Frames/s', short(rate([node], before, seconds, silo ? 'connections.upstream.frames' : 'connections.tab.frames', silo ? '|receive' : '|transmit')));
    const last = document.createElement('td');
    if (node.draining) last.textContent = 'leaving';
    else if (!silo) {
      const drain = Object.assign(document.createElement('button'), { textContent: 'Drain', className: 'danger' });
      drain.onclick = () => act(`Send all tabs of ${node.id} elsewhere? It takes no new ones until it is started anew.`, `/admin/fronts/${encodeURIComponent(node.id)}/drain`);
      last.append(drain);
    }
    row.append(last);
    return row;
  });
  // A table under the pointer must not change: the click would go elsewhere.
  if (!body.matches(':hover, :focus-within')) body.replaceChildren(...rows);
}

function ago(at) {
  const seconds = Math.max(0, (Date.now() - at) / 1000);
  return seconds < 120 ? `${seconds.toFixed(0)} s` : seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
