// SignalR's own client, JSON protocol: reconnects by itself, and opens where it was.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { batch, opened, url, user } from './report.mjs';

let position = null;
const connection = new HubConnectionBuilder()
  .withUrl(`${url}/hubs/connection?user=${user}`, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => 200 })
  .configureLogging(LogLevel.None)
  .build();

connection.on('Frames', (it) => {
  batch(it);
  const last = it.frames.at(-1)?.offset ?? it.gap.next - 1;
  position = `${it.epoch}-${last}`;
});
for (const ignored of ['State', 'Receipt', 'Closing']) connection.on(ignored, () => {});

async function open() {
  const result = await connection.invoke('Open', position);
  position ??= result.position;
  opened();
}

connection.onreconnected(() => open().catch(() => connection.stop()));
await connection.start();
await open();
