import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBundledPackages, findForeignImports } from '../../config/bundled-packages.ts';
import { useBundle } from '../harness/bundle-program.ts';
import { ROOT } from '../harness/run-program.ts';

/** Packages whose code may be shipped; each one more is somebody else to trust. */
const MAX_PACKAGES = 70;

/** Licences that ask for no more than their notice. */
const LICENSES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense'];

/** Older versions have known holes in what is done with them here. */
const FLOORS = { ajv: '8.18.0', handlebars: '4.7.10', undici: '7.24.0', yaml: '2.9.1' };

interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly { alg: string; content: string }[];
  readonly licenses: readonly { license: { id: string } }[];
}

interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly version: number;
  readonly serialNumber?: string;
  readonly metadata: { timestamp?: string; component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { ref: string; dependsOn: readonly string[] }[];
}

interface LockEntry {
  readonly version: string;
  readonly integrity: string;
  readonly license: string;
}

describe('the bill of materials', () => {
  const bundle = useBundle();
  let bill: Bill;
  before(() => {
    bill = JSON.parse(readFileSync(join(bundle.dist, 'sbom.cdx.json'), 'utf8'));
  });

  it('is CycloneDX of this version, with neither time nor serial number', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const { component, timestamp } = bill.metadata;
    assert.deepEqual([bill.bomFormat, bill.specVersion, bill.version], ['CycloneDX', '1.5', 1]);
    assert.deepEqual([component.type, component.purl], ['application', `pkg:npm/generatorset@${version}`]);
    assert.deepEqual([timestamp, bill.serialNumber], [undefined, undefined]);
  });

  it('says of each package what the lock file says', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, LockEntry>;
    };
    for (const { name, version, purl, hashes, licenses } of bill.components) {
      const entry = Object.entries(lock.packages).find(
        ([path, it]) => path.endsWith(`node_modules/${name}`) && it.version === version,
      )?.[1];
      assert.equal(purl, `pkg:npm/${name.replace('@', '%40')}@${version}`);
      assert.equal(licenses[0]?.license.id, entry?.license, name);
      const [hash] = hashes;
      assert.equal(hash?.alg, 'SHA-512', name);
      assert.equal(`sha512-${Buffer.from(hash.content, 'hex').toString('base64')}`, entry?.integrity, name);
    }
  });

  it('names each package once, in order, and those that each imports', () => {
    const references = bill.components.map((component) => component['bom-ref']);
    assert.deepEqual(references, [...new Set(references)].toSorted());
    const program = bill.metadata.component['bom-ref'];
    assert.deepEqual(
      bill.dependencies.map(({ ref }) => ref),
      [program, ...references],
    );
    const reached = new Set([program]);
    for (const ref of reached)
      for (const next of bill.dependencies.find((it) => it.ref === ref)?.dependsOn ?? []) reached.add(next);
    assert.deepEqual([...reached].toSorted(), [program, ...references].toSorted());
  });

  it('has all code that is loaded from packages, and no more of them than we want to trust', () => {
    const names = bill.components.map(({ name }) => name);
    for (const name of [
      '@kubernetes/client-node',
      '@lezer/lr',
      'ajv',
      'handlebars',
      'simple-git',
      'undici',
      'yaml',
    ])
      assert.ok(names.includes(name), name);
    for (const name of ['esbuild', 'mocha', 'typescript']) assert.ok(!names.includes(name), name);
    assert.ok(names.length <= MAX_PACKAGES, `${names.length} packages`);
  });

  it('loads nothing that happens to be installed around it, as ws would', () => {
    for (const file of readdirSync(bundle.dist).filter((name) => /\.c?js$/.test(name)))
      assert.doesNotMatch(
        readFileSync(join(bundle.dist, file), 'utf8'),
        /["'](bufferutil|utf-8-validate)["']/,
        file,
      );
  });

  it('has no version with known holes', () => {
    for (const [name, floor] of Object.entries(FLOORS)) {
      const version = bill.components.find((component) => component.name === name)?.version ?? '0';
      assert.ok(compareNumbers(version, floor) >= 0, `${name} ${version}`);
    }
  });

  it('has only licences that ask for no more than a notice, which is there', () => {
    const notices = readFileSync(join(bundle.dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const { name, version, licenses } of bill.components) {
      const license = licenses[0]?.license.id ?? '';
      assert.ok(LICENSES.includes(license), `${name}: ${license}`);
      assert.ok(notices.includes(`\n${name} ${version}: ${license}\n`), name);
    }
    assert.match(notices, /Permission is hereby granted, free of charge/);
    assert.match(notices, /Apache License\s+Version 2\.0/);
  });
});

describe('findBundledPackages', () => {
  const output = (file: string, bytesInOutput = 1) => ({
    inputs: { [file]: { bytes: 1, imports: [] } },
    outputs: { 'main.js': { bytes: 1, inputs: { [file]: { bytesInOutput } }, imports: [], exports: [] } },
  });

  it('refuses code that the lock file does not know', () => {
    const unknown = output('node_modules/@scope/unknown/index.js');
    assert.throws(
      () => findBundledPackages(ROOT, [unknown]),
      /of node_modules\/@scope\/unknown: run npm install/,
    );
  });

  it('knows packages within packages, and leaves out what esbuild left out', () => {
    const { packages } = findBundledPackages(ROOT, [
      output('node_modules/yaml/a.js'),
      output('node_modules/diff/a.js', 0),
    ]);
    assert.deepEqual(
      packages.map(({ name }) => name),
      ['yaml'],
    );
  });
});

describe('findForeignImports', () => {
  const importing = (path: string, external = true) => ({
    inputs: {},
    outputs: {
      'main.js': {
        bytes: 1,
        inputs: {},
        imports: [{ path, kind: 'require-call' as const, external }],
        exports: [],
      },
    },
  });

  it('names what is neither in the bundle nor in Node.js', () => {
    const metafiles = ['left-pad', 'node:fs', 'fs/promises', '/somewhere/else.js', 'left-pad'].map((path) =>
      importing(path),
    );
    assert.deepEqual(findForeignImports([...metafiles, importing('chunk.js', false)]), [
      '/somewhere/else.js',
      'left-pad',
    ]);
  });
});

/** Compares versions without pre-releases. */
function compareNumbers(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
