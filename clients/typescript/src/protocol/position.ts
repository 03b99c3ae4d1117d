/** Where a reader stands in a user's log: it has everything up to and including `offset` of `epoch`. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

const shape = /^([0-9a-f]{16})-(0|[1-9]\d{0,15})$/;

/** Reads `<epoch>-<offset>`; anything else is `undefined`, so that a damaged store means "from now on", not an error. */
export function parsePosition(text: string | null | undefined): Position | undefined {
  const parts = shape.exec(text ?? '');
  const offset = Number(parts?.[2]);
  return parts?.[1] && Number.isSafeInteger(offset) ? { epoch: parts[1], offset } : undefined;
}

/** The one textual form of a position. */
export function formatPosition(position: Position): string {
  return `${position.epoch}-${position.offset}`;
}

/** Negative when `a` is earlier, positive when later, `undefined` when the two are of different logs. */
export function comparePositions(a: Position, b: Position): number | undefined {
  return a.epoch === b.epoch ? a.offset - b.offset : undefined;
}
