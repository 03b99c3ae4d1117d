export { ApiError, createApi, type Api, type ApiErrorKind, type ApiOptions, type ApiRequest, type Problem } from './api/index.js';
export {
  CircuitBreakerManager,
  CircuitOpenError,
  circuitBreakerManager,
  type CircuitListener,
  type CircuitOptions,
  type CircuitState,
  type CircuitStats,
  type ServerBreakers,
} from './breaker/index.js';
export { createConnection, type Connection, type ConnectionOptions } from './createConnection.js';
export type { HostKind } from './hosts/host.js';
export type { Receipt } from './page/receipt.js';
export type { Frame } from './page/session.js';
export type { ConnectionState } from './page/state.js';
export type { Transport } from './page/ways.js';
export { closeCodes, type CloseReason } from './protocol/codes.js';
export type { BreakerState, FrameKind, Gap, GapReason, SendOptions, UpstreamState } from './protocol/wire.js';
