import assert from 'node:assert/strict';
import { waitFor } from './cluster-objects.ts';

describe('waitFor', () => {
  it('gives the first answer that is one', async () => {
    const answers = [false, undefined, 0, 1] as const;
    let asked = 0;
    assert.equal(await waitFor('a number', () => answers[asked++]), 0);
    assert.equal(asked, 3);
  });

  it('asks again after an error', async () => {
    let asked = 0;
    const check = async () => {
      if (asked++ === 0) throw new Error('not yet');
      return 'here';
    };
    assert.equal(await waitFor('it', check), 'here');
  });

  it('says what it waited for, and the last error', async () => {
    const check = async () => {
      throw new Error('connection refused');
    };
    await assert.rejects(
      waitFor('the pod', check, 50),
      /^Error: waited 0\.05 s for the pod: connection refused$/,
    );
    await assert.rejects(
      waitFor('the pod', () => false, 50),
      /^Error: waited 0\.05 s for the pod$/,
    );
  });
});
