import { registerHooks } from 'node:module';

// Imported before a program: its last line names the packages of npm that it has loaded.
const loaded = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    if (name) loaded.add(name);
    return nextLoad(url, context);
  },
});
process.on('exit', () => process.stdout.write(`loaded: ${[...loaded].toSorted().join(' ')}\n`));
