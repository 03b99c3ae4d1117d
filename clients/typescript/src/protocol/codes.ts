/**
 * Why a connection ends: the close codes of docs/protocol.md, which a test compares with this table.
 * 4000 to 4499: reconnect is welcome. 4500 to 4999: final until something changes on the client's side.
 */
export const closeCodes = {
  'going-away': 4000,
  slow: 4001,
  gap: 4002,
  rejected: 4003,
  'open-timeout': 4004,
  unavailable: 4005,
  flood: 4006,
  'owner-changed': 4409,
  'protocol-error': 4500,
  unauthorized: 4501,
  disconnected: 4502,
  'too-many-tabs': 4503,
} as const;

/** The name of a close code. */
export type CloseReason = keyof typeof closeCodes;

/** Whether a reason says that reconnecting is pointless. A reason this version does not know is not final. */
export function isFinal(reason: string): boolean {
  return (closeCodes[reason as CloseReason] ?? 0) >= 4500;
}
