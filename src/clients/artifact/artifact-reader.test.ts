import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { artifactAt, packFiles } from '../../../test/harness/archives.ts';
import { startHttpServer, type TestServer } from '../../../test/harness/http-server.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import type { ArtifactReader } from '../../api/readers.ts';
import { silentLogger } from '../../lib/logger.ts';
import { type ClosableHttpReader, createHttpReader, type HttpReaderOptions } from '../http/http-reader.ts';
import { createArtifactReader } from './artifact-reader.ts';

const OPTIONS = { allowLoopback: true, userAgent: 'test', log: silentLogger };
const { signal } = new AbortController();

describe('a reader of artifacts', () => {
  const folder = useTemporaryFolder();
  const archives = new Map<string, Buffer>();
  const redirects = new Map<string, string>();
  const asked: string[] = [];
  const readers: ClosableHttpReader[] = [];
  let server: TestServer;
  let archive: Buffer;

  before(async () => {
    archive = await packFiles({ 'apps/web/k.yaml': 'name: web', 'x.bin': Buffer.from([0xff, 0, 0x80]) });
    server = await startHttpServer(({ url = '' }, response) => {
      asked.push(url);
      const location = redirects.get(url);
      if (url.startsWith('/slow')) return;
      if (location !== undefined) response.writeHead(302, { location }).end();
      else response.writeHead(archives.has(url) ? 200 : 404).end(archives.get(url) ?? 'canary');
    });
  });
  after(async () => {
    await Promise.all(readers.map((reader) => reader.close()));
    await server.close();
  });
  beforeEach(() => {
    archives.clear();
    redirects.clear();
    archives.set('/a.tar.gz', archive);
    asked.length = 0;
  });

  function open(options: Partial<HttpReaderOptions> = {}): ArtifactReader {
    const http = createHttpReader({ ...OPTIONS, ...options });
    readers.push(http);
    return createArtifactReader({ download: http.download, log: silentLogger });
  }

  const ref = () => artifactAt(`${server.origin}/a.tar.gz`, archive, 'main@sha1:1');

  it('lists and reads the files of an artifact', async () => {
    const tree = await open().open(ref(), signal);
    assert.equal(tree.revision, 'main@sha1:1');
    const paths = (await tree.list(signal)).map(({ path }) => path);
    assert.deepEqual(paths, ['apps', 'apps/web', 'apps/web/k.yaml', 'x.bin']);
    const files = await tree.read(['x.bin', 'apps/web/k.yaml'], signal);
    assert.deepEqual(files.get('x.bin'), Buffer.from([0xff, 0, 0x80]));
    assert.equal(files.get('apps/web/k.yaml')?.toString(), 'name: web');
    await assert.rejects(tree.read(['apps'], signal), { message: '"apps" is a directory, not a file' });
    await assert.rejects(tree.read(['constructor'], signal), { message: /not in the artifact/ });
  });

  it('fetches an artifact once, also for those who ask at once, and anew for another URL or digest', async () => {
    const reader = open();
    await Promise.all([reader.open(ref(), signal), reader.open(ref(), signal)]);
    await reader.open({ ...ref(), revision: 'main@sha1:2' }, signal);
    assert.deepEqual(asked, ['/a.tar.gz']);
    archives.set('/b.tar.gz', archive);
    await reader.open({ ...ref(), url: `${server.origin}/b.tar.gz` }, signal);
    const digest = `sha512:${createHash('sha512').update(archive).digest('hex')}`;
    await reader.open({ ...ref(), digest }, signal);
    assert.deepEqual(asked, ['/a.tar.gz', '/b.tar.gz', '/a.tar.gz']);
  });

  it('ends at once for who is stopped while others are served', async () => {
    const slow = Array.from({ length: 3 }, (_, index) => `/slow-${index}`);
    const reader = open();
    const [busy, stop] = [new AbortController(), new AbortController()];
    const downloads = [slow[0], slow[0], slow[1], slow[2]].map((path, index) =>
      reader.open(
        { ...ref(), url: `${server.origin}${path}` },
        index === 0 || index === 2 ? busy.signal : stop.signal,
      ),
    );
    for (const download of downloads) download.catch(() => {});
    while (asked.length < 2) await delay(5);
    const begun = performance.now();
    stop.abort(new Error('stopped'));
    for (const index of [1, 3])
      await assert.rejects(downloads[index] as Promise<unknown>, { message: 'stopped' });
    assert.ok(performance.now() - begun < 1000);
    busy.abort(new Error('enough'));
    await Promise.allSettled(downloads);
    assert.deepEqual(asked, ['/slow-0', '/slow-1']);
  });

  it('plays what it recorded, byte for byte', async () => {
    await open({ record: folder.path }).open(ref(), signal);
    asked.length = 0;
    const tree = await open({ replay: folder.path }).open(ref(), signal);
    assert.deepEqual((await tree.read(['x.bin'], signal)).get('x.bin'), Buffer.from([0xff, 0, 0x80]));
    assert.deepEqual(asked, []);
  });

  it('keeps nothing of what has another digest', async () => {
    archives.set('/a.tar.gz', Buffer.from('other'));
    const reader = open();
    const message = /^the artifact is not the one of its digest sha256:[0-9a-f]{12}\.\.\.$/;
    await assert.rejects(reader.open(ref(), signal), { message });
    archives.set('/a.tar.gz', archive);
    assert.equal((await reader.open(ref(), signal)).revision, 'main@sha1:1');
  });

  for (const digest of ['', 'sha256:', 'sha256:00', `sha1:${'0'.repeat(40)}`, `SHA256:${'0'.repeat(64)}`]) {
    it(`asks nobody for the digest ${JSON.stringify(digest)}`, async () => {
      await assert.rejects(open().open({ ...ref(), digest }, signal), {
        message: /the digest of the artifact/,
      });
      assert.deepEqual(asked, []);
    });
  }

  const refused: readonly [what: string, url: string, message: RegExp][] = [
    ['a file', 'file:///etc/passwd', /must begin with http/],
    ['a metadata address', 'http://169.254.169.254/latest?canary', /a link-local address is refused/],
    ['a password in the URL', 'http://u:canary@127.0.0.1/', /user information/],
  ];
  for (const [what, url, message] of refused) {
    it(`refuses ${what}, which no change of the set's spec would mend`, () =>
      assert.rejects(open().open({ ...ref(), url }, signal), (error: Error) => {
        assert.equal(error.name, 'Error');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      }));
  }

  it('follows a redirect, and never to a metadata address', async () => {
    redirects.set('/moved', '/a.tar.gz');
    redirects.set('/stolen', 'http://169.254.169.254/latest');
    const reader = open();
    await reader.open({ ...ref(), url: `${server.origin}/moved` }, signal);
    await assert.rejects(reader.open({ ...ref(), url: `${server.origin}/stolen` }, signal), {
      message: /redirected with 302 to http:\/\/169\.254\.169\.254\/latest: .*is refused/,
    });
  });

  it('does not reach loopback where that is not allowed', () =>
    assert.rejects(open({ allowLoopback: false }).open(ref(), signal), { message: /loopback address/ }));

  it('shows no body of an answer that is none', () =>
    assert.rejects(open().open({ ...ref(), url: `${server.origin}/none` }, signal), {
      message: `GET ${server.origin}/none: answered 404`,
    }));

  it('takes no more than it is told to', async () => {
    const http = createHttpReader(OPTIONS);
    readers.push(http);
    const request = { url: `${server.origin}/a.tar.gz`, timeout: 5000 };
    assert.equal(
      (await http.download({ ...request, maxBytes: archive.length }, signal)).length,
      archive.length,
    );
    await assert.rejects(http.download({ ...request, maxBytes: archive.length - 1 }, signal), {
      message: /the answer is larger than/,
    });
  });
});
