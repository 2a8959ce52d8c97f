import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canMakeImageBuilder,
  findImageBuilder,
  type ImageBuilder,
} from '../components/make-image-builder.ts';
import { branchFiles, makeRepository, startGitServer } from '../harness/git.ts';
import { ROOT } from '../harness/run-program.ts';
import { openBuildah, signaturePolicy } from './buildah.ts';
import { copyProject } from './packed.ts';
import { openImage, type RunnableImage } from './run-image.ts';
import { askNpm, makeStandInImages } from './stand-in-images.ts';

const NAME = 'localhost/generatorset:test';
const USER = 65532;

/** Stops a program, as git is stopped, whose own child ends later, and shows what is left of that after a while. */
const ORPHAN = `
const { spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const child = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60']);
let orphan;
child.stdout.once('data', (text) => {
  orphan = '/proc/' + String(text).trim() + '/stat';
  child.kill('SIGKILL');
});
child.once('exit', function look(_, __, tries = 50) {
  if (existsSync(orphan) && tries > 0) setTimeout(look, 100, 0, '', tries - 1);
  else console.log(process.pid, existsSync(orphan) ? readFileSync(orphan, 'utf8') : 'nothing is left');
});
`;

const isCI = process.env['CI'] === 'true';
const builder = findImageBuilder();
const advice = 'what builds images is missing on this machine: as root on Debian 12, npm run components';

/** In CI a suite that is skipped is a failure, which is right only where what it needs can be had. */
if (builder || !isCI || canMakeImageBuilder()) describe('the image', suite);
else process.stderr.write(`left out: ${advice}\n`);

