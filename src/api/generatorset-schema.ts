import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { DURATION_PATTERN, MAX_DURATION_LENGTH } from '../lib/duration.ts';
import type { JsonObject } from '../lib/json.ts';
import { metadataSchema } from './metadata-schema.ts';
import { NAME_PATTERN, PERCENT_PATTERN, SHARE_PATTERN, WORD_PATTERN } from './patterns.ts';
import type { ReadyTemplate } from './ready-template.ts';
import type { GeneratorSetStatus } from './status.ts';
import {
  type applyTargetSchema,
  type directoryTargetSchema,
  type gitTargetSchema,
  targetSchema,
} from './target-schema.ts';
import { dependsOnSchema, scheduleSchema } from './timing-schema.ts';
import { tuneSchema } from './tune-schema.ts';

/** The API's name and version, as the first line of each GeneratorSet says it. */
export const API_VERSION = 'generatorset.dev/v1alpha1';
/** The kind of the objects that this program serves. */
export const KIND = 'GeneratorSet';

/** One of `spec.templates`. */
const templateSchema = {
  type: 'object',
  description: 'One template: content, text, or a ready-made one.',
  additionalProperties: false,
  properties: {
    content: {
      type: 'object',
      description:
        'A resource whose keys and values are templates, each rendered on its own, so that no value can break the YAML.',
      minProperties: 1,
      additionalProperties: true,
    },
    text: {
      type: 'string',
      description: 'A template that renders to YAML text with any number of resources.',
      minLength: 1,
    },
    from: {
      type: 'string',
      description: 'Name of a ready-made template, such as hpa-object.',
      pattern: WORD_PATTERN,
      maxLength: 63,
    },
    values: {
      type: 'object',
      description:
        'What the ready-made template asks for, each a value or a template; it sees them as .Values.',
      additionalProperties: true,
    },
    repeat: {
      type: 'string',
      description:
        'JSONPath over the element, such as "{ .teams }": the template is rendered once for each result.',
      minLength: 1,
      maxLength: 1024,
    },
  },
  oneOf: [{ required: ['content'] }, { required: ['text'] }, { required: ['from'] }],
} as const satisfies JSONSchema;

const templatesSchema = {
  type: 'array',
  description: 'Every element is rendered with every template.',
  minItems: 1,
  maxItems: 1000,
  items: templateSchema,
} as const satisfies JSONSchema;

/** `spec.guard`. Both fields have defaults, so a set without a guard is guarded. */
const guardSchema = {
  type: 'object',
  description:
    'What a pass may delete without being asked. A held plan changes nothing until its digest is approved.',
  default: {},
  additionalProperties: false,
  properties: {
    onEmpty: {
      type: 'string',
      description:
        'What happens when nothing is rendered where there was something: hold the plan, prune all of it, or fail.',
      enum: ['hold', 'prune', 'fail'],
      default: 'hold',
    },
    maxPrune: {
      type: ['integer', 'string'],
      description:
        'How much may be deleted within 24 hours: a share of the inventory such as 20%, at least one, or a number of resources.',
      minimum: 0,
      pattern: PERCENT_PATTERN,
      default: '20%',
    },
    maxChange: {
      type: 'string',
      description:
        'The largest change of a tuned value that is made without being asked, as a share of the value before such as 50%; larger ones wait for an approval. Absent: any.',
      pattern: SHARE_PATTERN,
    },
  },
} as const satisfies JSONSchema;

/** The fields of `spec` that hold plain values. */
const settings = {
  interval: {
    type: 'string',
    description:
      'How often generators without an interval of their own run, from 5s to 8760h. Absent: only when the set changes.',
    pattern: DURATION_PATTERN,
    maxLength: MAX_DURATION_LENGTH,
  },
  suspend: {
    type: 'boolean',
    description: 'Stops all passes over this set; what it delivered stays.',
    default: false,
  },
  serviceAccountName: {
    type: 'string',
    description:
      'The service account, in the namespace of the set, that a cluster acts as. Not used without a cluster.',
    pattern: NAME_PATTERN,
    maxLength: 253,
  },
  deletionPolicy: {
    type: 'string',
    description:
      'What becomes of applied resources when the set is deleted: Prune deletes them, Orphan leaves them. Files in Git stay.',
    enum: ['Prune', 'Orphan'],
    default: 'Prune',
  },
  numbers: {
    type: 'string',
    description:
      'How templates print numbers: exact gives plain decimals, go gives what Go prints, such as 1e+06.',
    enum: ['exact', 'go'],
    default: 'exact',
  },
  dialect: {
    type: 'string',
    description:
      'The language of all templates: go is Go text/template with Sprig, handlebars is Handlebars.',
    enum: ['go', 'handlebars'],
    default: 'go',
  },
  allowNonDeterministic: {
    type: 'boolean',
    description:
      'Whether templates may call functions that give another value at every render, such as now and randAlpha.',
    default: false,
  },
  elementKey: {
    type: 'string',
    description:
      'Template that gives each element its stable identity, such as "{{ .Element.name }}". It must differ between elements.',
    minLength: 1,
    maxLength: 4096,
  },
} as const;

/** A generator's key under `spec.generators[]`, and its own schema. */
export type GeneratorSchemas = Readonly<Record<string, JSONSchema & object>>;

/** One entry of `spec.generators`: the generator's key with its spec, and optionally `name`. */
export type GeneratorEntry = Readonly<Record<string, unknown>>;

