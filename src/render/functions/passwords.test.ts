import assert from 'node:assert/strict';
import bcryptjs from 'bcryptjs';
import { fixedAmbient } from '../../../test/harness/ambient.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { spendCost, withAmbient } from './ambient.ts';

function render(template: string, data: object = {}): string {
  const program = compileTemplate(template, { name: 't', allowNonDeterministic: true });
  return withAmbient(fixedAmbient(), () => program.render(data));
}

describe('bcrypt and htpasswd', () => {
  it('make hashes that a server accepts for the password and for no other', () => {
    const hash = render('{{ bcrypt "pässword" }}');
    assert.match(hash, /^\$2a\$10\$[./A-Za-z0-9]{53}$/);
    assert.ok(bcryptjs.compareSync('pässword', hash));
    assert.ok(!bcryptjs.compareSync('password', hash));
  });

  it('writes a line of a password file', () => {
    const [user, hash = ''] = render('{{ htpasswd "me" "secret" }}').split(':');
    assert.equal(user, 'me');
    assert.ok(bcryptjs.compareSync('secret', hash));
  });

  const sentences: [template: string, output: string][] = [
    ['{{ htpasswd "a:b" "x" }}', 'invalid username: a:b'],
    [
      '{{ repeat 73 "a" | bcrypt }}',
      'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes',
    ],
  ];
  for (const [template, output] of sentences) {
    it(`answers ${template} with a sentence`, () => assert.equal(render(template), output));
  }

  it('takes 72 bytes', () => {
    assert.ok(bcryptjs.compareSync('a'.repeat(72), render('{{ repeat 72 "a" | bcrypt }}')));
  });

  it('are refused when a render would take long', () => {
    const program = compileTemplate('{{ bcrypt "a" }}{{ derivePassword 1 "pin" "p" "u" "s" }}', {
      name: 't',
      allowNonDeterministic: true,
    });
    const refused =
      /error calling derivePassword: too many .* of a set together may make .* 20 passwords with/;
    withAmbient(fixedAmbient(), () => {
      spendCost(58, () => undefined);
      assert.throws(() => program.render({}), refused);
    });
  });
});

describe('derivePassword', () => {
  it('gives one password for one name, and others for other names, counters and sites', () => {
    const variants = [
      '1 "long" "p" "u" "s"',
      '2 "long" "p" "u" "s"',
      '1 "long" "p" "v" "s"',
      '1 "long" "p" "u" "t"',
    ];
    const passwords = variants.map((variant) => render(`{{ derivePassword ${variant} }}`));
    assert.equal(new Set(passwords).size, variants.length);
    assert.equal(render(`{{ derivePassword ${variants[0]} }}`), passwords[0]);
  }).timeout(10_000);

  it('takes a whole number of the data as its counter, and no other', () => {
    const template = '{{ derivePassword .n "pin" "p" "u" "s" }}';
    assert.equal(render(template, { n: 1 }), render('{{ derivePassword 1 "pin" "p" "u" "s" }}'));
    for (const n of [1.5, -1, 2 ** 32, '1']) {
      assert.throws(() => render(template, { n }), /wrong type for value; expected uint32/);
    }
  }).timeout(10_000);

  it('needs no permission', () => {
    const program = compileTemplate('{{ derivePassword 1 "none" "p" "u" "s" }}', { name: 't' });
    assert.equal(program.render({}), 'cannot find password template none');
  });
});
