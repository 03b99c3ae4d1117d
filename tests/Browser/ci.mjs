// Everything, as ./test.sh runs it: the figures come last and alone, so that nothing else moves them.
import { spawnSync } from 'node:child_process';

// Playwright colours its workers' output by itself, and Node complains about both.
delete process.env.NO_COLOR;

const run = (...command) => spawnSync('npx', command, { stdio: 'inherit' }).status === 0;

if (!run('tsc', '-p', 'tsconfig.json')) process.exit(1);
const tests = run('playwright', 'test', '--project=chromium', '--project=patient', '--project=engines');
const figures = run('playwright', 'test', '--project=figures');
process.exitCode = tests && figures ? 0 : 1;
