import assert from 'node:assert/strict';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import { compileTemplate } from '../compile-template.ts';

/** What a path may lead to: texts, things that are true or not, lists, and things that `with` enters. */
type Context = 'root' | 'person' | 'home' | 'tag';

/** Paths of each context by what they lead to. */
const PATHS: Readonly<
  Record<Context, Readonly<Record<'texts' | 'tests' | 'loops' | 'maps', readonly string[]>>>
> = {
  root: {
    texts: [
      'heading',
      'this.heading',
      './note',
      '[odd key]',
      '@root.note',
      'home.city',
      'people.[1].name',
      'tags.[0]',
    ],
    tests: ['yes', 'no', 'blank', 'heading', 'tags', 'nobody', 'home', 'people.[0].tags'],
    loops: ['people', 'people', 'tags', 'nobody', 'this.tags'],
    maps: ['home', 'this.home', 'people.[0].home', 'nobody', 'blank'],
  },
  person: {
    texts: ['name', 'this.name', './name', 'home.city', '@root.heading', '../heading', '../home.city'],
    tests: ['active', 'name', 'tags', '../yes', '../no', '@root.blank'],
    loops: ['tags', 'this.tags', '../nobody'],
    maps: ['home', 'this.home'],
  },
  home: {
    texts: ['city', 'this.city', '../heading', '../home.city', '@root.note'],
    tests: ['city', '../yes', '../blank', '@root.no'],
    loops: ['@root.nobody', '@root.people'],
    maps: ['@root.nobody'],
  },
  tag: {
    texts: ['this', '.', '@root.heading'],
    tests: ['this', '@root.yes', '@root.no'],
    loops: ['@root.nobody'],
    maps: ['@root.blank'],
  },
};

const TEXTS = [
  '',
  ' ',
  '\n',
  '  \n',
  'a',
  'a\n',
  '\n\n',
  ' b ',
  '\r\n',
  '\t',
  ' }',
  '"<&>',
  ' - ',
  '\\{{esc}} ',
  'é: ',
  '\u2028',
];
const COMMENTS = ['{{! note }}', '{{!-- {{x}} --}}', '{{~! note ~}}'];

