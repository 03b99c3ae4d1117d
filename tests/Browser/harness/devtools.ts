import type { CDPSession, Page } from '@playwright/test';

interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
}

/** What Chromium's developer tools can do to a page and its worker, and Playwright cannot. */
export class DevTools {
  private constructor(
    readonly page: Page,
    readonly session: CDPSession,
  ) {}

  static async of(page: Page): Promise<DevTools> {
    return new DevTools(page, await page.context().newCDPSession(page));
  }

  /** The renderer dies; what lives in it dies with it. (The command itself is never answered.) */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    this.session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async workers(): Promise<TargetInfo[]> {
    const { targetInfos } = await this.session.send('Target.getTargets', { filter: [{}] });
    return targetInfos.filter(({ type }) => type === 'shared_worker');
  }

  /** Ends all shared workers, as a browser short of memory may. */
  async killWorkers(): Promise<void> {
    for (const { targetId } of await this.workers()) await this.session.send('Target.closeTarget', { targetId });
  }

  /** Runs a script in every shared worker, without waiting for its end. */
  async inWorkers(expression: string): Promise<void> {
    for (const { targetId } of await this.workers()) {
      const { sessionId } = await this.session.send('Target.attachToTarget', { targetId, flatten: false });
      const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
      await this.session.send('Target.sendMessageToTarget', { sessionId, message });
    }
  }
}
