import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { secretReference } from '../../src/api/reference-schema.ts';
import { DURATION_PATTERN } from '../../src/lib/duration.ts';

/** Bounds shared by all globs and names. */
const glob = { type: 'string', minLength: 1, maxLength: 1024 } as const;
const refName = { type: 'string', minLength: 1, maxLength: 200 } as const;

/** The spec of `gitDirectory`: GitOpsSets' directories and files, read from the repository itself. */
export const gitDirectorySchema = {
  type: 'object',
  description: "Elements from the directories and files of a Git repository's commit.",
  required: ['interval', 'url'],
  additionalProperties: false,
  anyOf: [{ required: ['directories'] }, { required: ['files'] }],
  properties: {
    interval: {
      type: 'string',
      pattern: DURATION_PATTERN,
      description: 'Time between two looks at the repository, such as 10m.',
    },
    url: {
      type: 'string',
      minLength: 1,
      maxLength: 2048,
      description:
        'The repository: https://host/path, ssh://user@host/path or user@host:path. It must not carry a password; use secretRef.',
    },
    ref: {
      type: 'object',
      description: 'What to read: exactly one of branch, tag and commit. The branch main by default.',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        branch: { ...refName, description: 'The head of this branch.' },
        tag: { ...refName, description: 'The commit of this tag.' },
        commit: {
          type: 'string',
          pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$',
          description: 'This commit, by its full id.',
        },
      },
    },
    secretRef: {
      ...secretReference,
      description:
        "A Secret in the set's namespace with the repository's credentials, under the keys of Flux's GitRepository: username and password, or bearerToken, with the server's CA under ca.crt (or caFile); for ssh identity and known_hosts.",
    },
    directories: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      description: 'One element for each directory that matches: path, basename and segments.',
      items: {
        type: 'object',
        required: ['path'],
        additionalProperties: false,
        properties: {
          path: {
            ...glob,
            description:
              'A glob: * and ? stay within one name, ** stands for any number of directories, [a-z] for one character. Only a pattern that names the dot matches a name that begins with one.',
          },
          exclude: {
            description: 'A glob, or a list of globs: directories that match one are left out.',
            anyOf: [glob, { type: 'array', maxItems: 100, items: glob }],
          },
        },
      },
    },
    files: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      description:
        'One element for each YAML or JSON file that matches: path, basename, segments and, under file, the object that the file holds. A file that holds a list gives one element for each of its objects.',
      items: {
        type: 'object',
        required: ['path'],
        additionalProperties: false,
        properties: { path: { ...glob, description: 'A glob, as for directories.' } },
      },
    },
  },
} as const satisfies JSONSchema;

export type GitDirectorySpec = FromSchema<typeof gitDirectorySchema>;
