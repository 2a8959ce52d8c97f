import type { Report, ReportOutcome } from '../../../src/status/report.ts';

const AT = new Date('2026-01-02T03:04:05.678Z');
const REVISION = 'main@sha1:0123456789abcdef0123456789abcdef01234567';
const succeeded: ReportOutcome = {
  type: 'succeeded',
  message: '2 resources',
  changes: [],
  revision: REVISION,
};

function report(outcome: ReportOutcome, more: Partial<Report> = {}): Report {
  return { outcome, generation: 1, at: AT, duration: 1, ...more };
}

/** Two elements, of which these are held. */
function holding(...keys: readonly string[]): Partial<Report> {
  const elementStates = ['team-a', 'team-b'].map((key) =>
    keys.includes(key)
      ? ({ key, phase: 'Held', reason: 'InputMissing', message: 'limit has no valid input' } as const)
      : ({ key, phase: 'Ready', reason: 'Reconciled', message: '' } as const),
  );
  return { elementStates };
}

/** Every event that a pass can make: the passes before it, and the pass itself. */
export const REPORTS: readonly { readonly what: string; readonly passes: readonly Report[] }[] = [
  {
    what: 'a delivery',
    passes: [
      report(
        {
          ...succeeded,
          changes: ['ConfigMap/apps/a created', 'ConfigMap/apps/b configured', 'ConfigMap/apps/c deleted'],
        },
        { requestedAt: '2026-01-02T03:04:00Z' },
      ),
    ],
  },
  { what: 'a first pass without changes', passes: [report(succeeded)] },
  {
    what: 'a failure',
    passes: [
      report({
        ...{ type: 'failed', reason: 'ArtifactFailed' },
        message:
          'spec.generators[0].prometheus: GET http://prometheus:9090/api/v1/query: answered 503\nsecond line',
      }),
    ],
  },
  {
    what: 'a recovery',
    passes: [
      report({ type: 'failed', reason: 'ArtifactFailed', message: 'no answer' }),
      report({ ...succeeded, message: '3 resources' }),
    ],
  },
  {
    what: 'a set whose spec is wrong',
    passes: [
      report({ type: 'stalled', reason: 'ValidationFailed', message: 'spec.tune[0].max: is no quantity' }),
    ],
  },
  {
    what: 'a held plan',
    passes: [
      report({
        ...{ type: 'held', digest: 'sha256:aaaa', revision: REVISION },
        hold: { rule: 'maxPrune', message: 'would delete 3 of 10 resources, more than 2' },
      }),
    ],
  },
  { what: 'held elements', passes: [report(succeeded), report(succeeded, holding('team-a'))] },
  {
    what: 'the end of a hold',
    passes: [report(succeeded, holding('team-a', 'team-b')), report(succeeded, holding('team-b'))],
  },
  {
    what: 'held changes',
    passes: [
      report(succeeded),
      report(succeeded, {
        ...holding(),
        heldChanges: {
          ...{ digest: 'sha256:bbbb', message: '1 tuned value would change by more than 50%' },
          changes: [{ element: 'team-a', name: 'limit', value: '64Mi', proposed: '1Gi' }],
        },
      }),
    ],
  },
];
