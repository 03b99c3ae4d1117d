import { HubConnection, HubConnectionState, JsonHubProtocol, NullLogger, type IHubProtocol, type ILogger } from '@microsoft/signalr';
import type { Batch, OpenResult, UpstreamState, WireFrame, WireReceipt } from '../protocol/wire.js';
import { fromBase64, toBase64 } from './base64.js';
import { HubSocket } from './hubSocket.js';
import type { Dial, Line, LineEnd, LineEvents } from './line.js';
import { reasonFinder } from './reasonFinder.js';
import { Renewal } from './renewal.js';

/** The factory behind SignalR's builder: not in its types, but the only way to a hub connection over a socket of one's own. */
interface HubFactory {
  create(connection: HubSocket, logger: ILogger, protocol: IHubProtocol): HubConnection;
}

/** How long a gateway that pings every 10 s may be silent, in milliseconds. */
const silenceMs = 25_000;

/** A frame as it comes: JSON carries bytes in base64, MessagePack as they are. */
type RawFrame = Omit<WireFrame, 'data'> & { readonly data?: string | Uint8Array };
type RawBatch = Omit<Batch, 'frames'> & { readonly frames: readonly RawFrame[] };

/** Dials the hub at `url`. SignalR's own reconnect stays off: it gives up, and it cannot resume by position. */
export function dialSignalR(url: string, accessToken: (() => Promise<string>) | undefined, protocol: IHubProtocol = new JsonHubProtocol()): Dial {
  const whyNot = reasonFinder(accessToken);
  return async (events, signal) => {
    let token: string | undefined;
    const fetchToken = accessToken && (async () => (token = await accessToken()));
    const socket = new HubSocket(url, fetchToken, events.heard);
    const hub = (HubConnection as unknown as HubFactory).create(socket, NullLogger.instance, protocol);
    hub.serverTimeoutInMilliseconds = silenceMs;
    const renewal = fetchToken && new Renewal({ fetch: fetchToken, show: (fresh) => hub.invoke('Renew', fresh) }, signal);
    const line = lineOver(hub, events, protocol.name === 'json', renewal);
    signal.addEventListener('abort', () => {
      // First the hub, which says good-bye over a socket that is open; then whatever is still being dialled.
      line.hangUp();
      socket.abort();
    });
    try {
      await hub.start();
    } catch (error) {
      throw (await whyNot(url)) ?? error;
    }
    signal.throwIfAborted();
    if (token) renewal?.saw(token);
    return line;
  };
}

function lineOver(hub: HubConnection, events: LineEvents, isText: boolean, renewal: Renewal | undefined): Line {
  let closing: LineEnd | undefined;
  const hangUp = (): void => void hub.stop();
  hub.on('Frames', (batch: RawBatch) => events.frames({ ...batch, frames: batch.frames.map(readFrame) }));
  hub.on('State', (state: UpstreamState) => {
    renewal?.told(state.tokenRefused);
    events.state(state);
  });
  hub.on('Receipt', (receipt: WireReceipt) => events.receipt(receipt));
  hub.on('Closing', (reason: string, retryAfterMs: number | null) => {
    closing = { reason, retryAfterMs: retryAfterMs ?? undefined };
    hangUp();
  });
  return {
    async open(position) {
      const result = await hub.invoke<OpenResult>('Open', position ?? null);
      renewal?.told(result.state.tokenRefused);
      return result;
    },
    async send(id, payload, options = {}) {
      try {
        if (typeof payload === 'string') return await hub.invoke<WireReceipt>('Send', id, payload, options);
        return await hub.invoke<WireReceipt>('SendBinary', id, isText ? toBase64(payload) : payload, options);
      } catch (error) {
        // A call that failed on a living line is answered by that; one that a lost line took with it may be asked again.
        if (hub.state === HubConnectionState.Connected) return { id, status: 'unknown', reason: String(error) };
        throw error;
      }
    },
    ended: new Promise((resolve) => {
      hub.onclose((error) => resolve(closing ?? { reason: error?.message }));
    }),
    hangUp,
  };
}

function readFrame({ data, ...rest }: RawFrame): WireFrame {
  return data === undefined ? rest : { ...rest, data: typeof data === 'string' ? fromBase64(data) : data };
}
