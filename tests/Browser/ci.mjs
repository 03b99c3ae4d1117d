// What ./test.sh and .ci/run run: everything but the soak of half an hour. The figures come last and alone, so that nothing else moves them.
import { spawnSync } from 'node:child_process';

// Playwright colours its workers' output by itself, and Node complains about both.
delete process.env.NO_COLOR;

const run = (...command) => spawnSync('npx', command, { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } }).status === 0;
const test = (...projects) => run('playwright', 'test', '--reporter=./harness/tally.ts', ...projects.map((project) => `--project=${project}`));

if (!run('tsc', '-p', 'tsconfig.json')) process.exit(1);
const tests = test('patient', 'chromium', 'engines');
const figures = test('figures');
process.exitCode = tests && figures ? 0 : 1;
