import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../src/lib/json.ts';
import type { BundledPackage, BundledPackages } from './bundled-packages.ts';

/**
 * The bill of materials of the bundle as CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/): each package with
 * version, licence, digest and what it imports. It has neither time nor serial number, so that the same bundle has the
 * same bill.
 */
export async function billOfMaterials(
  root: string,
  { packages, imports }: BundledPackages,
): Promise<JsonObject> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as BundledPackage;
  const program = identity(manifest);
  const references = new Map(packages.map((one) => [one.folder, identity(one)['bom-ref'] as string]));
  const refer = (folders: readonly string[]) => folders.map((folder) => references.get(folder) as string);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { lifecycles: [{ phase: 'build' }], component: { type: 'application', ...program } },
    components: packages.map(describePackage),
    dependencies: [
      { ref: program['bom-ref'] as string, dependsOn: refer(imports) },
      ...packages.map((one) => ({
        ref: references.get(one.folder) as string,
        dependsOn: refer(one.imports),
      })),
    ],
  };
}

function identity({ name, version }: Pick<BundledPackage, 'name' | 'version'>): JsonObject {
  return {
    'bom-ref': `${name}@${version}`,
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  };
}

function describePackage(one: BundledPackage): JsonObject {
  const [algorithm = '', digest = ''] = one.integrity.split('-', 2);
  return {
    type: 'library',
    ...identity(one),
    scope: 'required',
    hashes: [
      { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') },
    ],
    licenses: [
      /^[\w.+-]+$/.test(one.license) ? { license: { id: one.license } } : { expression: one.license },
    ],
  };
}
