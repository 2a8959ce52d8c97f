// `npm run bench`: ratios against something that everybody knows, not seconds.
import { benchDeliver } from './deliver.ts';
import { benchRender } from './render.ts';

await benchRender();
await benchDeliver();
