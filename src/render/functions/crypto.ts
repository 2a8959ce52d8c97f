import type { NumberMode } from '../values/value.ts';
import { aesFunctions } from './aes.ts';
import type { FunctionDef } from './function-def.ts';
import { passwordFunctions } from './passwords.ts';
import { randomFunctions } from './random.ts';
import { certificateFunctions } from './x509/certificates.ts';

/** Sprig's randomness, passwords, encryption, keys and certificates. */
export function cryptoFunctions(mode: NumberMode): FunctionDef[] {
  return [...randomFunctions(), ...passwordFunctions(), ...aesFunctions(), ...certificateFunctions(mode)];
}
