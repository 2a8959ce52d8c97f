import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { fixedAmbient } from '../../../test/harness/ambient.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { withAmbient } from './ambient.ts';

function render(template: string, data: object): string {
  const program = compileTemplate(template, { name: 't', allowNonDeterministic: true });
  return withAmbient(fixedAmbient(), () => program.render(data));
}

describe('encryptAES and decryptAES', () => {
  it('give back any text under any password', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (password, plain) => {
        const template = '{{ encryptAES .password .plain | decryptAES .password }}';
        assert.equal(render(template, { password, plain }), plain);
      }),
    );
  });

  it('encrypts so that AES-256-CBC with PKCS#7 padding reads it', () => {
    const bytes = Buffer.from(render('{{ encryptAES "secret" "some text" }}', {}), 'base64');
    const key = Buffer.alloc(32);
    key.write('secret');
    const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16));
    const plain = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]);
    assert.equal(plain.toString(), 'some text');
  });

  it('never uses a vector twice', () => {
    const both = render('{{ encryptAES "a" "b" }} {{ encryptAES "a" "b" }}', {}).split(' ');
    assert.equal(new Set(both).size, 2);
  });

  it('never fails in another way than with a Go error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const data = { text: Buffer.from(bytes).toString('base64') };
        try {
          render('{{ decryptAES "p" .text }}', data);
        } catch (error) {
          assert.match((error as Error).message, /runtime error|not full blocks/);
        }
      }),
    );
  });
});
