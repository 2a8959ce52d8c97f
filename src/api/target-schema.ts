import type { JSONSchema } from 'json-schema-to-ts';
import { DURATION_PATTERN, MAX_DURATION_LENGTH } from '../lib/duration.ts';
import { NAME_PATTERN, ONE_LINE_PATTERN, PRINTABLE_PATTERN } from './patterns.ts';

/** The rules of Git itself for names of branches are checked apart from the schema. */
const branch = { type: 'string', pattern: PRINTABLE_PATTERN, maxLength: 255 } as const;

/** `spec.target.git`: where to commit, who commits, and how files are named. */
export const gitTargetSchema = {
  type: 'object',
  description: 'Commits the resources to a branch of a Git repository, and pushes.',
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      description:
        "The repository: https://, http://, ssh:// or user@host:path; on one's own machine also file:// and a path. " +
        'Either this or sourceRef.',
      pattern: PRINTABLE_PATTERN,
      maxLength: 2048,
    },
    sourceRef: {
      type: 'object',
      description:
        'A Flux source in the namespace of the set, which gives URL, branch and credentials. Either this or url.',
      required: ['kind', 'name'],
      additionalProperties: false,
      properties: {
        kind: { type: 'string', description: 'Kind of the source.', enum: ['GitRepository'] },
        name: { type: 'string', description: 'Name of the source.', pattern: NAME_PATTERN, maxLength: 253 },
      },
    },
    branch: {
      ...branch,
      description:
        'The branch to read and to push to. Default: main; with sourceRef, the branch of the source.',
    },
    path: {
      type: 'string',
      description: 'The folder of the repository that the files stand in. Nothing outside it is touched.',
      default: '.',
      pattern: PRINTABLE_PATTERN,
      maxLength: 1024,
    },
    filename: {
      type: 'string',
      description:
        'Template of the path of each file below path; it sees what the template of the resource saw. ' +
        'Default: <namespace>-<kind>-<name>.yaml in lower case.',
      minLength: 1,
      maxLength: 4096,
    },
    secretRef: {
      type: 'object',
      description:
        'A Secret in the namespace of the set, with the keys of a Flux GitRepository: username and password, or ' +
        'bearerToken; ca.crt; or identity and known_hosts.',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', description: 'Name of the Secret.', pattern: NAME_PATTERN, maxLength: 253 },
      },
    },
    push: {
      type: 'object',
      description: 'Pushes somewhere else than to the branch that is read.',
      required: ['branch'],
      additionalProperties: false,
      properties: {
        branch: {
          ...branch,
          description: 'The branch to push to. It is made from branch where it does not exist yet.',
        },
      },
    },
    commit: {
      type: 'object',
      description: 'How commits are made.',
      required: ['author'],
      additionalProperties: false,
      properties: {
        author: {
          type: 'object',
          description: 'Who commits.',
          required: ['name', 'email'],
          additionalProperties: false,
          properties: {
            name: {
              type: 'string',
              description: 'Name of the author.',
              pattern: ONE_LINE_PATTERN,
              maxLength: 128,
            },
            email: {
              type: 'string',
              description: 'Mail address of the author.',
              pattern: ONE_LINE_PATTERN,
              maxLength: 254,
            },
          },
        },
      },
    },
  },
  oneOf: [{ required: ['url'] }, { required: ['sourceRef'] }],
} as const satisfies JSONSchema;

/** `spec.target.directory`: the same files without Git. */
export const directoryTargetSchema = {
  type: 'object',
  description: 'Writes the resources as files into a folder, for people without a repository.',
  required: ['path'],
  additionalProperties: false,
  properties: {
    path: {
      type: 'string',
      description: 'The folder, seen from where the program was started. It is made when it does not exist.',
      pattern: PRINTABLE_PATTERN,
      maxLength: 4096,
    },
  },
} as const satisfies JSONSchema;

/** `spec.target.apply`: the cluster that the controller runs against. */
export const applyTargetSchema = {
  type: 'object',
  description: 'Applies the resources to the cluster, server-side. Needs the controller.',
  additionalProperties: false,
  properties: {
    prune: {
      type: 'boolean',
      description:
        'Whether resources that are no longer rendered are deleted, as far as the guard lets them.',
      default: true,
    },
    force: {
      type: 'boolean',
      description:
        'Whether fields that others own are taken over, and resources whose immutable fields change are replaced.',
      default: false,
    },
    wait: {
      type: 'boolean',
      description: 'Whether the set is ready only when all its resources are.',
      default: false,
    },
    timeout: {
      type: 'string',
      description: 'How long resources may take to become ready, with wait.',
      pattern: DURATION_PATTERN,
      maxLength: MAX_DURATION_LENGTH,
      default: '5m',
    },
  },
} as const satisfies JSONSchema;

/** `spec.target`: where resources go. Absent without a cluster, the command line names it; in a cluster: apply. */
export const targetSchema = {
  type: 'object',
  description: 'Where the resources go: exactly one of the fields.',
  additionalProperties: false,
  properties: { git: gitTargetSchema, directory: directoryTargetSchema, apply: applyTargetSchema },
  oneOf: [{ required: ['git'] }, { required: ['directory'] }, { required: ['apply'] }],
} as const satisfies JSONSchema;
