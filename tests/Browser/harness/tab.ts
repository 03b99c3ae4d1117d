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
}

/** A page of the plain application, in the words of the tests. */
export class Tab {
  constructor(
    readonly page: Page,
    readonly user: string,
  ) {}

  async untilOpen(): Promise<this> {
    await this.page.waitForFunction(() => window.plain.connection?.state.status === 'open');
    return this;
  }

  state(): Promise<ConnectionState | undefined> {
    return this.page.evaluate(() => window.plain.connection?.state);
  }

  frames(): Promise<Frame[]> {
    return this.page.evaluate(() => window.plain.frames);
  }

  gaps(): Promise<Gap[]> {
    return this.page.evaluate(() => window.plain.gaps);
  }

  receipts(): Promise<Receipt[]> {
    return this.page.evaluate(() => window.plain.receipts);
  }

  /** The texts of all messages so far. */
  async texts(): Promise<string[]> {
    return (await this.frames()).filter(({ kind }) => kind === 'text').map(({ text }) => text ?? '');
  }

  /** The numbers of all ticks so far. */
  async ticks(): Promise<number[]> {
    return (await this.texts()).filter((text) => text.includes('"tick"')).map((text) => (JSON.parse(text) as { n: number }).n);
  }

  /** Waits for a text. */
  async untilText(text: string, timeout = 10_000): Promise<void> {
    await this.page.waitForFunction((wanted) => window.plain.frames.some((frame) => frame.text === wanted), text, { timeout });
  }

  /** Waits for a tick of at least this number. */
  async untilTick(n: number, timeout = 10_000): Promise<void> {
    await eventually(`tick ${n}`, async () => expect((await this.ticks()).at(-1) ?? 0).toBeGreaterThanOrEqual(n), timeout);
  }

  async send(text: string): Promise<void> {
    await this.page.evaluate((message) => window.plain.send(message), text);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
