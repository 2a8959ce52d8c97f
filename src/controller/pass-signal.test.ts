import assert from 'node:assert/strict';
import { createPassSignal, SetLeftError } from './pass-signal.ts';

describe('createPassSignal', () => {
  const cases = [
    { what: 'before anything is done', steps: [], aborts: true },
    { what: 'while it is generated', steps: ['generate'], aborts: true },
    { what: 'while it is planned', steps: ['generate', 'render', 'plan'], aborts: true },
    { what: 'while it is delivered', steps: ['generate', 'render', 'plan', 'deliver'], aborts: false },
    { what: 'while it becomes ready', steps: ['plan', 'deliver', 'settle'], aborts: true },
  ] as const;
  for (const { what, steps, aborts } of cases) {
    it(`${aborts ? 'aborts' : 'does not abort'} when the set leaves ${what}, and lets no step follow`, () => {
      const leaving = new AbortController();
      const pass = createPassSignal(new AbortController().signal, leaving.signal);
      for (const step of steps) pass.onStep(step);
      leaving.abort();
      assert.equal(pass.signal.aborted, aborts);
      if (aborts) assert.ok(pass.signal.reason instanceof SetLeftError);
      assert.throws(() => pass.onStep('settle'), SetLeftError);
    });
  }

  it('aborts at once with a set that has left already', () => {
    assert.ok(createPassSignal(new AbortController().signal, AbortSignal.abort()).signal.aborted);
  });

  it('aborts with the worker at any step, and for its reason', () => {
    const worker = new AbortController();
    const pass = createPassSignal(worker.signal, new AbortController().signal);
    pass.onStep('deliver');
    worker.abort(new Error('the end'));
    assert.equal(pass.signal.reason.message, 'the end');
  });

  it('follows nobody any more once it is released', () => {
    const leaving = new AbortController();
    const pass = createPassSignal(new AbortController().signal, leaving.signal);
    pass.release();
    leaving.abort();
    assert.ok(!pass.signal.aborted);
  });
});
