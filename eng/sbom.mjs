// Called by sbom.sh in the root of the repository.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const skipped = new Set(['node_modules', 'bin', 'obj', 'dist', 'wwwroot']);

/** Paths of files with one of these names, below a folder. */
function* find(folder, names) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name) || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* find(path, names);
    else if (names.has(entry.name)) yield path;
  }
}

const hex = (base64) => Buffer.from(base64, 'base64').toString('hex');
const components = new Map();

function add(purl, name, version, algorithm, hash, path) {
  const known = components.get(purl) ?? {
    type: 'library', 'bom-ref': purl, name, version, purl, hashes: [{ alg: algorithm, content: hash }], properties: [],
  };
  const project = dirname(path) === '.' ? '/' : dirname(path);
  if (!known.properties.some((p) => p.value === project)) known.properties.push({ name: 'connections:project', value: project });
  components.set(purl, known);
}

for (const path of [...find('.', new Set(['packages.lock.json']))].sort()) {
  for (const framework of Object.values(JSON.parse(readFileSync(path, 'utf8')).dependencies)) {
    for (const [name, { type, resolved, contentHash }] of Object.entries(framework)) {
      if (type !== 'Project') add(`pkg:nuget/${name}@${resolved}`, name, resolved, 'SHA-512', hex(contentHash), path);
    }
  }
}

for (const path of [...find('.', new Set(['package-lock.json']))].sort()) {
  for (const [place, { name: alias, version, integrity, link }] of Object.entries(JSON.parse(readFileSync(path, 'utf8')).packages)) {
    if (!place.includes('node_modules/') || link) continue;
    const name = alias ?? place.slice(place.lastIndexOf('node_modules/') + 13);
    const [algorithm, hash] = integrity.split(' ')[0].split(/-(.*)/s);
    add(`pkg:npm/${name.replace('@', '%40')}@${version}`, name, version, algorithm.replace('sha', 'SHA-'), hex(hash), path);
  }
}

const version = /<Version>(.*)<\/Version>/.exec(readFileSync('Directory.Build.props', 'utf8'))[1];
console.log(JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: { type: 'application', 'bom-ref': 'connections', name: 'connections', version } },
  components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
}, null, 2));
