// The ws package with connections.v1: connects again with its position.
import WebSocket from 'ws';
import { batch, opened, url, user } from './report.mjs';

let position;

function connect() {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?user=${user}`, 'connections.v1');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'open', position })));
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.type === 'opened') {
      position ??= message.position;
      opened();
    } else if (message.type === 'frames') {
      batch(message);
      position = `${message.epoch}-${message.frames.at(-1)?.offset ?? message.gap.next - 1}`;
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(connect, 200));
}

connect();
