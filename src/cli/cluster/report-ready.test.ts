import assert from 'node:assert/strict';
import type { JsonObject } from '../../lib/json.ts';
import { createPrinter } from '../printer.ts';
import { reportReady } from './report-ready.ts';
import { viewSet } from './set-view.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const HELD = { digest: DIGEST, rule: 'maxChange', message: 'm; to deliver it' };
const CHANGE = { element: 'a', name: 'n', value: '1', proposed: '9' };

/** What is said of a set with this status. */
function report(ready: JsonObject, status: JsonObject = {}): string {
  const written = { text: '' };
  const stderr = {
    write(text: string) {
      written.text += text;
    },
  };
  const printer = createPrinter({
    stderr,
    errorColors: { green: String, yellow: String, red: String } as never,
  });
  const condition = { type: 'Ready', reason: 'R', lastTransitionTime: 't', ...ready };
  const metadata = { namespace: 'apps', name: 'teams', uid: 'u' };
  const view = viewSet({ metadata, status: { ...status, conditions: [condition] } });
  const options = { namespace: 'apps', timeout: 1, token: 'hush', as: 'jane' };
  reportReady({ printer, program: 'flux generatorset' }, view, options);
  return written.text;
}

describe('reportReady', () => {
  const approve = `► to approve it: flux generatorset reconcile teams --namespace apps --approve ${DIGEST} --as jane\n`;

  it('says what is delivered', () => {
    const said = report({ status: 'True', message: '2 resources' }, { lastAppliedRevision: 'main@sha1:1' });
    assert.equal(said, '✔ 2 resources; revision main@sha1:1\n');
  });

  it('says that a plan is held, and how to approve it as the same person without a secret', () => {
    const said = report({ status: 'True', message: 'would delete' }, { held: { ...HELD, rule: 'onEmpty' } });
    assert.equal(said, `⚠️ held (onEmpty): m; to deliver it\n${approve}`);
  });

  it('says what is delivered beside held changes', () => {
    const said = report({ status: 'True', message: '2 resources' }, { held: { ...HELD, changes: [CHANGE] } });
    assert.equal(said, `✔ 2 resources\n⚠️ held (maxChange): m; to deliver it\n${approve}`);
  });

  it('throws the reason of a failure', () => {
    assert.throws(() => report({ status: 'False', message: 'no route' }), {
      message: 'the pass over GeneratorSet teams failed: no route',
    });
  });
});
