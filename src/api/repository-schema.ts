import { NAME_PATTERN } from './patterns.ts';

const path = { type: 'string', minLength: 1, maxLength: 1024 } as const;

/** The fields of generators that read what Flux packed of a repository: those of GitOpsSets. */
export const repositoryProperties = {
  repositoryRef: {
    type: 'string',
    minLength: 1,
    maxLength: 253,
    pattern: NAME_PATTERN,
    description: "The name of the source, an object in the set's namespace.",
  },
  files: {
    type: 'array',
    minItems: 1,
    maxItems: 1000,
    description:
      'YAML or JSON files, each with one object, which is the element. Where files are given, directories are not looked at.',
    items: {
      type: 'object',
      required: ['path'],
      additionalProperties: false,
      properties: { path: { ...path, description: 'The path of one file; no glob.' } },
    },
  },
  directories: {
    type: 'array',
    minItems: 1,
    maxItems: 100,
    description:
      'One element for each directory that matches: Directory, its path after ./, and Base, its name.',
    items: {
      type: 'object',
      required: ['path'],
      additionalProperties: false,
      properties: {
        path: {
          ...path,
          description:
            "A glob as Go's filepath.Glob has it: * and ? stay within one name, [a-z] stands for one character, and ** is no more than *.",
        },
        exclude: {
          type: 'boolean',
          description: 'Leave out the directories that match, whatever other entries name them.',
        },
      },
    },
  },
} as const;
