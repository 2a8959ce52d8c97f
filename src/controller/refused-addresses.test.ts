import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { refuseAddress } from '../lib/network-address.ts';
import { refusedAddresses } from './refused-addresses.ts';

const interfaces = Object.fromEntries(
  Object.entries({ lo: ['127.0.0.1', '::1'], eth0: ['10.244.0.7', 'fd00:10:244::7', 'fe80::7'] }).map(
    ([name, addresses]) => [name, addresses.map((address) => ({ address }) as NetworkInterfaceInfo)],
  ),
);

describe('refusedAddresses', () => {
  const cases: [string, boolean][] = [
    ['10.96.0.1', true],
    ['::ffff:10.96.0.1', true],
    ['::ffff:a60:1', true],
    ['10.244.0.7', true],
    ['::ffff:10.244.0.7', true],
    ['fd00:10:244::7', true],
    ['fd00:0010:0244:0:0:0:0:7', true],
    ['10.96.0.2', false],
    ['10.244.0.8', false],
    ['fd00:10:244::8', false],
  ];
  for (const [address, isRefused] of cases) {
    it(`${isRefused ? 'refuse' : 'let through'} ${address}`, () => {
      const refused = refusedAddresses({ allowLoopback: false, apiServer: '10.96.0.1', interfaces });
      const expected = isRefused ? 'an address of the cluster itself' : undefined;
      assert.equal(refuseAddress(address, { allowLoopback: false, refused }), expected);
    });
  }

  it('are the API server alone where this machine may be asked', () => {
    assert.deepEqual(refusedAddresses({ allowLoopback: true, apiServer: '10.96.0.1', interfaces }), [
      '10.96.0.1',
    ]);
    assert.deepEqual(refusedAddresses({ allowLoopback: true, interfaces }), []);
  });
});
