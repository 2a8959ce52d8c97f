import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readGitOpsSet } from '../../src/api/read-gitops-set.ts';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { DRIVERS } from '../../test/harness/pull-request-run.ts';
import { type PullRequestServer, startPullRequestServer } from '../../test/harness/pull-request-server.ts';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import { pullRequests } from './index.ts';

describe('recorded pull requests', () => {
  const folder = useTemporaryFolder();
  let server: PullRequestServer;
  before(async () => {
    server = await startPullRequestServer();
  });
  after(() => server.close());

  for (const driver of DRIVERS) {
    it(`of ${driver} give the same without the server, page by page`, async () => {
      const samples = Array.from({ length: 101 }, (_, index) => ({ number: index + 1 }));
      server.reset(driver, samples);
      const spec = { interval: '5m', driver, repo: 'octo/hello', serverURL: server.origin };
      const run = async (way: { record?: string; replay?: string }) => {
        const http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger, ...way });
        return pullRequests.generate(spec, { ...makeContext().context, http }).finally(() => http.close());
      };
      const recorded = await run({ record: folder.path });
      assert.equal(recorded.length, 101);
      const asked = server.asked.length;
      assert.deepEqual(await run({ replay: folder.path }), recorded);
      assert.equal(server.asked.length, asked);
    });
  }
});

describe('a GitOpsSet with pull requests', () => {
  it("is read with GitOpsSets' own fields", async () => {
    const spec = {
      interval: '5m',
      driver: 'bitbucketserver',
      serverURL: 'https://bitbucket.example',
      repo: 'PRJ/repo',
      secretRef: { name: 'scm' },
      forks: false,
    };
    const set: JsonObject = {
      apiVersion: 'sets.gitops.pro/v1alpha1',
      kind: 'GitOpsSet',
      metadata: { name: 'previews' },
      spec: { generators: [{ pullRequests: spec }], templates: [] },
    };
    const read = readGitOpsSet(set);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(read.set['spec'], set['spec']);
    assert.deepEqual(pullRequests.check?.(spec as never), []);
  });
});

describe('the README of pullRequests', () => {
  it('names every field', async () => {
    const readme = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
    for (const field of Object.keys(pullRequests.schema.properties ?? {}))
      assert.match(readme, new RegExp(`\`${field}\``));
    assert.ok(parseYaml(/```yaml\n(.*?)```/s.exec(readme)?.[1] ?? ''));
  });
});
