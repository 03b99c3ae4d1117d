import { spawn, type ChildProcess } from 'node:child_process';
import { eventually } from './eventually.js';
import { freePort } from './freePort.js';
import { Tab, type TabOptions } from './tab.js';

/** WebKitGTK under its WebDriver: the engine of Safari, as near as Debian has it. */
export class WebKit {
  #session = '';

  private constructor(
    readonly driver: ChildProcess,
    readonly port: number,
    readonly origin: string,
    readonly user: string,
  ) {}

  static async start(origin: string, user: string): Promise<WebKit> {
    const port = await freePort();
    const environment = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', LIBGL_ALWAYS_SOFTWARE: '1' };
    const arguments_ = ['-a', 'WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1'];
    const driver = spawn('xvfb-run', arguments_, { env: environment, stdio: 'ignore', detached: true });
    const webkit = new WebKit(driver, port, origin, user);
    await eventually('the driver answers', () => fetch(`http://127.0.0.1:${port}/status`), 15_000);
    const binary = process.env['MINIBROWSER'] ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
    const { sessionId } = await webkit.command<{ sessionId: string }>('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } } },
    });
    webkit.#session = `/session/${sessionId}`;
    return webkit;
  }

  async openTab(options: Partial<TabOptions> = {}): Promise<Tab<WebKitPage>> {
    const { handle } = await this.command<{ handle: string }>('POST', '/window/new', { type: 'tab' });
    const page = new WebKitPage(this, handle);
    const connect = JSON.stringify({ userId: this.user, ...options });
    await page.command('POST', '/url', { url: `${this.origin}/plain.html?connect=${encodeURIComponent(connect)}` });
    return new Tab(page, this.user).untilOpen();
  }

  /** One command at a time: which window it is for is a state of the session. */
  async command<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${this.#session}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await answer.json()) as { value: T & { readonly error?: string; readonly message?: string } };
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error} ${value.message}`);
    return value;
  }

  async dispose(): Promise<void> {
    await this.command('DELETE', '');
    // xvfb-run has children; the whole group was started here.
    process.kill(-this.driver.pid!, 'SIGTERM');
  }
}

let last: Promise<unknown> = Promise.resolve();

/** A window of WebKit. */
export class WebKitPage {
  constructor(
    readonly browser: WebKit,
    readonly handle: string,
  ) {}

  evaluate<R, A>(script: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    const body = `return (${String(script)})(arguments[0])`;
    return this.command('POST', '/execute/sync', { script: body, args: argument === undefined ? [] : [argument] });
  }

  async close(): Promise<void> {
    await this.command('DELETE', '/window');
  }

  command<T>(method: string, path: string, body?: unknown): Promise<T> {
    const run = last.then(async () => {
      await this.browser.command('POST', '/window', { handle: this.handle });
      return this.browser.command<T>(method, path, body);
    });
    last = run.catch(() => undefined);
    return run;
  }
}
