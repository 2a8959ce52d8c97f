import type { Operand, Variable } from '../tree.ts';
import type { NativePath } from './native-tree.ts';
import { findContext, findLoop, findName, type LoopSlots, type Scope, type Slot } from './scope.ts';
import { failAt, quoteSpan } from './template-source.ts';
import { type Translation, useSlot } from './translation.ts';

/** Names of blocks. */
export const BLOCKS: ReadonlySet<string> = new Set(['if', 'unless', 'with', 'each']);

const LOOP_NAMES: ReadonlySet<string> = new Set(['index', 'key', 'first', 'last']);

/** Parts of one path, and characters of one part. */
const MAX_PARTS = 100;
const MAX_PART_LENGTH = 1000;

/** Translates a path: of the context, of an outer one, of a block parameter, or of `@root` and kin. */
export function translatePath(translation: Translation, scope: Scope, path: NativePath): Operand {
  const { source } = translation;
  const { pos } = path.loc;
  const isLong = path.parts.length > MAX_PARTS || path.parts.some((part) => part.length > MAX_PART_LENGTH);
  if (isLong) failAt(source, pos, `${quoteSpan(source, path.loc)} is too long for a path`);
  if (path.data) return translateDataPath(translation, scope, path);
  if (path.depth > 0) {
    const slot = findContext(scope, path.depth);
    if (!slot) return failAt(source, pos, `${quoteSpan(source, path.loc)} leads out of the template`);
    return slotOperand(translation, slot, path);
  }
  const slot = isScoped(translation, path) ? undefined : findName(scope, path.parts[0] ?? '');
  if (slot) return slotOperand(translation, slot, { ...path, parts: path.parts.slice(1) });
  const written = quoteSpan(source, path.loc);
  if (path.parts.length === 0) return { type: 'dot', pos, written };
  return { type: 'field', pos, names: path.parts, written };
}

/** Whether a path is one word that may name a function: neither `this.x` nor a block parameter. */
export function isPlainName(translation: Translation, scope: Scope, path: NativePath): boolean {
  if (path.data || path.depth > 0 || path.parts.length !== 1) return false;
  return !isScoped(translation, path) && findName(scope, path.parts[0] as string) === undefined;
}

/** Whether a path says that it means a key: `this.x`, `./x`, `[x]`. */
function isScoped({ source: { text } }: Translation, { loc: { pos } }: NativePath): boolean {
  const first = text[pos];
  return first === '.' || first === '[' || /^this[./]/.test(text.slice(pos, pos + 5));
}

/** A path that begins with `@`: the data, or where a loop is. The list of names is closed. */
function translateDataPath(translation: Translation, scope: Scope, path: NativePath): Operand {
  const { source } = translation;
  const [name = '', ...parts] = path.parts;
  const written = quoteSpan(source, path.loc);
  if (name === 'root') {
    const root = findContext(scope, depthOf(scope)) as Slot;
    return slotOperand(translation, root, { ...path, parts });
  }
  if (!LOOP_NAMES.has(name)) {
    return failAt(
      source,
      path.loc.pos,
      `${written} is not there: only @root, @index, @key, @first and @last are`,
    );
  }
  const loop = findLoop(scope, path.depth);
  if (loop === undefined) return failAt(source, path.loc.pos, `${written} stands outside of {{#each}}`);
  if (loop === 'unknown') {
    return failAt(source, path.loc.pos, `${written} has no meaning in a plain section: write {{#each}}`);
  }
  return slotOperand(translation, loop[name as keyof LoopSlots], { ...path, parts });
}

/** How many steps of `../` lead to the data. */
function depthOf(scope: Scope): number {
  return scope.parent ? depthOf(scope.parent) + 1 : 0;
}

/** A path below what a block has handed over. */
function slotOperand(translation: Translation, slot: Slot, path: NativePath): Operand {
  const variable: Variable = useSlot(translation, slot);
  const written = quoteSpan(translation.source, path.loc);
  return { type: 'variable', pos: path.loc.pos, variable, names: path.parts, written };
}