function suite(this: Mocha.Suite): void {
  this.timeout(60_000);
  let folder: string;
  let image: RunnableImage;

  before(function build() {
    this.timeout(600_000);
    if (!builder && isCI) throw new Error(advice);
    if (!builder) {
      process.stderr.write(`skipped: ${advice}\n`);
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'generatorset-image-'));
    image = buildImage(builder, folder);
    fillWork(image.work);
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  const shell = (script: string): Promise<string> => image.run(['sh', '-c', script]);

  it('says who runs it, how, on which ports, and what it is', () => {
    const { User, Entrypoint, Cmd, ExposedPorts, Env, Labels } = image.config;
    assert.deepEqual(
      { User, Entrypoint, Cmd },
      { User: '65532:65532', Entrypoint: ['tini', '-s', '--', 'generatorset'], Cmd: undefined },
    );
    assert.deepEqual(Object.keys(ExposedPorts), ['8080/tcp', '9440/tcp']);
    assert.ok(Env.includes('XDG_CACHE_HOME=/var/cache'), Env.join());
    const labels = ['title', 'description', 'source', 'version', 'revision', 'base.name'];
    for (const label of labels) assert.ok(Labels[`org.opencontainers.image.${label}`], label);
    assert.equal(Labels['org.opencontainers.image.version'], 'v1.2.3');
    assert.equal(Labels['org.opencontainers.image.revision'], 'abc');
  });

  it('runs as a user of its own, who may nothing and writes to /tmp and the cache only', async () => {
    assert.match(
      await shell('id'),
      /^uid=65532\(generatorset\) gid=65532\(generatorset\) groups=65532\S*\n$/,
    );
    assert.match(await shell('cat /proc/self/status'), /^CapEff:\t0{16}$/m);
    const writable =
      'for folder in / /opt/generatorset /usr /var /etc /tmp /var/cache; do touch $folder/x && echo $folder; done';
    assert.equal(await shell(`{ ${writable}; } 2>/dev/null`), '/tmp\n/var/cache\n');
    await assert.rejects(shell('touch /x'), /Read-only file system/);
  });

  it('has git and ssh, which know the user, and nothing to install packages of npm with', async () => {
    assert.match(await shell('git --version'), /^git version 2\./);
    assert.match(await shell('ssh -G git.example.com'), /^user generatorset$/m);
    assert.equal(await shell('command -v npm npx yarn corepack || true'), '');
    assert.match(await shell('ls /etc/ssl/certs'), /^ca-certificates\.crt$/m);
  });

  it('has no program that gives other rights, and no file that others than root may change', async () => {
    const found = await shell('find / -xdev -type f -perm /6002 2>/dev/null || true');
    assert.equal(found, '');
    assert.equal(await shell('find /opt/generatorset -perm /022 ! -type l -o ! -perm -044'), '');
  });

  it('keeps no process that was left behind and has ended', async () => {
    const said = await image.run([...image.config.Entrypoint.slice(0, -1), 'node', '-e', ORPHAN]);
    assert.match(said, /^\d+ nothing is left\n$/);
  });

  it('holds the bundle with its bill of materials and notices, and no sources', async () => {
    const files = (await shell('find /opt/generatorset -type f')).trim().split('\n');
    for (const file of [
      'bin/generatorset.cjs',
      'dist/main.js',
      'dist/sbom.cdx.json',
      'dist/THIRD-PARTY-NOTICES.txt',
    ])
      assert.ok(files.includes(`/opt/generatorset/${file}`), file);
    assert.deepEqual(
      files.filter((file) => /\.ts$|\.map$|node_modules|\/src\//.test(file)),
      [],
    );
  });

  it('starts the controller, and renders as the sources do', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal(await image.start('version'), `generatorset: v${version}\nnode: ${process.version}\n`);
    assert.match(await image.start('controller', '--help'), /--metrics-addr/);
    const golden = readFileSync(join(ROOT, 'examples/hpa-list/expected.yaml'), 'utf8');
    assert.equal(await image.start('build', '/tmp/work/examples/hpa-list/generatorset.yaml'), golden);
  });

  it('runs the demo', async () => {
    const said = await image.run(['node', '/tmp/work/examples/demo.ts']);
    for (const text of ['360Ki', '432Ki', 'Day 4', 'Where to look next'])
      assert.ok(said.includes(text), said);
    assert.equal(said.match(/The repository is as it was/g)?.length, 2);
  });

  it('pushes to a server over http', async () => {
    const repository = makeRepository(join(folder, 'served/fleet.git'), { 'README.md': 'fleet\n' });
    const server = await startGitServer(join(folder, 'served'));
    try {
      const example = '/tmp/work/examples/podinfo-memory';
      const options = [
        '--once',
        '--replay',
        `${example}/replay`,
        '--git-url',
        `${server.url}/fleet.git`,
        '--path',
        'apps',
      ];
      await image.start('run', ...options, `${example}/generatorset.yaml`);
    } finally {
      await server.close();
    }
    const files = branchFiles(repository);
    assert.ok(
      Object.values(files).some((text) => text.includes('360Ki')),
      Object.keys(files).join(),
    );
  });
}

function buildImage(found: ImageBuilder, folder: string): RunnableImage {
  const buildah = openBuildah(found, folder);
  makeStandInImages(buildah, found);
  const base = ['--pull-never', '--isolation', 'chroot', '--network', 'host', ...signaturePolicy(found)];
  // What npm ci has brought here is not asked for again.
  const cache = askNpm('cache');
  const volumes = existsSync(cache) ? ['--volume', `${cache}:/root/.npm`] : [];
  const args = ['--build-arg', 'VERSION=v1.2.3', '--build-arg', 'REVISION=abc'];
  // Some people's files are their own only.
  const project = copyProject(join(folder, 'project'));
  execFileSync('chmod', ['-R', 'go-rwx', project]);
  buildah('bud', ...base, ...volumes, ...args, '--tag', NAME, project);
  return openImage(buildah, NAME, folder);
}

/** The demo starts the program that stands beside it: here the image's. */
function fillWork(work: string): void {
  chownSync(work, USER, USER);
  cpSync(join(ROOT, 'examples'), join(work, 'examples'), { recursive: true });
  mkdirSync(join(work, 'bin'));
  symlinkSync('/opt/generatorset/bin/generatorset.cjs', join(work, 'bin/generatorset.cjs'));
}