/** `T` without the rule that some fields exclude each other, which types need not know. */
type Fields<T> = Omit<T, 'oneOf'>;

/** `spec.target.git`: `url` or `sourceRef`, never both. */
export type GitTargetSpec = Readonly<FromSchema<Fields<typeof gitTargetSchema>>>;
/** `spec.target.directory`. */
type DirectoryTargetSpec = Readonly<FromSchema<typeof directoryTargetSchema>>;
/** `spec.target.apply`, its defaults filled in. */
export type ApplyTargetSpec = Readonly<FromSchema<typeof applyTargetSchema>>;
/** One of `spec.schedule`. */
export type ScheduleEntry = Readonly<FromSchema<typeof scheduleSchema>[number]>;
/** One of `spec.dependsOn`. */
export type Dependency = Readonly<FromSchema<typeof dependsOnSchema>[number]>;
/** `spec.guard`, its defaults filled in. */
export type Guard = Readonly<FromSchema<typeof guardSchema>>;

/** One of `spec.tune`, its defaults filled in. */
export type Tune = Readonly<FromSchema<typeof tuneSchema>[number]>;

/** One of `spec.templates`: `content`, `text` or `from`, never two of them. */
export interface Template {
  readonly content?: JsonObject;
  readonly text?: string;
  /** The name of a ready-made template, and what it is given. */
  readonly from?: string;
  readonly values?: JsonObject;
  /** The ready-made template itself; validation puts it here. */
  readonly ready?: ReadyTemplate;
  readonly repeat?: string;
}

/** `spec.target`: exactly one of its fields. */
interface TargetSpec {
  readonly git?: GitTargetSpec;
  readonly directory?: DirectoryTargetSpec;
  readonly apply?: ApplyTargetSpec;
}

/** The part of `metadata` that this program uses; the namespace is always known. */
interface GeneratorSetMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

type Settings = Readonly<
  FromSchema<{ type: 'object'; properties: typeof settings; additionalProperties: false }>
>;

/** `spec`, generic over what an entry of `generators` may be. */
export interface GeneratorSetSpec<Entry = GeneratorEntry> extends Settings {
  readonly generators: readonly Entry[];
  readonly tune?: readonly Tune[];
  readonly templates: readonly Template[];
  readonly schedule?: readonly ScheduleEntry[];
  readonly dependsOn?: readonly Dependency[];
  readonly guard: Guard;
  readonly target?: TargetSpec;
}

/** A validated GeneratorSet, its defaults filled in. */
export interface GeneratorSet<Entry = GeneratorEntry> {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: typeof KIND;
  readonly metadata: GeneratorSetMetadata;
  readonly spec: GeneratorSetSpec<Entry>;
  /** What the controller said last; a hint, since others may write it too. */
  readonly status?: GeneratorSetStatus;
}

/**
 * The whole JSON Schema of a GeneratorSet for the given generators: it validates files, and is what editors
 * read. It has no reference and no conditional part but `oneOf` over required fields.
 */
export function generatorSetSchema(generators: GeneratorSchemas): JSONSchema & object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: KIND,
    description:
      'Keeps Kubernetes manifests true: generators yield elements, templates render them, the target takes them.',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
    properties: {
      apiVersion: { type: 'string', description: 'Group and version of this API.', const: API_VERSION },
      kind: { type: 'string', description: 'Kind of the object.', const: KIND },
      metadata: metadataSchema,
      spec: specSchema(generators),
      status: {
        type: 'object',
        description: 'Written by the controller; ignored in files.',
        additionalProperties: true,
      },
    },
  };
}

/** The fields stand in the order in which people write them; documentation and editors keep it. */
function specSchema(generators: GeneratorSchemas): JSONSchema & object {
  const {
    interval,
    suspend,
    serviceAccountName,
    deletionPolicy,
    numbers,
    dialect,
    allowNonDeterministic,
    elementKey,
  } = settings;
  return {
    type: 'object',
    description: 'What is queried, how it is rendered, and where it goes.',
    required: ['generators', 'templates'],
    additionalProperties: false,
    properties: {
      interval,
      schedule: scheduleSchema,
      suspend,
      serviceAccountName,
      deletionPolicy,
      dependsOn: dependsOnSchema,
      numbers,
      dialect,
      allowNonDeterministic,
      elementKey,
      generators: {
        type: 'array',
        description: 'What yields the elements, in this order.',
        minItems: 1,
        maxItems: 100,
        items: generatorEntrySchema(generators, 'Name of this generator, unique in the set.'),
      },
      tune: tuneSchema,
      templates: templatesSchema,
      guard: guardSchema,
      target: targetSchema,
    },
  };
}

/**
 * One entry of a list of generators; `meaning` is that of its name. `oneOf` over required keys is all that a structural
 * schema of Kubernetes allows, and all that is needed.
 */
export function generatorEntrySchema(generators: GeneratorSchemas, meaning: string): JSONSchema & object {
  const name = {
    type: 'string',
    description: meaning,
    pattern: WORD_PATTERN,
    maxLength: 63,
  } as const;
  return {
    type: 'object',
    description: 'One generator: exactly one key says which.',
    additionalProperties: false,
    properties: { name, ...generators },
    oneOf: Object.keys(generators).map((key) => ({ required: [key] })),
  };
}
