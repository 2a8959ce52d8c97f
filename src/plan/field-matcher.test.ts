import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatPath, type Path } from '../api/source.ts';
import { createFieldMatcher } from './field-matcher.ts';

describe('createFieldMatcher', () => {
  const path: Path = ['spec', 'list', 0, 'a.b/c', 'name'];
  const cases: [string, boolean][] = [
    ['spec.list[0]["a.b/c"].name', true],
    ["spec.list[0]['a.b/c'].name", true],
    ['spec.list.0.a.b/c.name', true],
    ['.spec.list[0]', true],
    ['spec.list.0', true],
    ['spec', true],
    ['', true],
    ['spec.li', false],
    ['list', false],
    ['spec.list[1]', false],
    ['spec.list[0]["a.b/c"].name.x', false],
  ];
  for (const [field, expected] of cases) {
    it(`${field || 'nothing'} ${expected ? 'is' : 'is not'} a field above`, () =>
      assert.equal(createFieldMatcher(field)(path), expected));
  }

  it('finds every path by the name that is printed of it, and of each part above it', () => {
    const key = fc.oneof(fc.nat({ max: 99 }), fc.stringMatching(/^[\w./$"'\\[\]-]{1,20}$/));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 8 }), fc.nat({ max: 8 }), (parts, length) => {
        assert.ok(createFieldMatcher(formatPath(parts.slice(0, length)))(parts));
      }),
    );
  });

  it('refuses a field that nothing can be called', () => {
    assert.throws(() => createFieldMatcher('x'.repeat(2001)), /at most 2000 characters/);
  });

  it('takes little time for hostile keys', () => {
    const matches = createFieldMatcher('data');
    assert.equal(matches(['data', '["'.repeat(1_000_000)]), true);
  });
});
