import { parseVersion } from '../values/version.ts';
import { parseConstraint, satisfies } from '../values/version-constraint.ts';
import { type FunctionDef, fn } from './function-def.ts';

/** Sprig's functions on versions, by the rules of Go's semver package. */
export function semverFunctions(): FunctionDef[] {
  return [
    fn('semver', '(string) -> any', parseVersion),
    fn('semverCompare', '(string, string) -> bool', (constraint: string, version: string) => {
      const parsed = parseConstraint(constraint);
      return satisfies(parseVersion(version), parsed);
    }),
  ];
}
