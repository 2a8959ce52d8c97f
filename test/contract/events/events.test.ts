import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { GeneratorSetStatus } from '../../../src/api/status.ts';
import { createJsonPoster, type JsonPoster } from '../../../src/clients/http/post-json.ts';
import { stringifyJson } from '../../../src/lib/json.ts';
import { eventsFor, type SetEvent } from '../../../src/status/events-for.ts';
import { nextStatus } from '../../../src/status/next-status.ts';
import { toNotification } from '../../../src/status/notification.ts';
import type { Report } from '../../../src/status/report.ts';
import type { SetMetadata } from '../../../src/status/set-identity.ts';
import {
  createEventCheck,
  type NotificationReceiver,
  startNotificationReceiver,
} from './notification-receiver.ts';
import { REPORTS } from './reports.ts';

const { signal } = new AbortController();
const AT = new Date('2026-01-02T03:04:05.678Z');
const REPORTER = {
  reportingController: 'generatorset-controller',
  reportingInstance: 'generatorset-controller-0',
};
const SET: SetMetadata = {
  ...{
    namespace: 'apps',
    name: 'limits',
    uid: '7f1d2c3b',
    resourceVersion: '42',
    generation: 1,
    isDeleting: false,
  },
  annotations: {
    'event.toolkit.fluxcd.io/cluster': 'production',
    'event.toolkit.fluxcd.io/change_request': '17',
    'kubectl.kubernetes.io/last-applied-configuration': '{}',
  },
};

/** What is sent for an event of the set. */
function notify(event: SetEvent, set = SET): Record<string, unknown> {
  return JSON.parse(stringifyJson(toNotification({ set, event, at: AT }, REPORTER))) as Record<
    string,
    unknown
  >;
}

/** The events of the last of several passes. */
function eventsOfLast(passes: readonly Report[]): SetEvent[] {
  const status = passes
    .slice(0, -1)
    .reduce<GeneratorSetStatus | undefined>((known, report) => nextStatus(known, report), undefined);
  return eventsFor(status, passes.at(-1) as Report);
}

describe('the events that notification-controller gets', () => {
  let receiver: NotificationReceiver;
  let poster: JsonPoster;
  let check: (event: unknown) => string[];
  before(async () => {
    check = await createEventCheck();
  });
  beforeEach(async () => {
    receiver = await startNotificationReceiver();
    const clock = { now: () => 0, random: () => 0, sleep: async () => {} };
    poster = createJsonPoster(receiver.origin, { userAgent: 'generatorset/test', clock });
  });
  afterEach(() => Promise.all([poster.close(), receiver.close()]));

  const orphaned: SetEvent = {
    ...{ severity: 'error', reason: 'Orphaned' },
    message: 'resources were left as they are: the service account apps/deployer does not exist',
  };

  it('are those that are recorded, each as the contract has it', async () => {
    const events = REPORTS.flatMap(({ what, passes }) =>
      eventsOfLast(passes).map((event) => ({ what, event: notify(event) })),
    );
    const all = [...events, { what: 'resources that are left', event: notify(orphaned) }];
    for (const { what, event } of all) assert.deepEqual(check(event), [], what);
    assert.deepEqual(all, JSON.parse(await readFile(`${import.meta.dirname}/recorded.json`, 'utf8')));
    for (const { event } of all) await poster.post(JSON.stringify(event), signal);
    assert.deepEqual(
      receiver.answers,
      all.map(() => 202),
    );
    assert.deepEqual(
      receiver.events,
      all.map(({ event }) => event),
    );
  });

  it('come one for each kind of news', () => {
    for (const { what, passes } of REPORTS) assert.equal(eventsOfLast(passes).length, 1, what);
  });

  it('are within its limits, whatever a set says of itself', () => {
    const annotations = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [
        `event.toolkit.fluxcd.io/a${index}`,
        '\u0000"🙂'.repeat(2000),
      ]),
    );
    const message = Array.from({ length: 5000 }, () => '\u001b[31m"🙂\\'.repeat(50)).join('\n');
    const event = notify({ ...orphaned, message }, { ...SET, annotations });
    assert.deepEqual(check(event), []);
    assert.ok(Buffer.byteLength(JSON.stringify(event)) < 3 * 1024 * 1024);
  });

  const answers: [name: string, planned: number[], tries: number, error: RegExp | undefined][] = [
    ['accepts', [202], 1, undefined],
    ['has had it lately', [429], 1, undefined],
    ['refuses', [400], 1, /answered 400$/],
    ['finds it too large', [413], 1, /answered 413$/],
    ['is down for a moment', [503, 202], 2, undefined],
    ['stays down', [500, 500, 500], 3, /answered 500$/],
  ];
  for (const [name, planned, tries, error] of answers) {
    it(`are sent ${tries === 1 ? 'once' : `${tries} times`} to a receiver that ${name}`, async () => {
      receiver.planned.push(...planned);
      const sent = poster.post(JSON.stringify(notify(orphaned)), signal);
      if (error) await assert.rejects(sent, error);
      else await sent;
      assert.deepEqual(receiver.answers, planned);
      assert.equal(receiver.answers.length, tries);
    });
  }

  it('are not sent twice by a receiver that knows them: it says so, and that is well', async () => {
    const body = JSON.stringify(notify(orphaned));
    for (let n = 0; n < 2; n++) await poster.post(body, signal);
    assert.deepEqual([receiver.answers, receiver.events.length], [[202, 429], 1]);
  });

  it('break the contract where a field is missing, too long or nobody’s', () => {
    const good = notify(orphaned);
    const bad: Record<string, unknown>[] = [
      { ...good, message: 'x'.repeat(39_001) },
      { ...good, severity: 'trace' },
      { ...good, reason: undefined },
      { ...good, extra: 1 },
      { ...good, metadata: { revision: 'without the group' } },
      { ...good, metadata: { 'generatorset.dev/token': 1 } },
    ];
    for (const event of bad)
      assert.notDeepEqual(check(JSON.parse(JSON.stringify(event))), [], JSON.stringify(event).slice(0, 200));
  });
});