/** Hands out decisions that fast-check has made; when they run out, always the first choice. */
class Choices {
  #at = 0;
  readonly #numbers: readonly number[];

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  pick<T>(items: readonly T[]): T {
    return items[(this.#numbers[this.#at++] ?? 0) % items.length] as T;
  }

  tag(inner: string): string {
    return `{{${this.pick(['', '', '', '~'])}${inner}${this.pick(['', '', '', '~'])}}}`;
  }
}

/** Where a template is being written: the context, whether `../` leads to the root, and whether a loop is around. */
interface Place {
  readonly context: Context;
  readonly isBelowRoot: boolean;
  readonly isLoop: boolean;
  readonly depth: number;
}

function writeProgram(choices: Choices, place: Place): string {
  const count = choices.pick([0, 1, 2, 3, 4]);
  let text = choices.pick(TEXTS);
  for (let i = 0; i < count; i++) text += writeStatement(choices, place) + choices.pick(TEXTS);
  return text;
}

function writeStatement(choices: Choices, place: Place): string {
  const leaf = ['path', 'path', 'loop', 'comment'];
  const kind = choices.pick(
    place.depth > 3 ? leaf : [...leaf, 'if', 'unless', 'chain', 'each', 'each', 'with', 'section'],
  );
  switch (kind) {
    case 'path':
      return choices.tag(pathOf(choices, place, 'texts'));
    case 'loop':
      // Handlebars adds numbers that stand side by side.
      return place.isLoop ? `:${choices.tag(choices.pick(['@index', '@key', '@first', '@last']))}` : '-';
    case 'comment':
      return choices.pick(COMMENTS);
    case 'chain':
      return writeChain(choices, place);
    default:
      return writeBlock(choices, place, kind);
  }
}

function writeChain(choices: Choices, place: Place): string {
  const inner = { ...place, depth: place.depth + 1 };
  const test = () => pathOf(choices, place, 'tests');
  const body = () => writeProgram(choices, inner);
  const first = `${choices.tag(`#if ${test()}`)}${body()}${choices.tag(`else if ${test()}`)}${body()}`;
  return `${first}${choices.tag('else')}${body()}${choices.tag('/if')}`;
}

function writeBlock(choices: Choices, place: Place, kind: string): string {
  const paths = { if: 'tests', unless: 'tests', each: 'loops', with: 'maps', section: 'loops' } as const;
  const path = pathOf(choices, place, paths[kind as keyof typeof paths]);
  const [open, close] = kind === 'section' ? [path, path] : [`${kind} ${path}`, kind];
  const sign = kind === 'section' ? '#' : choices.pick(['#', '#', '#', '^']);
  const yes = writeProgram(choices, innerPlace(place, kind, path));
  const no = writeProgram(choices, { ...place, depth: place.depth + 1 });
  const end = choices.tag(`/${close}`);
  if (sign === '^') return `${choices.tag(`^${open}`)}${no}${end}`;
  const hasElse = choices.pick([false, true]);
  return `${choices.tag(`#${open}`)}${yes}${hasElse ? choices.tag(choices.pick(['else', '^'])) + no : ''}${end}`;
}

function innerPlace(place: Place, kind: string, path: string): Place {
  const depth = place.depth + 1;
  if (kind === 'if' || kind === 'unless') return { ...place, depth };
  const context = /people$/.test(path) ? 'person' : /tags$/.test(path) ? 'tag' : 'home';
  // A plain section has no position of its own, and hides that of the loop around it.
  const isLoop = kind === 'each' || (kind === 'with' && place.isLoop);
  return { context, isBelowRoot: place.context === 'root', isLoop, depth };
}

function pathOf(choices: Choices, place: Place, kind: 'texts' | 'tests' | 'loops' | 'maps'): string {
  const paths = PATHS[place.context][kind];
  const path = choices.pick(paths);
  if (!path.startsWith('../') || place.isBelowRoot) return path;
  return paths.find((other) => !other.startsWith('../')) ?? '@root.heading';
}

const word = fc.string({ maxLength: 6 });

const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { noNullPrototype: true });

const data = record({
  heading: word,
  note: word,
  'odd key': word,
  home: record({ city: word }),
  people: fc.array(
    record({
      name: word,
      active: fc.boolean(),
      home: record({ city: word }),
      tags: fc.uniqueArray(word, { maxLength: 3 }),
    }),
    { minLength: 2, maxLength: 3 },
  ),
  tags: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
});

const FIXED = { yes: true, no: false, blank: '', nobody: [] };

describe('templates that both Handlebars and this dialect understand', () => {
  it('render alike', function () {
    this.timeout(60_000);
    let written = 0;
    const root: Place = { context: 'root', isBelowRoot: false, isLoop: false, depth: 0 };
    const numbers = fc.array(fc.nat(999), { minLength: 10, maxLength: 120 });
    fc.assert(
      fc.property(numbers, data, (decisions, values) => {
        const template = writeProgram(new Choices(decisions), root);
        const all = { ...values, ...FIXED };
        const expected = Handlebars.create().compile(template, { noEscape: true })(all);
        const program = compileTemplate(template, { name: 't', dialect: 'handlebars' });
        assert.equal(program.render(all), expected, template);
        written += template.includes('{{') ? 1 : 0;
      }),
      { numRuns: 1000 },
    );
    assert.ok(written > 300, `only ${written} templates had anything to do`);
  });
});

/** A block, a value, what Handlebars runs of it, and what runs here; undefined is an error. */
const DIFFERENCES: readonly (readonly [block: string, value: unknown, stock: string, ours?: string])[] = [
  ['#e', '', 'yes', 'no'],
  ['#e', 0, 'yes', 'no'],
  ['#e', {}, 'yes', 'no'],
  ['#if e', {}, 'yes', 'no'],
  ['#with e', 0, 'yes', 'no'],
  ['#with e', {}, 'yes', 'no'],
  ['#each e', 2, 'no', 'yesyes'],
  ['#each e', 'ab', 'no'],
  ['#each e', '', 'no'],
  ['#each e', true, 'no'],
  ['#each e', false, 'no'],
];

describe('values that Handlebars takes for true or false', () => {
  const values = [false, null, '', 0, [], {}, true, 'ab', 2, ['a'], { a: 1 }];
  for (const block of ['#e', '#if e', '#unless e', '#with e', '#each e']) {
    for (const value of values) {
      const same = (known: (typeof DIFFERENCES)[number]) =>
        (known[0] === block || (block === '#unless e' && known[0] === '#if e')) &&
        JSON.stringify(known[1]) === JSON.stringify(value);
      const difference = DIFFERENCES.find(same);
      it(`${JSON.stringify(value)} of {{${block}}} is ${difference ? 'told apart' : 'the same here'}`, () => {
        const name = /\w+/.exec(block)?.[0] ?? '';
        const template = `{{${block}}}yes{{else}}no{{/${name}}}`;
        const stock = Handlebars.create().compile(template)({ e: value });
        const ours = () =>
          compileTemplate(template, { name: 't', dialect: 'handlebars' }).render({ e: value });
        if (!difference) return assert.equal(ours(), stock);
        const isInverted = block === '#unless e';
        const expected = difference.slice(2).map((text) => (isInverted ? invert(String(text)) : text));
        assert.equal(stock, expected[0]);
        if (expected[1] === undefined) return assert.throws(ours, /can't iterate over/);
        assert.equal(ours(), expected[1]);
      });
    }
  }
});

function invert(text: string): string {
  return text === 'yes' ? 'no' : 'yes';
}
