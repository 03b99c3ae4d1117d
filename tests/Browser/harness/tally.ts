import type { FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';

/**
 * Prints what test.sh reads: a line for each test as it ends, `failed` and `flaky` lines, and the totals. What passed at its second look only
 * counts as passed, and is named as flaky.
 */
export default class Tally implements Reporter {
  #suite: Suite | undefined;

  onBegin(_: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onTestEnd(test: TestCase, { status, duration, errors, retry }: TestResult): void {
    const look = retry > 0 ? ', second look' : '';
    console.log(`${status === 'passed' ? '  ✓' : `  ${status}:`} ${name(test)} (${(duration / 1_000).toFixed(1)} s${look})`);
    for (const { message, stack, snippet } of errors) console.log([stack ?? message, snippet].filter(Boolean).join('\n'));
  }

  onError(error: { readonly message?: string; readonly stack?: string }): void {
    console.log(error.stack ?? error.message);
  }

  onEnd({ duration }: FullResult): void {
    const tests = this.#suite?.allTests() ?? [];
    const of = (outcome: ReturnType<TestCase['outcome']>): TestCase[] => tests.filter((test) => test.outcome() === outcome);
    const [failed, flaky] = [of('unexpected'), of('flaky')];
    for (const test of flaky) console.log(`flaky ${name(test)}`);
    for (const test of failed) console.log(`failed ${name(test)}`);
    console.log(`${(duration / 1_000).toFixed(0)} s`);
    console.log(`${tests.length - failed.length - of('skipped').length} passed`);
    if (failed.length > 0) console.log(`${failed.length} failed`);
  }
}

/** The browser or group, the file and the test. */
function name(test: TestCase): string {
  return test.titlePath().filter(Boolean).join(' › ');
}
