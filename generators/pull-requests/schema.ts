import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { HTTPS_PATTERN, REPOSITORY_PATTERN } from '../../src/api/patterns.ts';
import { secretReference } from '../../src/api/reference-schema.ts';
import { DURATION_PATTERN, MAX_DURATION_LENGTH } from '../../src/lib/duration.ts';

/** Globs for names of branches. */
const globs = {
  type: 'array',
  minItems: 1,
  maxItems: 100,
  items: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

/** The spec of `pullRequests`: GitOpsSets' fields, and gitea, branches, targetBranches and certSecretRef. */
export const pullRequestsSchema = {
  type: 'object',
  description: 'Elements from the open pull requests of a repository.',
  required: ['interval', 'driver', 'repo'],
  additionalProperties: false,
  properties: {
    interval: {
      type: 'string',
      pattern: DURATION_PATTERN,
      maxLength: MAX_DURATION_LENGTH,
      description: 'Time between two looks at the pull requests, such as 5m.',
    },
    driver: {
      type: 'string',
      enum: ['github', 'gitlab', 'gitea', 'bitbucketserver'],
      description: 'What the server is: github, gitlab, gitea (Forgejo too) or bitbucketserver.',
    },
    serverURL: {
      type: 'string',
      pattern: HTTPS_PATTERN,
      maxLength: 2048,
      description:
        'Where the server is, such as https://git.example.com. By default https://github.com or https://gitlab.com; gitea and bitbucketserver need it. It must not carry user information; use secretRef.',
    },
    repo: {
      type: 'string',
      pattern: REPOSITORY_PATTERN,
      maxLength: 512,
      description:
        "The repository: owner/name, in GitLab with all of its groups, in Bitbucket Server the project's key and the repository's slug.",
    },
    secretRef: {
      ...secretReference,
      description:
        "A Secret in the set's namespace with a token of the server's API under password, or else under token.",
    },
    certSecretRef: {
      ...secretReference,
      description:
        "A Secret in the set's namespace with the server's CA under ca.crt, the client's certificate and key under tls.crt and tls.key, or all of them.",
    },
    labels: {
      type: 'array',
      maxItems: 100,
      items: { type: 'string', minLength: 1, maxLength: 255 },
      description: 'Only pull requests that have all of these labels.',
    },
    forks: {
      type: 'boolean',
      description: 'Whether pull requests from forks count too; false by default.',
    },
    branches: {
      ...globs,
      description: 'Only pull requests whose branch matches one of these globs, such as feature/**.',
    },
    targetBranches: {
      ...globs,
      description: 'Only pull requests into a branch that matches one of these globs, such as main.',
    },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type PullRequestsSpec = FromSchema<typeof pullRequestsSchema>;
