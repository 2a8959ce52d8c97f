import assert from 'node:assert/strict';
import { approvalOf } from './approval-of.ts';

describe('approvalOf', () => {
  it('is the digest of the plan', () => assert.equal(approvalOf({ changes: [], digest: 'P' }), 'P'));

  it('holds what was approved already', () =>
    assert.equal(approvalOf({ changes: [], digest: 'P', released: ['C'] }), 'C,P'));
});
