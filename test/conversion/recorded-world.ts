import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A repository with the directories `apps/old` and `apps/web`, and a file of a team. */
export const REPOSITORY = 'https://git.example.com/fleet.git';
/** A query of Prometheus, which answers one series. */
export const QUERY = 'http://prometheus.monitoring:9090/api/v1/query?query=up';
/** A service that gives inputs to ResourceSets. */
export const SERVICE = 'https://inputs.example.com/v1';
/** The pull requests of octo/hello on GitHub: 7 with the label preview, and 8 without. */
const PULLS =
  'https://api.github.com/repos/octo/hello/pulls?state=open&sort=created&direction=asc&per_page=100';

const TREE = {
  request: { git: { url: REPOSITORY, ref: { branch: 'main' } } },
  response: {
    commit: '49102057e9023d886012715c771541cd8b29892d',
    entries: [
      { path: 'apps', type: 'directory' },
      { path: 'apps/old', type: 'directory' },
      { path: 'apps/old/x.yaml', type: 'file', size: 1 },
      { path: 'apps/web', type: 'directory' },
      { path: 'apps/web/x.yaml', type: 'file', size: 1 },
      { path: 'teams', type: 'directory' },
      { path: 'teams/a.yaml', type: 'file', size: 29 },
    ],
    files: { 'teams/a.yaml': 'team: red\nnested: {size: 3}\n\n' },
  },
};

const repository = {
  id: 1,
  clone_url: 'https://github.com/octo/hello.git',
  ssh_url: 'git@github.com:octo/hello.git',
};

const pull = (number: number, ref: string, label: string) => ({
  number,
  title: 'Add x',
  labels: [{ name: label }],
  head: { ref, sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e', repo: repository },
  base: { ref: 'main', repo: repository },
});

const series = { metric: { pod: 'a' }, value: [1, '300'] };

const ANSWERS: readonly (readonly [url: string, body: unknown])[] = [
  [PULLS, [pull(7, 'feature/x', 'preview'), pull(8, 'fix/y', 'other')]],
  [SERVICE, { inputs: [{ id: 'one', size: 4 }, { id: 'two' }] }],
  [QUERY, { status: 'success', data: { resultType: 'vector', result: [series] } }],
];

/** Writes the recordings of all of these, and of an artifact that was downloaded, into a new folder for `--replay`. */
export async function writeReplay(
  folder: string,
  artifact?: { readonly url: string; readonly archive: Buffer },
): Promise<void> {
  await mkdir(folder);
  if (artifact) await writeArtifact(join(folder, 'artifact.json'), artifact);
  const asked = ANSWERS.map(([url, body]) => ({
    request: { method: 'GET', url },
    response: { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  }));
  for (const [index, recording] of [TREE, ...asked].entries())
    await writeFile(join(folder, `${index}.json`), JSON.stringify(recording));
}

async function writeArtifact(
  file: string,
  { url, archive }: { url: string; archive: Buffer },
): Promise<void> {
  const response = { status: 200, headers: {}, body: archive.toString('base64'), encoding: 'base64' };
  await writeFile(file, JSON.stringify({ request: { method: 'GET', url }, response }));
}
