import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createNames } from './faulty-names.ts';

// Imported before a program: the name `localhost` leads where the file says, as often as it is asked.

const file = process.env['FAULTY_NAMES'] ?? '';
const real = dns.lookup;
const names = createNames();
let last = '';

const lookup = (
  name: string,
  options: dns.LookupAllOptions,
  callback: Parameters<typeof names.resolve>[2],
) => {
  if (name !== 'localhost') return real(name, options, callback);
  const text = readFileSync(file, 'utf8');
  if (text !== last) names.lead(JSON.parse(text).addresses);
  last = text;
  return names.resolve(name, options, callback);
};
dns.lookup = lookup as typeof dns.lookup;
syncBuiltinESMExports();
