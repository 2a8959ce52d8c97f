import { bitbucketServer } from './bitbucket-server.ts';
import type { Driver } from './driver.ts';
import { gitea } from './gitea.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { PullRequestsSpec } from './schema.ts';

/** By the name in the spec. */
export const drivers: Readonly<Record<PullRequestsSpec['driver'], Driver>> = {
  github,
  gitlab,
  gitea,
  bitbucketserver: bitbucketServer,
};
