/**
 * Loaded before a program (`--import`), moves its clock by TEST_CLOCK_SHIFT milliseconds. The monotonic clock stays.
 */
const shift = Number(process.env['TEST_CLOCK_SHIFT']);
const Original = Date;
const now = (): number => Original.now() + shift;

globalThis.Date = new Proxy(Original, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new Original(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

export {};
