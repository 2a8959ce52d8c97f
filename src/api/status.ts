import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;

/** The generation of a set that no controller has looked at, as Flux has it: kstatus takes none for ready. */
export const UNSEEN = -1;

/** One condition, in the form of Kubernetes' own. */
const conditionSchema = {
  type: 'object',
  description: 'One condition.',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  additionalProperties: false,
  properties: {
    type: { ...text, description: 'Ready, Reconciling, Stalled, Held or Unwatched.' },
    status: { ...text, description: 'Whether it holds.', enum: ['True', 'False', 'Unknown'] },
    reason: { ...text, description: 'One word for machines.' },
    message: { ...text, description: 'A sentence for people.' },
    lastTransitionTime: { ...text, description: 'When the status changed last.' },
    observedGeneration: { ...count, description: 'The generation of the set that it speaks of.' },
  },
} as const satisfies JSONSchema;

/** Flux's inventory: `id` is `namespace_name_group_kind`, `v` the version. */
const inventorySchema = {
  type: 'object',
  description: 'The resources that the set has applied.',
  additionalProperties: false,
  properties: {
    entries: {
      type: 'array',
      description: 'Up to 1,000 of them; more stand in ConfigMaps.',
      items: {
        type: 'object',
        description: 'One resource.',
        required: ['id', 'v'],
        additionalProperties: false,
        properties: {
          id: { ...text, description: 'namespace_name_group_kind.' },
          v: { ...text, description: 'Version of the API.' },
          e: { ...text, description: 'The key of its element, or the digest of a long one.' },
        },
      },
    },
    count: { ...count, description: 'How many there are.' },
    digest: { ...text, description: 'sha256 of all ids and versions, where they stand in ConfigMaps.' },
    shards: {
      type: 'array',
      description: 'The ConfigMaps that they stand in, in the namespace of the set.',
      items: { ...text, description: 'Name of a ConfigMap.' },
    },
  },
} as const satisfies JSONSchema;

/** One decision, with its evidence. */
const decisionSchema = {
  type: 'object',
  description: 'One tuned value.',
  required: ['name', 'value', 'since', 'rule', 'input'],
  additionalProperties: false,
  properties: {
    element: { ...text, description: 'The key of its element; absent where there is only one.' },
    name: { ...text, description: 'Its name in spec.tune.' },
    value: { ...text, description: 'The value.' },
    since: { ...text, description: 'When it got this value.' },
    rule: { ...text, description: 'The rule that gave it this value.' },
    input: { ...text, description: 'What it was decided from.' },
    previous: { ...text, description: 'The value before.' },
  },
} as const satisfies JSONSchema;

/** `status`: the outcome of the last pass, and what the next one must know. */
export const statusSchema = {
  type: 'object',
  description: 'Written by the controller; ignored in files.',
  additionalProperties: false,
  properties: {
    observedGeneration: {
      type: 'integer',
      minimum: UNSEEN,
      description: 'The generation of the set that was worked on last; -1 before any was.',
    },
    conditions: { type: 'array', description: 'What holds now.', items: conditionSchema },
    lastAttemptedRevision: { ...text, description: 'What was to be delivered last.' },
    lastAppliedRevision: { ...text, description: 'What was delivered last.' },
    lastHandledReconcileAt: {
      ...text,
      description: 'The last reconcile.fluxcd.io/requestedAt that was followed.',
    },
    lastHandledForceAt: { ...text, description: 'The last reconcile.fluxcd.io/forceAt that was followed.' },
    elements: { ...count, description: 'How many elements the generators gave.' },
    elementStates: {
      type: 'array',
      description: 'What became of each element, those that are held first; at most 100 of them.',
      items: {
        type: 'object',
        description: 'One element.',
        required: ['key', 'phase', 'reason'],
        additionalProperties: false,
        properties: {
          key: { ...text, description: 'The key of the element, or its place.' },
          phase: { ...text, description: 'Ready or Held.', enum: ['Ready', 'Held'] },
          reason: { ...text, description: 'One word for machines.' },
          message: { ...text, description: 'A sentence for people.' },
        },
      },
    },
    decisions: {
      type: 'array',
      description:
        'The tuned values, up to 500 of them; more stand in ConfigMaps. Sets that deliver to Git keep them there.',
      items: decisionSchema,
    },
    decisionShards: {
      type: 'object',
      description: 'Where the tuned values stand that are too many for the status.',
      required: ['count', 'digest', 'shards'],
      additionalProperties: false,
      properties: {
        count: { ...count, description: 'How many there are.' },
        digest: { ...text, description: 'sha256 of all of them.' },
        shards: {
          type: 'array',
          description: 'The ConfigMaps that they stand in, in the namespace of the set.',
          items: { ...text, description: 'Name of a ConfigMap.' },
        },
      },
    },
    inventory: inventorySchema,
    held: {
      type: 'object',
      description: 'The plan that the guard holds.',
      required: ['digest', 'rule', 'message'],
      additionalProperties: false,
      properties: {
        digest: {
          ...text,
          description: 'To release it: annotation generatorset.dev/approve with this value.',
        },
        rule: { ...text, description: 'The rule of spec.guard that holds it.' },
        message: { ...text, description: 'What it would do.' },
        changes: {
          type: 'array',
          description: 'The tuned values that would change by more than spec.guard.maxChange, at most 100.',
          items: {
            type: 'object',
            description: 'One of them.',
            required: ['element', 'name', 'value', 'proposed'],
            additionalProperties: false,
            properties: {
              element: { ...text, description: 'The key of the element.' },
              name: { ...text, description: 'The name of the decision.' },
              value: { ...text, description: 'What it is.' },
              proposed: { ...text, description: 'What it would become.' },
            },
          },
        },
      },
    },
    delivered: { ...text, description: 'Digest of the last delivered plan.' },
    deletions: {
      type: 'array',
      description: 'Deletions of the last 24 hours, which the guard counts.',
      items: {
        type: 'object',
        description: 'Those of one pass.',
        required: ['at', 'count'],
        additionalProperties: false,
        properties: {
          at: { ...text, description: 'When.' },
          count: { ...count, description: 'How many.' },
        },
      },
    },
    history: {
      type: 'array',
      description: 'The last five outcomes, the newest first.',
      items: {
        type: 'object',
        description: 'One outcome.',
        required: [
          'digest',
          'firstReconciled',
          'lastReconciled',
          'lastReconciledStatus',
          'totalReconciliations',
        ],
        additionalProperties: false,
        properties: {
          digest: { ...text, description: 'What was to be delivered.' },
          firstReconciled: { ...text, description: 'When it was seen first.' },
          lastReconciled: { ...text, description: 'When it was written last.' },
          lastReconciledDuration: { ...text, description: 'How long the pass took.' },
          lastReconciledStatus: { ...text, description: 'Reason of the Ready condition.' },
          totalReconciliations: { ...count, description: 'How often it was written.' },
        },
      },
    },
  },
} as const satisfies JSONSchema;

/** `status` of a set. */
export type GeneratorSetStatus = Readonly<FromSchema<typeof statusSchema>>;
/** One of `status.conditions`. */
export type Condition = Readonly<FromSchema<typeof conditionSchema>>;
/** `status.inventory`. */
export type StatusInventory = Readonly<FromSchema<typeof inventorySchema>>;
