/**
 * The WebSocket under a hub connection, in place of SignalR's own chain of transports: no negotiation, so that no load balancer
 * needs sticky sessions; a dial that hangs can be given up; every message tells that the gateway lives, pings too; and the worker
 * is half the size. Its members are those that `HubConnection` asks of a connection.
 */
export class HubSocket {
  readonly features = {};
  onreceive: ((data: string | ArrayBuffer) => void) | null = null;
  onclose: ((error?: Error) => void) | null = null;
  #socket: WebSocket | undefined;

  constructor(
    readonly baseUrl: string,
    readonly accessToken: (() => Promise<string>) | undefined,
    readonly heard: () => void,
  ) {}

  async start(): Promise<void> {
    const url = new URL(this.baseUrl);
    url.protocol = url.protocol.replace('http', 'ws');
    if (this.accessToken) url.searchParams.set('access_token', await this.accessToken());
    const socket = (this.#socket = new WebSocket(url));
    socket.binaryType = 'arraybuffer';
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      // A browser does not tell a page why: nobody there, a bad certificate, and a 401 look the same.
      socket.onclose = () => reject(new Error('the gateway could not be reached'));
    });
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.heard();
      this.onreceive?.(data);
    };
    socket.onclose = ({ code, reason }) => this.#end(new Error(`line lost (${code}${reason && ` ${reason}`})`));
  }

  send(data: string | ArrayBuffer): Promise<void> {
    this.#socket?.send(data);
    return Promise.resolve();
  }

  /** Ends the socket, and does not wait for the network to agree. */
  stop(error?: unknown): Promise<void> {
    this.#end(error instanceof Error ? error : undefined);
    return Promise.resolve();
  }

  /** Gives up a dial that is under way. */
  abort(): void {
    this.#socket?.close();
  }

  #end(error: Error | undefined): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.onmessage = socket.onclose = null;
    socket.close();
    this.onclose?.(error);
  }
}
