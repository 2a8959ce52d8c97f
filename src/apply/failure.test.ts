import assert from 'node:assert/strict';
import { WaitingError } from '../api/errors.ts';
import { ApiError } from '../clients/cluster/api-error.ts';
import type { JsonObject } from '../lib/json.ts';
import { DeliveryError } from '../plan/target.ts';
import type { Place } from './applied-objects.ts';
import {
  type Failure,
  failuresError,
  isImmutable,
  kindMissing,
  readConflicts,
  toFailure,
} from './failure.ts';

const USER = 'system:serviceaccount:apps:tenant';

function placeOf(kind: string, apiVersion = 'v1'): Place {
  const plural = `${kind.toLowerCase()}s`;
  return {
    id: `apps_a__${kind}`,
    kind: { apiVersion, kind, plural, namespaced: true, verbs: [] },
    namespace: 'apps',
    name: 'a',
  };
}

function refusal(status: number, words: string, details?: JsonObject): ApiError {
  return new ApiError(`patch configmaps apps/a: ${words}`, {
    status,
    reason: 'Reason',
    ...(details && { details }),
  });
}

const conflict = (...causes: [message: string, field: string][]): ApiError =>
  refusal(409, 'Apply failed', {
    causes: causes.map(([message, field]) => ({ reason: 'FieldManagerConflict', message, field })),
  });
const ADVICE = '(remove the fields from the template, or take them over with spec.target.apply.force)';

