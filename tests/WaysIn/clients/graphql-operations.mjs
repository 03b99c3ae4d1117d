// The graphql-ws package against every kind of operation; prints one line of JSON with what it saw.
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { url, user } from './report.mjs';

const client = createClient({ url: `${url.replace('http', 'ws')}/graphql?user=${user}`, webSocketImpl: WebSocket });

const one = (query, variables) =>
  new Promise((resolve) => {
    let result;
    client.subscribe({ query, variables }, { next: (it) => (result = it), error: (it) => resolve({ error: it }), complete: () => resolve(result) });
  });

const until = (query, enough) =>
  new Promise((resolve, reject) => {
    const seen = [];
    const end = client.subscribe(
      { query },
      {
        next: (it) => {
          seen.push(it);
          if (enough(it)) {
            end();
            resolve(seen);
          }
        },
        error: reject,
        complete() {},
      },
    );
  });

const state = await until('subscription { state { upstream position } }', (it) => it.data.state.upstream === 'open');
const sent = await one('mutation ($id: String!) { send(id: $id, text: "from graphql-ws") { id status reason } }', { id: 'js:1' });
const connection = await one('{ connection { upstream tabs breaker { state } } breakers { name state } }');
const wrong = await one('{ nothing }');
const deep = await one(`{ __schema { types { fields { type ${'{ ofType '.repeat(30)} { name } ${'}'.repeat(30)} } } } }`);
const wide = await one(`{ ${Array.from({ length: 2_100 }, (_, i) => `a${i}: connection { since tabs generation upstream }`).join(' ')} }`);
const introspection = await one(getIntrospectionQuery());
await client.dispose();
process.stdout.write(
  `${JSON.stringify({ state: state.at(-1), types: introspection.data?.__schema.types.map(({ name }) => name) ?? introspection, sent, connection, wrong: wrong.error?.[0]?.message, deep: deep.error?.[0]?.message, wide: wide.error?.[0]?.message })}\n`,
);
