import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import {
  debianRelease,
  downloadSource,
  isRootOnDebian,
  makeComponent,
  unpackPackages,
} from './debian-packages.ts';
import { KUBE_APISERVER } from './find-program.ts';
import { runTool, type ToolOptions } from './run-tool.ts';

/** The release of Debian whose sources of Kubernetes are built here, with its own Go. */
const RELEASE = 'bookworm';
const VERSION = '1.20.2';

const PACKAGES = ['golang-1.19-go', 'golang-1.19-src', 'golang-github-modern-go-reflect2-dev'];

/** Vendored in a version whose encoding of maps crashes with Go 1.18 and later; Debian's version doesn't. */
const REFLECT2 = 'github.com/modern-go/reflect2';

/** Where the types stand whose OpenAPI definitions the server needs; they are generated, and not in the archive. */
const TYPES = [
  'pkg/apis',
  'cmd',
  ...[
    'api',
    'apimachinery',
    'apiserver',
    'apiextensions-apiserver/pkg/apis',
    'kube-aggregator/pkg/apis',
    'client-go',
    'metrics',
    'cloud-provider',
    'component-base',
    'kube-proxy',
    'kubelet',
    'kube-scheduler',
    'kube-controller-manager',
    'kubectl',
  ].map((name) => `staging/src/k8s.io/${name}`),
];

/** Whether this machine can build an API server. */
export function canBuildKubeApiserver(): boolean {
  return isRootOnDebian() && debianRelease() === RELEASE;
}

/**
 * Builds kube-apiserver from Debian's source package with Debian's Go into the cache: 3 to 6 minutes on two cores and
 * 3 GiB of disk, which are given back. Installs nothing. Throws with the end of the failed tool's output.
 */
export function buildKubeApiserver(): void {
  makeComponent(KUBE_APISERVER, (folder, work) => {
    const packages = join(work, 'packages');
    mkdirSync(packages);
    unpackPackages(PACKAGES, packages);
    const source = unpackSource(work);
    const vendored = join(source, 'vendor', REFLECT2);
    rmSync(vendored, { recursive: true });
    cpSync(join(packages, 'usr/share/gocode/src', REFLECT2), vendored, { recursive: true });
    const options = { cwd: source, env: goEnvironment(join(packages, 'usr/lib/go-1.19'), work) };
    generateOpenApi(work, options);
    const program = join(folder, 'kube-apiserver');
    runTool('go', ['build', ...buildArgs(), '-o', program, './cmd/kube-apiserver'], options);
  });
}

/** Puts the sources where Go looks for them without modules. */
function unpackSource(work: string): string {
  const archive = downloadSource('kubernetes', RELEASE, work);
  runTool('tar', ['-xf', archive], { cwd: work });
  const unpacked = join(work, `kubernetes-${VERSION}`);
  if (!existsSync(unpacked)) throw new Error(`${archive} holds no kubernetes-${VERSION}`);
  const source = join(work, 'go/src/k8s.io/kubernetes');
  mkdirSync(dirname(source), { recursive: true });
  renameSync(unpacked, source);
  return source;
}

/** What Go and openapi-gen, which loads packages as Go does, need to know. */
function goEnvironment(root: string, work: string): Record<string, string> {
  return {
    GOROOT: root,
    GOPATH: join(work, 'go'),
    GOCACHE: join(work, 'compiled'),
    GO111MODULE: 'off',
    GOFLAGS: '',
    CGO_ENABLED: '0',
    PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  };
}

function generateOpenApi(work: string, options: ToolOptions): void {
  const generator = join(work, 'openapi-gen');
  runTool('go', ['build', '-o', generator, './vendor/k8s.io/kube-openapi/cmd/openapi-gen'], options);
  const packages = findTypes(options.cwd).map((folder) => `k8s.io/kubernetes/${folder}`);
  const args = {
    i: packages.join(','),
    p: 'k8s.io/kubernetes/pkg/generated/openapi',
    O: 'zz_generated.openapi',
    h: 'vendor/k8s.io/code-generator/hack/boilerplate.go.txt',
    r: join(work, 'violations'),
  };
  runTool(generator, ['--logtostderr', ...Object.entries(args).flatMap(([k, v]) => [`-${k}`, v])], options);
}

/** The folders with types that are marked for OpenAPI, in Go's import paths: staging is seen through vendor. */
function findTypes(source: string): string[] {
  const folders = TYPES.flatMap((folder) => globSync(`${folder}/**/*.go`, { cwd: source }))
    .filter((file) => readFileSync(join(source, file), 'utf8').includes('+k8s:openapi-gen='))
    .map((file) => dirname(file).replace(/^staging\/src\//, 'vendor/'));
  return [...new Set(folders)].sort();
}

function buildArgs(): string[] {
  const vendored = 'k8s.io/kubernetes/vendor/k8s.io';
  const [major, minor] = VERSION.split('.');
  const values = {
    'component-base/version.gitVersion': `v${VERSION}`,
    'component-base/version.gitMajor': major,
    'component-base/version.gitMinor': minor,
    'client-go/pkg/version.gitVersion': `v${VERSION}`,
  };
  const flags = Object.entries(values).map(([name, value]) => `-X ${vendored}/${name}=${value}`);
  return ['-tags', 'providerless,dockerless', '-ldflags', ['-s', '-w', ...flags].join(' ')];
}
