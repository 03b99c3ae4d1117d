// The graphql-ws package: reconnects and subscribes again by itself, with the variables as they are then.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { batch, opened, url, user } from './report.mjs';

const client = createClient({
  url: `${url.replace('http', 'ws')}/graphql?user=${user}`,
  webSocketImpl: WebSocket,
  retryAttempts: Infinity,
  shouldRetry: () => true,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 200)),
});

const payload = {
  query: `subscription ($from: String) {
    frames(from: $from) { epoch position recovered gap { reason firstAvailable top next } frames { offset kind at text data } }
  }`,
  variables: { from: null },
};

client.subscribe(payload, {
  next({ data: { frames: it } }) {
    payload.variables.from = it.position;
    if (it.recovered !== null) opened();
    batch(it);
  },
  error(error) {
    console.error(error);
    process.exit(1);
  },
  complete() {},
});
