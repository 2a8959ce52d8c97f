import type { LookupAddress } from 'node:dns';
import { isIPv6 } from 'node:net';
import type { Resolve } from '../../src/clients/http/guarded-connector.ts';
import type { Injection } from './source-fault.ts';

/** Names that lead where they are told to, from one lookup to the next. */
export function createNames() {
  let answers: readonly (readonly string[])[] | string | undefined;
  let asked = 0;
  const resolve: Resolve = (_name, _options, callback) => {
    if (typeof answers === 'string') {
      const error = Object.assign(new Error('no such name'), { code: answers });
      process.nextTick(callback, error, []);
      return;
    }
    const found = answers?.[Math.min(asked++, answers.length - 1)] ?? ['127.0.0.1'];
    process.nextTick(callback, null, found.map(toAddress));
  };
  return {
    resolve,
    lead(next: Injection['addresses']) {
      answers = next;
      asked = 0;
    },
  };
}

function toAddress(address: string): LookupAddress {
  return { address, family: isIPv6(address) ? 6 : 4 };
}
