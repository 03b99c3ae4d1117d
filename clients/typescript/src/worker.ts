import { serveWorker } from './hosts/serveWorker.js';
import { dialSignalR } from './link/dialSignalR.js';

serveWorker(dialSignalR);
