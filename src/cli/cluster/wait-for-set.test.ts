import assert from 'node:assert/strict';
import { FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import type { JsonObject } from '../../lib/json.ts';
import { waitForSet } from './wait-for-set.ts';

const NAME = { namespace: 'apps', name: 'teams' };

/** What the server answers, look by look; the last answer stays. */
function serverOf(...answers: JsonObject[]): FakeCollection {
  const server = new FakeCollection();
  let looks = 0;
  server.answer = () => answers[Math.min(looks++, answers.length - 1)];
  return server;
}

const stored = (metadata: JsonObject, spec: JsonObject = {}, status: JsonObject = {}): JsonObject => ({
  ...{ metadata: { ...NAME, uid: 'u', ...metadata }, spec, status },
});

const wait = (client: FakeCollection, signal = AbortSignal.timeout(5000)) =>
  waitForSet(
    { client, program: 'generatorset', signal },
    {
      name: NAME,
      uid: 'u',
      isReached: ({ status }) => status.elements === 2,
      overdue: ({ status }) => `still ${status.elements} elements`,
    },
  );

describe('waitForSet', () => {
  it('looks until the set is as awaited', async () => {
    const server = serverOf(stored({}), stored({}, {}, { elements: 2 }));
    assert.equal((await wait(server)).status.elements, 2);
    assert.equal(server.requests.length, 2);
  });

  const ends: [string, JsonObject, RegExp][] = [
    ['another set has its name', stored({ uid: 'v' }, {}, { elements: 2 }), /made again meanwhile/],
    ['it is being deleted', stored({ deletionTimestamp: 't' }), /teams is being deleted/],
    ['somebody suspends it', stored({}, { suspend: true }), /suspended meanwhile/],
  ];
  for (const [what, object, words] of ends) {
    it(`waits no longer when ${what}`, () => assert.rejects(wait(serverOf(stored({}), object)), words));
  }

  it('waits no longer when the server refuses', async () => {
    const server = serverOf(stored({}));
    server.requestFailures.push(refusal(403));
    await assert.rejects(wait(server), { status: 403 });
  });

  it('says how far it has come when the time is over', async () => {
    const server = serverOf(stored({}, {}, { elements: 1 }));
    await assert.rejects(wait(server, AbortSignal.timeout(100)), {
      name: 'OverdueError',
      message: 'still 1 elements',
    });
  });
});
