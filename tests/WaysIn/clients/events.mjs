// The eventsource package: reconnects by itself, and sends Last-Event-ID by itself.
import { EventSource } from 'eventsource';
import { frame, gap, opened, url, user } from './report.mjs';

const source = new EventSource(`${url}/sse?user=${user}`);
const epochOf = (event) => event.lastEventId.split('-')[0];
source.addEventListener('opened', opened);
source.addEventListener('frame', (event) => frame(epochOf(event), JSON.parse(event.data)));
source.addEventListener('gap', (event) => gap(epochOf(event), JSON.parse(event.data)));
