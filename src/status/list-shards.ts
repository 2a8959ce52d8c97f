import { hash } from 'node:crypto';
import { digestOfEntries, type KeptList, type ListKind, MAX_ENTRIES } from './kept-list.ts';

/**
 * Characters of a shard's entries as JSON. Compressed and in base64 even the least compressible are far below the
 * 900 KiB that leave room within etcd's limit of 1.5 MiB, and a usual shard is a tenth of this.
 */
const MAX_SHARD_SIZE = 512 * 1024;
/** Characters that shards are made for, so that they may grow. */
const WANTED_SHARD_SIZE = 192 * 1024;
/** Always a power of two. */
const MAX_SHARDS = 256;

/** The set whose lists they are. */
export interface ShardOwner {
  readonly name: string;
  readonly uid: string;
}

/** What goes into the status, and what beside it. */
export interface DividedList<Entry> {
  readonly kept: KeptList<Entry>;
  /** By name of the ConfigMap; empty where all of it stands in the status. */
  readonly shards: ReadonlyMap<string, readonly Entry[]>;
}

/**
 * Divides a list: a small one goes into the status, a large one into shards by the hash of the id, so that a new id
 * changes one shard. `before` are the present shards, whose number stays while it fits. Other numbers of shards have
 * other names, so that no shard in use is cut down before the status names those that replace it.
 */
export function divideList<Entry>(
  kind: ListKind<Entry>,
  entries: readonly Entry[],
  { owner, before = [] }: { readonly owner: ShardOwner; readonly before?: readonly string[] },
): DividedList<Entry> {
  const size = sizeOf(kind, entries);
  if (entries.length <= kind.maxInline && size <= kind.maxInlineSize)
    return { kept: { entries: [...entries], count: entries.length }, shards: new Map() };
  const present = before.map((name) => readShardName(kind, owner, name)?.of).find((of) => of !== undefined);
  const parts = divide(kind, entries, { size, present });
  const shards = new Map(
    parts.map((part, index) => [shardName(kind, owner, { index, of: parts.length }), part]),
  );
  const kept = {
    count: entries.length,
    digest: digestOfEntries(kind, entries),
    shards: [...shards.keys()],
  };
  return { kept, shards };
}

/** One of how many shards. */
interface ShardPlace {
  readonly index: number;
  readonly of: number;
}

type Named = Pick<ListKind<unknown>, 'word'>;

/** The name of a shard's ConfigMap, which no other set and no later set of the same name has. */
export function shardName(kind: Named, owner: ShardOwner, { index, of }: ShardPlace): string {
  return `${shardPrefix(kind, owner)}${of}-${index}`;
}

/** Which shard a name means; undefined for anything that is not a shard of this very set and list. */
export function readShardName(kind: Named, owner: ShardOwner, name: string): ShardPlace | undefined {
  const prefix = shardPrefix(kind, owner);
  const numbers = name.startsWith(prefix) ? /^(\d{1,3})-(\d{1,3})$/.exec(name.slice(prefix.length)) : null;
  if (!numbers) return undefined;
  const place = { of: Number(numbers[1]), index: Number(numbers[2]) };
  const isValid = place.of <= MAX_SHARDS && place.index < place.of && shardName(kind, owner, place) === name;
  return isValid ? place : undefined;
}

function shardPrefix({ word }: Named, { name, uid }: ShardOwner): string {
  return `${name.slice(0, 40).replace(/[-.]+$/, '')}-${word}-${hash('sha256', uid).slice(0, 10)}-`;
}

/** Throws when there is more than all shards together may hold. */
function divide<Entry>(
  kind: ListKind<Entry>,
  entries: readonly Entry[],
  { size, present }: { readonly size: number; readonly present: number | undefined },
): Entry[][] {
  const wanted = powerOfTwo(size / WANTED_SHARD_SIZE);
  // Neither too full nor more than four times as many as needed.
  const isUsable = present !== undefined && present >= wanted / 2 && present <= wanted * 4;
  const isReadable = entries.length <= MAX_ENTRIES;
  for (let of = isUsable ? present : wanted; isReadable && of <= MAX_SHARDS; of *= 2) {
    const parts = Array.from({ length: of }, (): Entry[] => []);
    for (const entry of entries) parts[shardOf(kind.idOf(entry), of)]?.push(entry);
    if (parts.every((part) => sizeOf(kind, part) <= MAX_SHARD_SIZE)) return parts;
  }
  throw new Error(`${entries.length} ${kind.noun} are too many to be kept: divide the set into several`);
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(atLeast)));
}

function shardOf(id: string, of: number): number {
  return Number.parseInt(hash('sha256', id).slice(0, 8), 16) % of;
}

function sizeOf<Entry>(kind: ListKind<Entry>, entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + kind.sizeOf(entry), 0);
}
