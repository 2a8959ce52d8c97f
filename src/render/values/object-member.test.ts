import assert from 'node:assert/strict';
import { Month } from './calendar-names.ts';
import { Duration } from './duration.ts';
import { readMember } from './object-member.ts';
import { ZERO_TIME } from './time.ts';
import { parseVersion } from './version.ts';
import { Location, UTC } from './zone.ts';

const OBJECTS = [ZERO_TIME, new Duration(1n), new Month(1n), new Location(UTC), parseVersion('1.2.3')];

describe('members of values of named types', () => {
  for (const object of OBJECTS) {
    for (const name of [
      'constructor',
      '__proto__',
      'toString',
      'integer',
      'parts',
      'zone2',
      'civil',
      'toJson',
    ]) {
      it(`${object.typeName} has no ${name}, which is JavaScript's or ours`, () => {
        const message = `can't evaluate field ${name} in type ${object.typeName}`;
        assert.throws(() => readMember(object, name, { type: object.typeName }), { message });
      });
    }

    it(`${object.typeName} has String, which prints it`, () => {
      assert.equal(readMember(object, 'String', { type: object.typeName }), String(object));
    });
  }

  it('evaluate no argument when there are too many', () => {
    const evaluate = () => assert.fail('evaluated');
    assert.throws(() => readMember(ZERO_TIME, 'Year', { type: 'time.Time', args: { count: 1, evaluate } }), {
      message: 'wrong number of args for Year: want 0 got 1',
    });
  });

  it('tell of fields that Go hides', () => {
    assert.throws(() => readMember(ZERO_TIME, 'wall', { type: 'time.Time' }), {
      message: 'wall is an unexported field of struct type time.Time',
    });
  });
});
