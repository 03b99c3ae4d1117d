import { expect, type Page } from '@playwright/test';
import type { ConnectionState, Frame, Gap, Receipt } from 'connections-client';
import type { PlainPage } from '../app/plain.js';
import { eventually } from './eventually.js';

declare global {
  interface Window {
    plain: PlainPage;
  }
}

/** How a tab connects. */
export interface TabOptions {
  readonly user: string;
  readonly transport?: 'auto' | 'shared' | 'leader' | 'direct';
  readonly workerUrl?: string | undefined;
}

/** What a tab needs of a page; Playwright, Puppeteer and WebDriver all have it. */
export interface Scriptable {
  evaluate<R, A>(script: (argument: A) => R, argument: A): Promise<Awaited<R>>;
  close(): Promise<void>;
}

/** A page of the plain application, in the words of the tests. */
export class Tab<P extends Scriptable = Page> {
  constructor(
    readonly page: P,
    readonly user: string,
  ) {}

  async untilOpen(): Promise<this> {
    await eventually('open', async () => expect(await this.state()).toMatchObject({ status: 'open' }), 30_000);
    return this;
  }

  state(): Promise<ConnectionState | undefined> {
    return this.page.evaluate(() => window.plain.connection?.state, undefined);
  }

  frames(): Promise<Frame[]> {
    return this.page.evaluate(() => window.plain.frames, undefined);
  }

  gaps(): Promise<Gap[]> {
    return this.page.evaluate(() => window.plain.gaps, undefined);
  }

  receipts(): Promise<Receipt[]> {
    // The promise of a final receipt does not leave the page.
    return this.page.evaluate(() => window.plain.receipts.map(({ final: _, ...receipt }) => receipt), undefined);
  }

  /** The texts of all messages so far. */
  async texts(): Promise<string[]> {
    return (await this.frames()).filter(({ kind }) => kind === 'text').map(({ text }) => text ?? '');
  }

  /** The numbers of all ticks so far. */
  async ticks(): Promise<number[]> {
    return (await this.texts()).filter((text) => text.includes('"tick"')).map((text) => (JSON.parse(text) as { n: number }).n);
  }

  /** The number of the newest tick; 0 before the first. */
  lastTick(): Promise<number> {
    return this.page.evaluate(() => window.plain.lastTick(), undefined);
  }

  /** Waits for a text. */
  async untilText(text: string, withinMs?: number): Promise<void> {
    await this.until(`text ${text}`, (wanted) => window.plain.frames.some((frame) => frame.text === wanted), text, withinMs);
  }

  /** Waits for a tick of at least this number. */
  async untilTick(n: number, withinMs?: number): Promise<void> {
    await this.until(`tick ${n}`, (wanted) => window.plain.lastTick() >= wanted, n, withinMs);
  }

  async send(text: string): Promise<void> {
    await this.page.evaluate((message) => window.plain.send(message), text);
  }

  close(): Promise<void> {
    return this.page.close();
  }

  async until<A>(what: string, holds: (argument: A) => boolean, argument: A, withinMs?: number): Promise<void> {
    await eventually(what, async () => expect(await this.page.evaluate(holds, argument), what).toBe(true), withinMs);
  }
}

/** Waits until every tab has ticks beyond what it has now. */
export async function untilFlowing(tabs: readonly Tab<Scriptable>[], withinMs: number): Promise<void> {
  await Promise.all(tabs.map(async (tab) => tab.untilTick((await tab.lastTick()) + 1, withinMs)));
}
