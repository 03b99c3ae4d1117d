// What an operator does: asked back first, then sent to the admin API.

/** Asks back, then posts. Answers what happened, or null when the operator thought better of it. */
export async function act(question, path, body = {}) {
  if (!(await confirmed(question))) return null;
  const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return response.ok ? { text: 'Done.', ok: true } : { text: await problem(response), ok: false };
}

/** What went wrong, in the server's words. */
export async function problem(response) {
  const answer = await response.json().catch(() => null);
  return answer?.detail ?? answer?.title ?? `The server answered ${response.status}.`;
}

function confirmed(question) {
  const dialog = document.getElementById('confirm');
  dialog.querySelector('p').textContent = question;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true }));
}
