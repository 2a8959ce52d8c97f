import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactAt, packFiles } from './archives.ts';
import { basic, makeRepository, startGitServer } from './git.ts';
import { type Certificates, makeCertificates } from './http-certificates.ts';
import { startHttpServer } from './http-server.ts';
import { vectorText } from './prometheus-answers.ts';
import { itemOf } from './pull-request-answers.ts';

/** The servers that generators ask; what they answer depends on who asks. */
export interface GeneratorOutside {
  /** Answers `/elements` with the header x-name, and queries of Prometheus with the bearer token as the label pod. */
  readonly origin: string;
  /** A GitHub whose one pull request has the bearer token as its branch. */
  readonly secureOrigin: string;
  readonly certificates: Certificates;
  /** A repository with the directory apps/web, for the user and the password that `GIT_USER` has. */
  readonly repository: string;
  /** The artifact of a source, with the directory of this name below apps. */
  artifact(directory: string): object;
  close(): Promise<void>;
}

/** Who may read the repository. */
export const GIT_USER = { user: 'flux', password: 'right' };

/** Starts the servers on loopback. */
export async function startGeneratorOutside(): Promise<GeneratorOutside> {
  const certificates = makeCertificates();
  const archives = new Map<string, Buffer>(
    await Promise.all(
      ['web', 'api'].map(
        async (name) =>
          [`/${name}.tar.gz`, await packFiles({ [`apps/${name}/kustomization.yaml`]: 'a: 1\n' })] as const,
      ),
    ),
  );
  const plain = await startHttpServer(({ url = '', headers }, response) => {
    const archive = archives.get(url);
    if (archive) response.end(archive);
    else if (url === '/elements') response.end(JSON.stringify([{ name: headers['x-name'] ?? 'nobody' }]));
    else response.end(vectorText([[{ pod: tokenOf(headers.authorization) }, '1']]));
  });
  const secure = await startHttpServer(({ headers }, response) => {
    response.end(JSON.stringify([itemOf('github', { number: 7, branch: tokenOf(headers.authorization) })]));
  }, certificates.server);
  const root = await mkdtemp(join(tmpdir(), 'generatorset-outside-'));
  makeRepository(join(root, 'fleet.git'), { 'apps/web/kustomization.yaml': 'a: 1\n' });
  const git = await startGitServer(root);
  git.intercept = ({ headers }, response) => {
    if (headers.authorization === basic(GIT_USER.user, GIT_USER.password)) return false;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    return true;
  };
  return {
    origin: plain.origin,
    secureOrigin: secure.origin,
    certificates,
    repository: `${git.url}/fleet.git`,
    artifact(directory) {
      const path = `/${directory}.tar.gz`;
      return artifactAt(
        `${plain.origin}${path}`,
        archives.get(path) ?? Buffer.of(),
        `main@sha1:${directory}`,
      );
    },
    async close() {
      await Promise.all([plain.close(), secure.close(), git.close()]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

function tokenOf(authorization = ''): string {
  return authorization.replace(/^Bearer /, '');
}
