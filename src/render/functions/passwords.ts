import { createHmac, scryptSync } from 'node:crypto';
import bcryptjs from 'bcryptjs';
import { ambientBytes, spendCost } from './ambient.ts';
import { type FunctionDef, fn, nonDeterministic } from './function-def.ts';

/** Units of 100 ms: a hash of bcrypt takes about 115 ms, and one of scrypt 230 ms. */
const BCRYPT_COST = 1;
const SCRYPT_COST = 3;

const BCRYPT_ROUNDS = 10;
const BCRYPT_SALT = 16;
/** Bytes of a password that bcrypt looks at. */
const BCRYPT_LIMIT = 72;

const SEED = 'com.lyndir.masterpassword';
const SCRYPT = { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 };
const SCRYPT_SIZE = 64;

/** The shapes of derived passwords: each letter stands for a class of characters. */
const SHAPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  ['long', longShapes()],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
]);

const UPPER_VOWELS = 'AEIOU';
const UPPER_CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ';
const VOWELS = 'aeiou';
const CONSONANTS = 'bcdfghjklmnpqrstvwxyz';
const LETTERS = UPPER_VOWELS + VOWELS + UPPER_CONSONANTS + CONSONANTS;

const CLASSES: Readonly<Record<string, string>> = {
  V: UPPER_VOWELS,
  C: UPPER_CONSONANTS,
  v: VOWELS,
  c: CONSONANTS,
  A: UPPER_VOWELS + UPPER_CONSONANTS,
  a: LETTERS,
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${LETTERS}0123456789!@#$%^&*()`,
};

/** Sprig's passwords: hashes for a server to check, and those derived from a master password. */
export function passwordFunctions(): FunctionDef[] {
  return [
    ...nonDeterministic([
      fn('bcrypt', '(string) -> string', bcrypt),
      fn('htpasswd', '(string, string) -> string', (user: string, password: string) =>
        user.includes(':') ? `invalid username: ${user}` : `${user}:${bcrypt(password)}`,
      ),
    ]),
    fn('derivePassword', '(uint32, string, string, string, string) -> string', derivePassword),
  ];
}

/** The bcrypt hash at Go's default cost; as in Sprig, a password that is too long gives a sentence instead. */
function bcrypt(password: string): string {
  if (Buffer.byteLength(password) > BCRYPT_LIMIT) {
    return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${BCRYPT_LIMIT} bytes`;
  }
  const salt = bcryptjs.encodeBase64(ambientBytes(BCRYPT_SALT), BCRYPT_SALT);
  return spendCost(BCRYPT_COST, () => bcryptjs.hashSync(password, `$2a$${BCRYPT_ROUNDS}$${salt}`));
}

/** A password for a site by the Master Password algorithm, version 3, as Sprig has it. */
function derivePassword(...[counter, type, password, user, site]: [number, string, string, string, string]) {
  const shapes = SHAPES.get(type);
  if (shapes === undefined) return `cannot find password template ${type}`;
  const salt = Buffer.concat(scope(user));
  const key = spendCost(SCRYPT_COST, () => scryptSync(password, salt, SCRYPT_SIZE, SCRYPT));
  const message = Buffer.concat([...scope(site), uint32(counter)]);
  const seed = createHmac('sha256', key).update(message).digest();
  const shape = shapes[(seed[0] as number) % shapes.length] as string;
  const characters = [...shape].map((letter, i) => {
    const choices = CLASSES[letter] as string;
    return choices[(seed[i + 1] as number) % choices.length];
  });
  return characters.join('');
}

/** What keeps the same name of a user and of a site apart from other uses: seed, byte length, name. */
function scope(name: string): Buffer[] {
  return [Buffer.from(SEED), uint32(Buffer.byteLength(name)), Buffer.from(name)];
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

/** Three groups that end in a vowel or a consonant, and `no` behind one of them. */
function longShapes(): string[] {
  return ['vvv', 'cvv', 'vcv', 'vvc', 'ccv', 'vcc', 'cvc'].flatMap((ends) => {
    const groups = [...ends].map((end) => `Cvc${end}`);
    return groups.map((_, i) => groups.map((group, j) => (i === j ? `${group}no` : group)).join(''));
  });
}
