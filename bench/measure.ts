/** Rounds before any is counted: the first ones run code that is not yet compiled. */
const WARM_UP = 3;

/** The median of so many runs, in milliseconds each. */
export function median(runs: readonly number[]): number {
  const sorted = [...runs].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs the sides in turn, so that whatever slows the machine slows all; gives the median of each in milliseconds. */
export async function measureInTurn<Name extends string>(
  sides: Readonly<Record<Name, () => unknown>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(sides) as Name[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await sides[name]();
      if (round >= 0) runs[name].push(performance.now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(runs[name])])) as Record<Name, number>;
}

/** One line of a report: what was measured, both times, and the ratio. */
export function report(what: string, ours: [string, number], theirs: [string, number]): void {
  const show = ([name, milliseconds]: [string, number]): string => `${name} ${formatTime(milliseconds)}`;
  process.stdout.write(
    `${what}: ${show(ours)}, ${show(theirs)}, ratio ${(ours[1] / theirs[1]).toFixed(2)}\n`,
  );
}

function formatTime(milliseconds: number): string {
  if (milliseconds >= 1) return `${milliseconds.toFixed(1)} ms`;
  return `${(milliseconds * 1000).toFixed(2)} us`;
}

/** How long something takes, in milliseconds. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** Milliseconds as seconds, for a report. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
