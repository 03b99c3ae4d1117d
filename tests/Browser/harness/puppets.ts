import puppeteer, { type Browser, type LaunchOptions, type Page } from 'puppeteer-core';
import { Tab, type TabOptions } from './tab.js';

/**
 * A browser that Playwright does not drive: Firefox, which Debian builds without Playwright's patches, and Chromium where pages must
 * be able to be hidden, frozen and cached, which Playwright's focus emulation prevents.
 */
export class Puppets {
  private constructor(
    readonly browser: Browser,
    readonly origin: string,
    readonly user: string,
  ) {}

  static async chromium(origin: string, user: string): Promise<Puppets> {
    const options: LaunchOptions = {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
    };
    return new Puppets(await puppeteer.launch(options), origin, user);
  }

  static async firefox(origin: string, user: string): Promise<Puppets> {
    const options: LaunchOptions = { browser: 'firefox', executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr' };
    return new Puppets(await puppeteer.launch(options), origin, user);
  }

  async openTab(options: Partial<TabOptions> = {}): Promise<Tab<PuppetPage>> {
    const page = await this.browser.newPage();
    const connect = JSON.stringify({ userId: this.user, ...options });
    await page.goto(`${this.origin}/plain.html?connect=${encodeURIComponent(connect)}`);
    return new Tab(new PuppetPage(page), this.user).untilOpen();
  }

  async dispose(): Promise<void> {
    await this.browser.close();
  }
}

/** A page of Puppeteer, as far as tests use it. */
export class PuppetPage {
  constructor(readonly page: Page) {}

  evaluate<R, A>(script: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    return this.page.evaluate(script as (argument: unknown) => R, argument) as Promise<Awaited<R>>;
  }

  close(): Promise<void> {
    return this.page.close();
  }

  /** Chromium alone. */
  async lifecycle(state: 'frozen' | 'active'): Promise<void> {
    const session = await this.page.createCDPSession();
    await session.send('Page.setWebLifecycleState', { state });
    await session.detach();
  }
}
