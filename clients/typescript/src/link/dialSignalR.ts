import { HubConnection, HubConnectionState, JsonHubProtocol, NullLogger, type IHubProtocol, type ILogger } from '@microsoft/signalr';
import type { Batch, OpenResult, UpstreamState, WireFrame, WireReceipt } from '../protocol/wire.js';
import { fromBase64, toBase64 } from './base64.js';
import { HubSocket } from './hubSocket.js';
import type { Dial, Line, LineEnd, LineEvents } from './line.js';
import { reasonFinder } from './reasonFinder.js';

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
    const socket = new HubSocket(url, accessToken, events.heard);
    const hub = (HubConnection as unknown as HubFactory).create(socket, NullLogger.instance, protocol);
    hub.serverTimeoutInMilliseconds = silenceMs;
    const line = lineOver(hub, events, protocol.name === 'json', accessToken);
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
    return line;
  };
}

function lineOver(hub: HubConnection, events: LineEvents, isText: boolean, accessToken?: () => Promise<string>): Line {
  let closing: LineEnd | undefined;
  let renewing = false;
  /** The backend refused the token that the gateway relays: one fresh token for each time that it says so. */
  const renew = async ({ tokenRefused = false }: UpstreamState): Promise<void> => {
    if (renewing === tokenRefused) return;
    renewing = tokenRefused;
    // Without a page that has a token, or with one that is no better, the next state asks again.
    if (renewing && accessToken) await hub.invoke('Renew', await accessToken());
  };
  const hangUp = (): void => void hub.stop();
  hub.on('Frames', (batch: RawBatch) => events.frames({ ...batch, frames: batch.frames.map(readFrame) }));
  hub.on('State', (state: UpstreamState) => {
    void renew(state).catch(() => (renewing = false));
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
      void renew(result.state).catch(() => (renewing = false));
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
