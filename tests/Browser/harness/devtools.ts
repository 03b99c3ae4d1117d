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

  /** What the page's objects take after a garbage collection, in bytes. */
  async heap(): Promise<number> {
    await this.session.send('HeapProfiler.collectGarbage');
    return (await this.session.send('Runtime.getHeapUsage')).usedSize;
  }

  /** The same for the (only) shared worker. */
  async workerHeap(): Promise<number> {
    const [worker] = await this.workers();
    const { sessionId } = await this.session.send('Target.attachToTarget', { targetId: worker!.targetId, flatten: false });
    await this.#ask(sessionId, 'HeapProfiler.collectGarbage');
    const { usedSize } = (await this.#ask(sessionId, 'Runtime.getHeapUsage')) as { usedSize: number };
    await this.session.send('Target.detachFromTarget', { sessionId });
    return usedSize;
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

  #ask(sessionId: string, method: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const answered = (event: { readonly sessionId: string; readonly message: string }): void => {
        const answer = JSON.parse(event.message) as { id?: number; result?: unknown; error?: unknown };
        if (event.sessionId !== sessionId || answer.id !== 1) return;
        this.session.off('Target.receivedMessageFromTarget', answered);
        if (answer.error) reject(new Error(JSON.stringify(answer.error)));
        else resolve(answer.result);
      };
      this.session.on('Target.receivedMessageFromTarget', answered);
      const message = JSON.stringify({ id: 1, method });
      this.session.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject);
    });
  }
}