describe('toFailure', () => {
  const cases: [what: string, kind: string, error: Error, reason: string, wait?: string][] = [
    ['an unreachable server', 'ConfigMap', new Error('cannot reach https://x'), 'cannot reach https://x'],
    [
      'words of the server',
      'ConfigMap',
      refusal(422, 'is invalid: spec.x: Required'),
      'is invalid: spec.x: Required',
    ],
    ['long words', 'ConfigMap', refusal(400, 'w '.repeat(400)), `${'w '.repeat(150)}...`],
    [
      'a denial',
      'ConfigMap',
      refusal(403, 'admission webhook "x" denied the request: no'),
      'admission webhook "x" denied the request: no',
    ],
    [
      'a terminating namespace',
      'ConfigMap',
      refusal(
        403,
        'forbidden: unable to create new content in namespace apps because it is being terminated',
      ),
      'namespace apps is being terminated',
      'NamespaceTerminating',
    ],
    [
      'a missing namespace',
      'ConfigMap',
      refusal(404, 'namespaces "apps" not found', { kind: 'namespaces' }),
      'namespace apps does not exist',
      'NamespaceMissing',
    ],
    [
      'a missing kind',
      'Widget',
      refusal(404, 'the server could not find the requested resource'),
      'the cluster has no kind Widget in v1: install its CustomResourceDefinition',
      'KindMissing',
    ],
    [
      'a conflict',
      'ConfigMap',
      conflict(['conflict with "kubectl-client-side-apply" using apps/v1', '.spec.replicas']),
      `conflict with "kubectl-client-side-apply": .spec.replicas ${ADVICE}`,
    ],
    [
      'conflicts',
      'ConfigMap',
      conflict(['conflict with "a"', '.x'], ['conflict with "b \\"q\\""', '.y'], ['conflict with "a"', '.z']),
      `conflict with "a": .x, .z; conflict with "b \\"q\\"": .y ${ADVICE}`,
    ],
    [
      'another conflict',
      'ConfigMap',
      refusal(409, 'the object has been modified'),
      'the object has been modified',
    ],
    [
      'a lacking right',
      'ConfigMap',
      refusal(403, 'User "x" cannot patch resource "configmaps" in API group ""'),
      `User "x" cannot patch resource "configmaps" in API group "": grant ${USER} get, list, watch, create, patch and delete of it`,
    ],
    [
      'a malformed Secret',
      'Secret',
      refusal(422, 'Secret "a" is invalid: hunter2', {
        causes: [{ reason: 'FieldValueInvalid', message: 'hunter2', field: 'data[x]' }],
      }),
      'the server refuses it: Reason: data[x] (FieldValueInvalid)',
    ],
    [
      'a denied Secret',
      'Secret',
      refusal(403, 'admission webhook "x" denied the request: hunter2'),
      'forbidden',
    ],
  ];
  for (const [what, kind, error, reason, wait] of cases) {
    it(`tells of ${what}`, () => {
      const failure = toFailure(placeOf(kind), error, { user: USER });
      assert.deepEqual([failure.reason, failure.wait?.reason], [reason, wait]);
    });
  }

  const hidden: [what: string, error: Error, reason: string][] = [
    [
      'a refused value',
      refusal(422, 'is invalid: metadata.labels: Invalid value: "hunter2"', {
        causes: [{ reason: 'FieldValueInvalid', message: 'hunter2', field: 'metadata.labels' }],
      }),
      'the server refuses it: Reason: metadata.labels (FieldValueInvalid)',
    ],
    [
      'a refused key',
      refusal(422, 'hunter2', {
        causes: [{ reason: 'FieldValueInvalid', message: 'x', field: 'spec.c[0].env[name=hunter2].x' }],
      }),
      'the server refuses it: Reason: spec.c[0].env[...] (FieldValueInvalid)',
    ],
    ['a denial', refusal(403, 'admission webhook "x" denied the request: hunter2'), 'forbidden'],
    [
      'a conflict',
      conflict(['conflict with "helm"', '.spec.env[name="hunter2"].value']),
      `conflict with "helm": .spec.env[...] ${ADVICE}`,
    ],
  ];
  for (const [what, error, reason] of hidden) {
    it(`shows no value of ${what} where the element is from a Secret, whatever the kind`, () => {
      const failure = toFailure(placeOf('ConfigMap'), error, { user: USER, isSecret: true });
      assert.equal(failure.reason, reason);
    });
  }

  it('names few of many fields', () => {
    const many = Array.from({ length: 100 }, (_, n): [string, string] => ['conflict with "a"', `.f${n}`]);
    const { reason } = toFailure(placeOf('ConfigMap'), conflict(...many), { user: USER });
    assert.match(reason, /\.f19 and 80 more \(remove/);
  });
});

describe('readConflicts', () => {
  it('tells managers that apply from those that update', () => {
    const error = conflict(
      ['conflict with "helm"', '.a'],
      ['conflict with "kubectl edit" using v1 at 2026-01-01T00:00:00Z', '.b'],
      ['nonsense', '.c'],
    );
    assert.deepEqual(readConflicts(error), [
      { manager: 'helm', field: '.a', applies: true },
      { manager: 'kubectl edit', field: '.b', applies: false },
      { manager: '', field: '.c', applies: true },
    ]);
  });

  it('finds none in other errors', () => {
    assert.deepEqual(readConflicts(refusal(409, 'x')), []);
    assert.deepEqual(readConflicts(new Error('x')), []);
    assert.deepEqual(readConflicts(refusal(409, 'x', { causes: 'odd' })), []);
  });
});

describe('isImmutable', () => {
  const invalid = (...messages: string[]): ApiError =>
    refusal(422, messages.join(', '), { causes: messages.map((message) => ({ message })) });
  const cases: [Error, boolean][] = [
    [invalid('field is immutable'), true],
    [invalid('Invalid value: []string{"10.0.0.1"}: may not change once set'), true],
    [invalid('primary clusterIP can not be unset'), true],
    [invalid('Forbidden: updates to statefulset spec for fields other than x are forbidden'), true],
    [invalid('pod updates may not change fields other than y'), true],
    [refusal(422, 'cannot change roleRef'), true],
    [invalid('field is immutable', 'Required value'), false],
    [invalid('Required value'), false],
    [refusal(409, 'field is immutable'), false],
    [new Error('field is immutable'), false],
  ];
  for (const [error, expected] of cases) {
    it(`is ${expected} for ${error.message}`, () => assert.equal(isImmutable(error), expected));
  }
});

describe('failuresError', () => {
  const missing = kindMissing('apps_a_example.com_Widget', 'example.com/v1', 'Widget');
  const terminating: Failure = {
    id: 'apps_b__ConfigMap',
    reason: 'x',
    wait: { reason: 'NamespaceTerminating', after: 30_000 },
  };
  const plain: Failure = { id: 'apps_c__ConfigMap', reason: 'y' };

  it('waits for what comes soonest where everything waits', () => {
    const error = failuresError([terminating, missing]);
    assert.ok(error instanceof WaitingError);
    assert.deepEqual([error.reason, error.retryAfter], ['KindMissing', 5000]);
  });

  it('is a failure where anything else failed, with all of them listed', () => {
    const error = failuresError([missing, plain]);
    assert.ok(error instanceof DeliveryError);
    assert.match(error.message, /^Widget\/apps\/a: the cluster has no kind .*\nConfigMap\/apps\/c: y$/);
  });

  it('is a denial where the account may do none of it', () => {
    const denied: Failure = { ...plain, isForbidden: true };
    const reasons = [
      [denied, denied],
      [denied, plain],
    ].map((failures) => {
      const error = failuresError(failures);
      return error instanceof DeliveryError && error.reason;
    });
    assert.deepEqual(reasons, ['AccessDenied', 'ReconciliationFailed']);
  });

  it('lists at most 50', () => {
    const { message } = failuresError(Array(120).fill(plain), 'PruneFailed');
    assert.equal(message.split('\n').length, 51);
    assert.match(message, /\nand 70 more$/);
  });
});
