import { compileTemplate } from '../../src/render/template/compile-template.ts';
import { bombData, bombs } from './bombs.ts';

/** Renders every bomb, and prints how many were refused. */
let refused = 0;
for (const [template] of bombs) {
  try {
    compileTemplate(template, { name: 't' }).render(bombData);
  } catch {
    refused++;
  }
}
process.stdout.write(`${refused} refused`);
