// One user, explained, and what can be done about it.
import { act, problem } from './actions.js';

const actions = [
  ['Reset breaker', 'breaker/reset', (u) => `Reset the breaker of ${u}? The next dial goes out at once.`],
  ['Hold open', 'breaker/force-open', (u) => `Hold the breaker of ${u} open? Nobody dials for this user until a reset.`],
  ['Hold closed', 'breaker/force-closed', (u) => `Hold the breaker of ${u} closed? It will not protect the backend until a reset.`],
  ['Disconnect', 'disconnect', (u) => `Close all tabs of ${u} for good, and the upstream?`],
];

export function wireUser(form, place) {
  const explain = async (user) => {
    const response = await fetch(`/admin/users/${encodeURIComponent(user)}`, { headers: { Accept: 'application/json' } });
    if (!response.ok) return say(place, await problem(response), false);
    place.replaceChildren(facts(await response.json()), buttons(user));
  };
  const buttons = (user) => {
    const row = Object.assign(document.createElement('div'), { className: 'actions' });
    for (const [label, path, question] of actions) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label, className: 'danger' });
      button.onclick = async () => {
        const result = await act(question(user), `/admin/users/${encodeURIComponent(user)}/${path}`, { reason: 'monitoring page' });
        if (!result) return;
        await explain(user);
        place.prepend(Object.assign(document.createElement('p'), { textContent: result.text, className: result.ok ? 'good' : 'problem' }));
      };
      row.append(button);
    }
    return row;
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    void explain(new FormData(form).get('user'));
  };
}

function facts(user) {
  const list = document.createElement('dl');
  const add = (name, value) => list.append(Object.assign(document.createElement('dt'), { textContent: name }), Object.assign(document.createElement('dd'), { textContent: value }));
  const { state } = user;
  add('Owner', `${user.silo}, generation ${state.generation}`);
  add('Upstream', state.upstream + (state.reason ? `: ${state.reason}` : '') + (state.retryAfterMs != null ? `, next dial in ${(state.retryAfterMs / 1000).toFixed(1)} s` : ''));
  add('Breaker', `${state.breaker.state}, ${state.breaker.failures} failures in a row, ${state.breaker.trips} trips${user.breaker ? ` (${user.breaker})` : ''}`);
  add('Position', state.position);
  add('Outbox', `${user.outbox.messages} messages, ${user.outbox.bytes} bytes`);
  for (const front of user.fronts) add(`Front ${front.front}`, front.tabs ? front.tabs.map((t) => `${t.id ?? t.tab} lags ${t.lag}`).join('; ') || 'no tab' : 'does not answer');
  for (const move of user.breakerHistory ?? []) add(new Date(move.at).toLocaleTimeString(), `${move.from} → ${move.to}: ${move.reason}${move.detail ? ` (${move.detail})` : ''}`);
  return list;
}

function say(place, text, ok) {
  place.replaceChildren(Object.assign(document.createElement('p'), { textContent: text, className: ok ? 'good' : 'problem' }));
}
