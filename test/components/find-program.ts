import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The real servers of the component tests that are programs of Debian's packages. */
export const COMPONENTS = [
  { package: 'prometheus', programs: ['prometheus', 'promtool'] },
  { package: 'etcd-server', programs: ['etcd'] },
] as const;

/** The folder of the API server that is built from source, since no package has it. */
export const KUBE_APISERVER = 'kube-apiserver-1.20.2';

/** The folder of kubectl and Helm. */
export const KUBE_TOOLS = 'kubectl-1.35-helm-4.1';

/** Where an unpacked package, or one that was built, stands. */
export function componentFolder(name: string): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'generatorset-components', name);
}

/**
 * The path of a program: in the folder KUBEBUILDER_ASSETS, as setup-envtest gives it, on PATH, or in the cache;
 * undefined where it is missing.
 */
export function findProgram(name: string): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const unpacked = COMPONENTS.map((component) => join(componentFolder(component.package), 'usr', 'bin'));
  const folders = [
    ...(assets ? [assets] : []),
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...unpacked,
    componentFolder(KUBE_APISERVER),
    componentFolder(KUBE_TOOLS),
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Those of the programs that this machine lacks. */
export function missingPrograms(names: readonly string[]): string[] {
  return names.filter((name) => findProgram(name) === undefined);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
