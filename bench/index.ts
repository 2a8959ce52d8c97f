// `npm run bench [-- name ...]`: ratios against something that everybody knows, not seconds.
import { benchApply } from './apply.ts';
import { benchController } from './controller.ts';
import { benchDeliver } from './deliver.ts';
import { benchRender } from './render.ts';
import { benchStartUp } from './start-up.ts';
import { benchTemplates } from './templates.ts';
import { benchWatchMemory } from './watch-memory.ts';

// Servers as people run them, not as tests do.
process.env['GOGC'] ??= '100';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  templates: benchTemplates,
  render: benchRender,
  deliver: benchDeliver,
  'start-up': benchStartUp,
  apply: benchApply,
  controller: benchController,
  memory: benchWatchMemory,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0)
  throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length === 0 || names.includes(name)) await bench();
}
