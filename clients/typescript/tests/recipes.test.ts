import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const client = fileURLToPath(new URL('..', import.meta.url));

interface Recipe {
  /** Where a compiler looks for it, beside the package's sources. */
  readonly file: string;
  readonly code: string;
}

/** What a diff adds, in a component around it that has what the reader's has. */
function added(diff: string): string {
  const lines = diff.split('\n').flatMap((line) => (line.startsWith('+') ? line.slice(1) : []));
  const imports = lines.filter((line) => line.startsWith('import'));
  const body = lines.filter((line) => !line.startsWith('import'));
  return [
    ...imports,
    'export async function Component(userId: string, text: string, show: (text?: string) => void) {',
    ...body,
    'return [receipt, online]; }',
  ].join('\n');
}

/** The code blocks of a page that use the package; of the package's own, all. */
function recipesOf(page: string): Recipe[] {
  const text = readFileSync(join(client, page), 'utf8');
  return [...text.matchAll(/^```(tsx?|jsx?|diff)\n(.*?)^```$/gms)].flatMap(([, language, code], i) => {
    const file = join(client, `${page.replaceAll(/\W/g, '')}${i}.tsx`);
    return code!.includes('connections-client') || page === 'README.md' ? { file, code: language === 'diff' ? added(code!) : code! } : [];
  });
}

/** What the compiler, as strict as it gets, says about these files as part of an application. */
function complaintsAbout(recipes: readonly Recipe[]): string[] {
  const config = ts.readConfigFile(join(client, 'tsconfig.json'), ts.sys.readFile).config as object;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, client);
  options.paths = { 'connections-client': ['./src/index.ts'], 'connections-client/react': ['./src/react/index.ts'] };
  options.types = [];
  // A recipe shows how to get something; what to do with it is the reader's.
  options.noUnusedLocals = false;
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const known = new Map(recipes.map(({ file, code }) => [file, `${code}\nexport {};\n`]));
  host.fileExists = (file) => known.has(file) || fileExists(file);
  host.readFile = (file) => known.get(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const code = known.get(file);
    return code === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, code, target);
  };
  const program = ts.createProgram([...known.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? ts.getLineAndCharacterOfPosition(file, start).line + 1 : 0;
    return `${file?.fileName.slice(dirname(client).length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

for (const page of ['README.md', '../../README.md']) {
  test(`the recipes of ${page === 'README.md' ? "the package's" : "the repository's"} README compile`, { timeout: 60_000 }, () => {
    const recipes = recipesOf(page);
    expect(recipes.length).toBeGreaterThan(0);
    expect(complaintsAbout(recipes)).toEqual([]);
  });
}

test('a recipe that names what the package has not would be found', { timeout: 60_000 }, () => {
  const file = join(client, 'wrong.tsx');
  const complaints = complaintsAbout([{ file, code: "import { connect } from 'connections-client';\nconnect();" }]);
  expect(complaints).toEqual([expect.stringContaining("has no exported member 'connect'")]);
});
