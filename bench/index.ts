// `npm run bench`: ratios against something that everybody knows, not seconds.
import { benchDeliver } from './deliver.ts';
import { benchRender } from './render.ts';
import { benchTemplates } from './templates.ts';

await benchTemplates();
await benchRender();
await benchDeliver();
