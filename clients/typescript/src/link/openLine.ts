import type { Batch, OpenResult, WireReceipt } from '../protocol/wire.js';
import type { Dial, Line, LineEnd } from './line.js';
import type { LinkOwner } from './link.js';

/** How long a dial and its `Open` may take together, in milliseconds. */
const openTimeoutMs = 10_000;

/** Dials, opens at the owner's position, and settles when the line has ended, or never came to be. Never rejects. */
export async function openLine(
  dial: Dial,
  owner: Pick<LinkOwner, 'position' | 'frames' | 'state' | 'receipt' | 'heard'>,
  running: AbortSignal,
  opened: (line: Line, result: OpenResult) => void,
): Promise<LineEnd> {
  const attempt = new AbortController();
  const { signal } = attempt;
  const stop = (): void => attempt.abort(new Error('stopped'));
  running.addEventListener('abort', stop);
  const timer = setTimeout(() => attempt.abort(new Error(`no answer within ${openTimeoutMs} ms`)), openTimeoutMs);
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  /** Frames that overtake the answer to `Open` wait for it. */
  let early: Batch[] | undefined = [];
  const events = {
    frames: (batch: Batch) => void (signal.aborted || (early ? early.push(batch) : owner.frames(batch))),
    state: (state: OpenResult['state']) => void (signal.aborted || owner.state(state)),
    receipt: (receipt: WireReceipt) => void (signal.aborted || owner.receipt(receipt)),
    heard: () => void (signal.aborted || owner.heard()),
  };
  try {
    const line = await Promise.race([aborted, dial(events, signal)]);
    const answer = await Promise.race([aborted, openOrEnd(line, owner.position())]);
    if (!('state' in answer)) return answer;
    clearTimeout(timer);
    opened(line, answer);
    early.forEach((batch) => owner.frames(batch));
    early = undefined;
    return await Promise.race([aborted, line.ended]);
  } catch (error) {
    return { reason: textOf(error) };
  } finally {
    clearTimeout(timer);
    running.removeEventListener('abort', stop);
    attempt.abort();
  }
}

/** The answer to `Open`, or why there is none: what the gateway said in parting counts more than the call that failed by it. */
async function openOrEnd(line: Line, position: string | undefined): Promise<OpenResult | LineEnd> {
  try {
    return await line.open(position);
  } catch (error) {
    line.hangUp();
    const end = await line.ended;
    return { ...end, reason: end.reason ?? textOf(error) };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
