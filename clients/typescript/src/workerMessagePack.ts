import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import { serveWorker } from './hosts/serveWorker.js';
import { dialSignalR } from './link/dialSignalR.js';

// Built as a bundle alone: no application needs the protocol's package.
serveWorker((url, accessToken) => dialSignalR(url, accessToken, new MessagePackHubProtocol()));
