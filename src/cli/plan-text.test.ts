import assert from 'node:assert/strict';
import picocolors from 'picocolors';
import { deliveredBefore } from '../../test/harness/plan.ts';
import { loadedSet } from '../../test/harness/sets.ts';
import type { Decision } from '../api/decision.ts';
import type { ElementState } from '../api/element-state.ts';
import type { Change, Evidence } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanReport } from './plan-report.ts';
import { formatPlan } from './plan-text.ts';

const DECISION: Decision = {
  element: 'web',
  name: 'limit',
  value: '448Mi',
  since: '2026-01-05T06:00:00Z',
  rule: 'DecreaseLimited',
  input: '1000',
  previous: '592Mi',
};

function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    field: 'spec.limit',
    before: '592Mi',
    after: '448Mi',
    template: 0,
    element: 'web',
    generator: 0,
    generatorName: 'prometheus',
    reads: [],
    decisions: [],
    ...more,
  };
}

function change(action: Change['action'], more: Partial<Change> = {}): Change {
  return { id: 'shop_web__ConfigMap', path: 'web.yaml', evidence: [], action, ...more };
}

interface Parts {
  readonly plan?: Partial<Plan>;
  readonly changes?: readonly Change[];
  readonly elements?: readonly ElementState[];
  readonly decisions?: readonly Decision[];
  readonly before?: readonly Decision[];
  readonly suspend?: boolean;
}

function show({
  plan,
  changes = [],
  elements = [],
  decisions = [],
  before = [],
  suspend = false,
}: Parts): string {
  const report: PlanReport = {
    loaded: loadedSet('web', { suspend }),
    target: 'main of fleet',
    plan: { changes, digest: 'D', ...plan },
    isReal: changes.length > 0,
    rendered: { resources: [], held: [], elements, decisions },
    desired: [],
    previous: deliveredBefore([], { decisions: before }),
  };
  const commandFor = (digest?: string): string => `run ${digest ?? ''}`.trim();
  const previewFor = (digest: string): string => `plan ${digest}`;
  return formatPlan(report, { colors: picocolors.createColors(false), commandFor, previewFor });
}

describe('a plan as people read it', () => {
  const shown: [name: string, parts: Parts, lines: string][] = [
    [
      'shows a value with the decision behind it',
      { changes: [change('configured', { evidence: [evidence({ decisions: [DECISION] })] })] },
      '      spec.limit: 592Mi -> 448Mi\n          limit 448Mi: DecreaseLimited from 1000, before 592Mi\n',
    ],
    [
      'says why a decision is not what its input says',
      {
        changes: [
          change('configured', {
            evidence: [evidence({ decisions: [{ ...DECISION, reason: 'Cooldown' }] })],
          }),
        ],
      },
      'limit 448Mi: DecreaseLimited from 1000, before 592Mi; held: Cooldown\n',
    ],
    [
      'of the decisions that a text read, shows those that the line holds',
      {
        changes: [
          change('configured', {
            evidence: [evidence({ decisions: [DECISION, { ...DECISION, name: 'request', value: '99Mi' }] })],
          }),
        ],
      },
      'limit 448Mi: DecreaseLimited from 1000, before 592Mi\n\n',
    ],
    [
      'shows what a leaf read where nothing was decided, and how much more',
      {
        changes: [
          change('configured', {
            evidence: [
              evidence({
                reads: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ path: `.Element.${name}`, value: name })),
              }),
            ],
          }),
        ],
      },
      '          .Element.a = "a"\n          .Element.b = "b"\n          .Element.c = "c"\n          and 2 more\n',
    ],
    [
      'does not write out texts of many lines',
      { changes: [change('configured', { evidence: [evidence({ after: 'a\nb\nc\n' })] })] },
      'spec.limit: 592Mi -> (3 lines)\n',
    ],
    [
      'shows a value that goes',
      {
        changes: [
          change('configured', { evidence: [{ ...evidence(), after: undefined } as unknown as Evidence] }),
        ],
      },
      'spec.limit: 592Mi -> (none)\n',
    ],
    [
      'says why a resource is left',
      { changes: [change('skipped', { reason: 'element web is held: InputMissing', isKept: true })] },
      '  ! shop_web__ConfigMap  left as it is: element web is held: InputMissing\n      file web.yaml\n',
    ],
    [
      'names no file where there is none',
      { changes: [change('deleted', { path: 'shop_web__ConfigMap' })] },
      '  - shop_web__ConfigMap  deleted\n\n',
    ],
    [
      'shows a tuned value old -> new',
      { decisions: [DECISION], before: [{ ...DECISION, value: '592Mi' }] },
      '    web       limit   592Mi -> 448Mi   DecreaseLimited   1000   2026-01-05T06:00:00Z\n',
    ],
    [
      'says that a suspended set is left alone',
      { changes: [change('created')], suspend: true },
      '  the set is suspended: no pass is made over it\n',
    ],
    [
      'says how a held plan is approved',
      { changes: [change('deleted')], plan: { held: { rule: 'onEmpty', message: 'would delete all' } } },
      '  held by spec.guard.onEmpty: would delete all\n  Nothing of it is delivered until exactly this plan is approved:\n    run D\n',
    ],
    [
      'says how held changes come to a plan that is held, too',
      {
        plan: {
          held: { rule: 'maxPrune', message: 'would delete' },
          heldChanges: { digest: 'C', message: 'would change', changes: [] },
        },
      },
      'with the command that approves it:\n    plan C\n',
    ],
    ['says that there is nothing to do', {}, '  no resources; digest D\n  Nothing is to be done.\n'],
  ];
  for (const [name, parts, lines] of shown) {
    it(name, () => {
      const text = show(parts);
      assert.ok(`${text}\n`.includes(lines), text);
    });
  }

  it('counts unchanged resources and does not list them', () => {
    const text = show({
      changes: [change('unchanged'), change('unchanged'), change('created', { path: 'new.yaml' })],
    });
    assert.match(text, /1 created, 2 unchanged/);
    assert.doesNotMatch(text, /web\.yaml/);
  });

  it('lists elements with something to tell, and at most a hundred', () => {
    const elements = Array.from({ length: 150 }, (_, index): ElementState => {
      const isHeld = index % 5 > 0;
      return isHeld
        ? { key: `e${index}`, phase: 'Held', reason: 'InputMissing', message: 'no input' }
        : { key: `e${index}`, phase: 'Ready', reason: 'Reconciled', message: '' };
    });
    const text = show({ elements });
    assert.match(text, /150 elements, 120 held/);
    assert.equal(text.match(/InputMissing/g)?.length, 100);
    assert.match(text, /\.\.\. and 20 more: see them with -o json/);
    assert.doesNotMatch(text, /Reconciled/);
  });

  it('lets nothing from outside write to the terminal or begin a line', () => {
    const evil = 'x\u001b[2J\n  forged';
    const text = show({
      changes: [
        change('configured', {
          path: evil,
          reason: evil,
          evidence: [evidence({ field: evil, before: evil })],
        }),
      ],
      elements: [{ key: evil, phase: 'Held', reason: 'RenderFailed', message: evil }],
      decisions: [{ ...DECISION, element: evil, input: evil }],
    });
    assert.doesNotMatch(text, /\u001b|^ +forged/m);
  });
});
