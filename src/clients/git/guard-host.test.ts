import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type GitServer, makeRepository, startGitServer } from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { parseGitUrl } from '../../lib/git-url.ts';
import { openRepository } from './git-repository.ts';
import { guardHost, type HostGuard } from './guard-host.ts';

const HOSTS: Readonly<Record<string, readonly string[]>> = {
  'git.example.com': ['192.0.2.10', '2001:db8::10'],
  'rebound.example.com': ['192.0.2.10', '127.0.0.1'],
  'api.example.com': ['10.96.0.1'],
  'mapped.example.com': ['::ffff:169.254.169.254'],
};

const guard: HostGuard = {
  allowLoopback: false,
  refused: ['10.96.0.1'],
  resolve: async (hostname) => HOSTS[hostname] ?? Promise.reject(new Error('ENOTFOUND')),
};

const check = (url: string, more: Partial<HostGuard> = {}) =>
  guardHost(parseGitUrl(url, { allowFile: true }), { ...guard, ...more });

describe('guardHost', () => {
  const refused: [string, string][] = [
    ['http://127.0.0.1:8080/x.git', 'StalledError'],
    ['http://0x7f.1/x.git', 'StalledError'],
    ['https://[::1]/x.git', 'StalledError'],
    ['http://169.254.169.254/latest', 'StalledError'],
    ['https://10.96.0.1/api', 'StalledError'],
    ['https://[::ffff:10.96.0.1]/api', 'StalledError'],
    ['ssh://git@127.0.0.1:2222/x.git', 'StalledError'],
    ['git@127.0.0.1:x.git', 'StalledError'],
    ['https://rebound.example.com/x.git', 'Error'],
    ['https://api.example.com/x.git', 'Error'],
    ['http://mapped.example.com/x.git', 'Error'],
    ['git@rebound.example.com:x.git', 'Error'],
  ];
  for (const [url, name] of refused) {
    it(`refuses ${url}`, () => assert.rejects(check(url), { name, message: /address.* is refused$/ }));
  }

  const noRedirects = ['http.followRedirects', 'false'];
  const allowed: [string, string[][]][] = [
    [
      'https://git.example.com/x.git',
      [['http.curloptResolve', 'git.example.com:443:192.0.2.10,[2001:db8::10]'], noRedirects],
    ],
    [
      'http://git.example.com:3000/x.git',
      [['http.curloptResolve', 'git.example.com:3000:192.0.2.10,[2001:db8::10]'], noRedirects],
    ],
    ['https://192.0.2.10/x.git', [noRedirects]],
    ['https://nowhere.example.com/x.git', [noRedirects]],
    ['git@git.example.com:x.git', []],
    ['file:///x.git', []],
  ];
  for (const [url, settings] of allowed) {
    it(`keeps git to the addresses of ${url}`, async () => assert.deepEqual(await check(url), settings));
  }

  describe('with git', () => {
    const folder = useTemporaryFolder();
    let server: GitServer;
    beforeEach(async () => {
      makeRepository(join(folder.path, 'fleet.git'), { 'a.txt': 'a' });
      server = await startGitServer(folder.path);
    });
    afterEach(() => server.close());

    const resolve = (url: string, addresses: readonly string[]) => {
      const options = recordingOptions(join(folder.path, 'cache'));
      const guarded = {
        ...options,
        guard: { ...guard, allowLoopback: true, resolve: async () => addresses },
      };
      return openRepository({ url }, guarded).resolve(['HEAD'], AbortSignal.timeout(10_000));
    };

    it('asks the address that was judged, whatever DNS says by then', async () => {
      const { port } = new URL(server.url);
      const found = await resolve(`http://name.invalid:${port}/fleet.git`, ['127.0.0.1']);
      assert.equal(found.size, 1);
    });

    it('follows no redirect, also without credentials', async () => {
      server.intercept = (request, response) => {
        if (request.url?.startsWith('/fleet')) return false;
        response
          .writeHead(302, { location: `${server.url}/fleet.git/info/refs?service=git-upload-pack` })
          .end();
        return true;
      };
      await assert.rejects(resolve(`${server.url}/moved.git`, []), /redirects to another address/);
      assert.equal(server.requests.length, 1);
    });
  });

  it('allows loopback where that is wanted', async () => {
    await check('http://127.0.0.1:3000/x.git', { allowLoopback: true });
    await assert.rejects(check('http://169.254.169.254/x', { allowLoopback: true }));
  });
});
