import assert from 'node:assert/strict';
import { lowerCharacter, titleCharacter, upperCharacter } from './letters.ts';

describe('letters', () => {
  const cases: { letter: string; upper: string; title: string; lower: string }[] = [
    { letter: 'a', upper: 'A', title: 'A', lower: 'a' },
    { letter: 'É', upper: 'É', title: 'É', lower: 'é' },
    { letter: 'ß', upper: 'ß', title: 'ß', lower: 'ß' },
    { letter: 'ﬁ', upper: 'ﬁ', title: 'ﬁ', lower: 'ﬁ' },
    { letter: 'ǆ', upper: 'Ǆ', title: 'ǅ', lower: 'ǆ' },
    { letter: 'ǅ', upper: 'Ǆ', title: 'ǅ', lower: 'ǆ' },
    { letter: 'ᾳ', upper: 'ᾼ', title: 'ᾼ', lower: 'ᾳ' },
    { letter: 'ᾀ', upper: 'ᾈ', title: 'ᾈ', lower: 'ᾀ' },
    { letter: 'ა', upper: 'Ა', title: 'ა', lower: 'ა' },
    { letter: 'İ', upper: 'İ', title: 'İ', lower: 'i' },
    { letter: '1', upper: '1', title: '1', lower: '1' },
    { letter: '😀', upper: '😀', title: '😀', lower: '😀' },
  ];
  for (const { letter, upper, title, lower } of cases) {
    it(`${letter} stays one character in every case`, () => {
      assert.deepEqual(
        [upperCharacter(letter), titleCharacter(letter), lowerCharacter(letter)],
        [upper, title, lower],
      );
    });
  }
});
