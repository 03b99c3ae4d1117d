// The ws package without a sub-protocol: messages as they are, and no position to resume from.
import WebSocket from 'ws';
import { opened, text, url, user } from './report.mjs';

function connect() {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?user=${user}`);
  socket.on('open', opened);
  socket.on('message', (data) => text(data.toString()));
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(connect, 200));
}

connect();
