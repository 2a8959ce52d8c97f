import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { branchFiles, makeRepository, startGitServer } from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { installShim, type RecordedCall, type Shim } from '../../../test/harness/git-shim.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { openRepository } from './git-repository.ts';
import { createTreeReader } from './tree-reader.ts';

const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);

/** Every option that the client ever gives git. */
const OPTIONS = new Set(
  [
    '--quiet --end-of-options --heads --depth=1 --no-tags --no-recurse-submodules --no-auto-maintenance',
    '--no-write-fetch-head --porcelain --no-verify --verify --full-tree -r -t -z -l --batch --index-info -w',
    '--no-filters --stdin-paths -p -F - --',
  ].flatMap((line) => line.split(' ')),
);

/** The environment that git may see; all else of the program's own stays away. */
const ENVIRONMENT =
  /^(PATH|HOME|LANG|LC_ALL|PWD|OLDPWD|SHLVL|_|GIT_(DIR|ALLOC_LIMIT|INDEX_FILE|ALLOW_PROTOCOL|ATTR_NOSYSTEM|CONFIG_(GLOBAL|NOSYSTEM|COUNT|KEY_\d|VALUE_\d)|LITERAL_PATHSPECS|NO_REPLACE_OBJECTS|PROTOCOL_FROM_USER|TERMINAL_PROMPT|SSH_COMMAND|SSH_VARIANT|(AUTHOR|COMMITTER)_(NAME|EMAIL)|TEST_DISALLOW_ABBREVIATED_OPTIONS))$/;

/** Calls of the client itself; git runs further programs for itself, and those see more. */
function ownCalls(shim: Shim): RecordedCall[] {
  return shim
    .calls()
    .filter(
      (call) =>
        call.env['GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS'] !== undefined &&
        call.env['GIT_EXEC_PATH'] === undefined,
    );
}

function checkCall({ args, env }: RecordedCall): void {
  const end = args.findIndex((word) => word === '--end-of-options' || word === '--');
  const options = (end < 0 ? args : args.slice(0, end)).filter((word) => word.startsWith('-'));
  for (const option of options) assert.ok(OPTIONS.has(option), `option ${option}`);
  for (const word of end < 0 ? [] : args.slice(end + 1)) assert.ok(!word.startsWith('-'), `word ${word}`);
  for (const name of Object.keys(env)) assert.match(name, ENVIRONMENT);
}

describe('hostile input', () => {
  const folder = useTemporaryFolder();
  const signal = new AbortController().signal;
  const saved = { ...process.env };
  let shim: Shim | undefined;

  afterEach(() => {
    shim?.restore();
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
  });

  it('lets git take only so much memory for an object of a remote', async () => {
    shim = installShim(folder.path, 'git', 'exit 128');
    const options = recordingOptions(join(folder.path, 'cache'));
    for (const url of ['https://127.0.0.1:1/x.git', 'http://127.0.0.1:1/x.git'])
      await assert.rejects(createTreeReader(options).open({ url, ref: { branch: 'main' } }, signal));
    const limits = ownCalls(shim).flatMap(({ args, env }) =>
      args[0] === 'version' ? [] : [env['GIT_ALLOC_LIMIT']],
    );
    assert.deepEqual(limits, ['256m', '256m']);
  });

  it(`starts no option in ${FUZZ_RUNS} fuzzed urls and refs`, async () => {
    shim = installShim(folder.path, 'git', 'exit 128');
    const options = { ...recordingOptions(join(folder.path, 'cache')), allowFile: false };
    const nasty = fc.constantFrom(
      '-',
      '--',
      'ext::',
      '@',
      ':',
      '/',
      'h',
      '.',
      '$(id)',
      '`id`',
      ';',
      '|',
      ' ',
      '\n',
      '%0a',
      '--upload-pack=id',
      '=',
      '~',
      'é',
      '*',
    );
    const text = fc.array(nasty, { maxLength: 7 }).map((parts) => parts.join(''));
    const url = fc.oneof(
      text,
      text.map((path) => `https://h/a${path}`),
      fc.constant('https://h/x'),
      text.map((path) => `git@h:${path}`),
      text.map((host) => `ssh://${host}/x`),
    );
    const ref = fc.oneof(
      text.map((branch) => ({ branch })),
      text.map((tag) => ({ tag })),
      text.map((commit) => ({ commit })),
      { weight: 4, arbitrary: fc.constant({ branch: 'main' }) },
    );
    const auth = fc.option(fc.record({ username: fc.string(), password: fc.string({ minLength: 1 }) }), {
      nil: undefined,
    });
    await fc.assert(
      fc.asyncProperty(url, ref, auth, async (address, wanted, credentials) => {
        const repository = { url: address, ref: wanted, ...(credentials && { auth: credentials }) };
        await assert.rejects(createTreeReader(options).open(repository, signal));
      }),
      { numRuns: FUZZ_RUNS },
    );
    const calls = ownCalls(shim);
    assert.ok(calls.length > FUZZ_RUNS / 20, `only ${calls.length} inputs reached git`);
    for (const call of calls) checkCall(call);
  }).timeout(120_000);

  it('reads and delivers names that a shell or git could misread, exactly', async () => {
    const branch = 'a;$(touch${IFS}pwned)`id`|&\'"<>!#%,=';
    const files = {
      '$(id).yaml': '1',
      'a;b.yaml': '2',
      "it's.yaml": '3',
      '!x.yaml': '4',
      '#y.yaml': '5',
      '%s.yaml': '6',
    };
    const url = makeRepository(join(folder.path, "fl'eet $x.git"), { x: 'y' }, { branch });
    process.env['GIT_DIR'] = '/elsewhere';
    process.env['GIT_TRACE'] = '1';
    process.env['SSH_AUTH_SOCK'] = '/tmp/agent';
    process.env['NODE_OPTIONS'] = '';
    shim = installShim(folder.path, 'git');
    const options = recordingOptions(join(folder.path, 'ca che;$(id)'));
    const repository = openRepository({ url: encodeURI(`file://${url}`) }, options);
    const parent = (await repository.resolve([`refs/heads/${branch}`], signal)).get(
      `refs/heads/${branch}`,
    ) as string;
    const author = { name: '--author $(id)', email: '-e' };
    const message = '--amend\n-x $(id)\n';
    const request = {
      parent,
      files: new Map(Object.entries(files)),
      removed: ['--cached', 'x'],
      message,
      author,
    };
    assert.equal((await repository.push(request, branch, signal)).status, 'pushed');
    shim.restore();
    for (const name of ['GIT_DIR', 'GIT_TRACE', 'SSH_AUTH_SOCK']) delete process.env[name];
    assert.deepEqual(branchFiles(url, branch), files);
    assert.ok(!existsSync('pwned'));
    const calls = ownCalls(shim);
    assert.ok(calls.length >= 9);
    for (const call of calls) checkCall(call);
  });

  it('shows credentials neither in arguments nor in files that stay', async () => {
    makeRepository(join(folder.path, 'fleet.git'), { x: 'y' });
    const server = await startGitServer(folder.path, { user: 'user-canary', password: 'pass-canary' });
    try {
      shim = installShim(folder.path, 'git');
      const options = recordingOptions(join(folder.path, 'cache'));
      const auth = { username: 'user-canary', password: 'pass-canary', ca: 'ca-canary' };
      const repository = openRepository({ url: `${server.url}/fleet.git`, auth }, options);
      const parent = (await repository.resolve(['refs/heads/main'], signal)).get('refs/heads/main') as string;
      const author = { name: 'a', email: 'b' };
      await repository.push(
        { parent, files: new Map([['a', 'b']]), removed: [], message: 'm', author },
        'main',
        signal,
      );
      const encoded = Buffer.from('user-canary:pass-canary').toString('base64');
      const calls = shim.calls();
      assert.ok(calls.some((call) => Object.values(call.env).some((value) => value.includes(encoded))));
      for (const { args } of calls)
        for (const word of args) assert.ok(!word.includes('canary') && !word.includes(encoded));
      const left = globSync(`${options.cacheFolder}/**/*`, { withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      assert.ok(left.length > 0);
      for (const entry of left) {
        const content = readFileSync(join(entry.parentPath, entry.name), 'latin1');
        assert.ok(!content.includes('canary') && !content.includes(encoded), entry.name);
      }
    } finally {
      await server.close();
    }
  });

  it('runs ssh with its own key and known hosts, and with nothing of the user', async () => {
    const url = makeRepository(join(folder.path, 'fleet.git'), { x: 'y' });
    const look = 'cat identity known_hosts >> "$0.seen"; stat -c %a . identity known_hosts >> "$0.seen"';
    shim = installShim(folder.path, 'ssh', `${look}\nfor last; do :; done\nexec sh -c "$last"`);
    const options = recordingOptions(join(folder.path, 'cache'));
    const auth = { identity: 'key-canary', knownHosts: 'hosts' };
    const tree = await createTreeReader(options).open(
      { url: `ssh://git@example.com:2222${url}`, ref: { branch: 'main' }, auth },
      signal,
    );
    assert.equal((await tree.list(signal)).length, 1);
    const [call] = shim.calls();
    assert.deepEqual(call?.args.slice(0, 2), ['-F', 'none']);
    assert.ok(call.args.includes('StrictHostKeyChecking=yes') && call.args.includes('IdentityAgent=none'));
    assert.deepEqual(call.args.slice(call.args.indexOf('-p'), call.args.indexOf('-p') + 3), [
      '-p',
      '2222',
      'git@example.com',
    ]);
    assert.ok(call.args.every((word) => !word.includes('canary')));
    const seen = readFileSync(join(folder.path, 'bin', 'ssh.seen'), 'utf8');
    assert.ok(seen.startsWith('key-canary\nhosts\n700\n600\n600\n'), seen);
  });

  const incomplete: { name: string; auth: Record<string, string> | undefined }[] = [
    { name: 'nothing', auth: undefined },
    { name: 'a key only', auth: { identity: 'k' } },
    { name: 'known hosts only', auth: { knownHosts: 'h' } },
    { name: 'a password only', auth: { password: 'p' } },
  ];
  for (const { name, auth } of incomplete) {
    it(`stalls for ssh with ${name}`, async () => {
      const repository = { url: 'git@example.com:x', ref: { branch: 'main' }, ...(auth && { auth }) };
      const opening = createTreeReader(recordingOptions(join(folder.path, 'cache'))).open(repository, signal);
      await assert.rejects(opening, { name: 'StalledError', message: /identity.*known_hosts/ });
    });
  }

  it('stalls for a token that no header can carry', async () => {
    const repository = {
      url: 'https://127.0.0.1:1/x',
      ref: { branch: 'main' },
      auth: { bearerToken: 'a\r\nX-Evil: canary' },
    };
    const opening = createTreeReader(recordingOptions(join(folder.path, 'cache'))).open(repository, signal);
    await assert.rejects(
      opening,
      (error: Error) => error.name === 'StalledError' && !error.message.includes('canary'),
    );
  });

  it('says that git is missing', async () => {
    process.env['PATH'] = '/nowhere';
    try {
      const opening = createTreeReader(recordingOptions(join(folder.path, 'cache'))).open(
        { url: '/x/y', ref: { branch: 'main' } },
        signal,
      );
      await assert.rejects(opening, /git cannot be started; is it installed/);
    } finally {
      process.env['PATH'] = saved['PATH'];
    }
  });
});
