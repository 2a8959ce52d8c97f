import {
  block,
  content,
  type HandlebarsProgram,
  type HandlebarsStatement,
  program,
  statement,
} from './handlebars-ast.ts';
import { lastOperand } from './last-operand.ts';
import { lowerPipe } from './lower-expression.ts';
import { addPlace, addSite, type Lowering, placed } from './lowering.ts';
import { templateText } from './node-text.ts';
import { UNDECLARED } from './parse-pipeline.ts';
import { type Site, statementSite } from './site.ts';
import { isQuotedPipe, isSafePipe } from './structure.ts';
import type {
  BranchNode,
  LoopPosition,
  PipeNode,
  Statement,
  TemplateNode,
  TemplateTree,
  Variable,
} from './tree.ts';

/** Lowers one template to a Handlebars program; sites, constants and places are added to the lowering. */
export function lowerTemplate(lowering: Lowering, tree: TemplateTree): HandlebarsProgram {
  return lowerList(lowering, tree.body);
}

function lowerList(lowering: Lowering, body: readonly Statement[]): HandlebarsProgram {
  return program(body.map((node) => lowerStatement(lowering, node)));
}

function lowerStatement(lowering: Lowering, node: Statement): HandlebarsStatement {
  switch (node.type) {
    case 'text':
      return content(node.text);
    case 'action':
      return lowerAction(lowering, node.pipe);
    case 'if':
    case 'with':
      return lowerCondition(lowering, node);
    case 'range':
      return lowerRange(lowering, node);
    case 'template':
      return lowerTemplateCall(lowering, node);
    case 'break':
    case 'continue': {
      const labels = lowering.loops.at(-1);
      // A continue is always one of a loop, a break in an else ends the else alone.
      const code = node.type === 'break' ? `break ${labels?.break};` : `continue ${labels?.continue};`;
      return statement(
        addSite(
          lowering,
          statementSite(() => code),
        ),
        [],
      );
    }
  }
}

function lowerAction(lowering: Lowering, pipe: PipeNode): HandlebarsStatement {
  const value = lowerPipe(lowering, pipe);
  const method = isSafePipe(pipe, lowering) ? 'safe' : isQuotedPipe(pipe, lowering) ? 'quoted' : 'value';
  const isSilent = pipe.variables.length > 0;
  const emit: Site['emit'] = ([code]) => (isSilent ? `${code};` : `o.${method}(${code});`);
  return statement(addSite(lowering, statementSite(emit)), [value.node]);
}

/** Lowers what a branch runs; there the dot may be an item of a map or list. */
function lowerBody(lowering: Lowering, body: readonly Statement[], source: string): HandlebarsProgram {
  const outer = lowering.source;
  lowering.source = source;
  const lowered = lowerList(lowering, body);
  lowering.source = outer;
  return lowered;
}

function lowerCondition(lowering: Lowering, node: BranchNode): HandlebarsStatement {
  const value = lowerPipe(lowering, node.pipe);
  const body = lowerBody(lowering, node.body, node.type === 'with' ? 'false' : lowering.source);
  const otherwise = node.otherwise && lowerList(lowering, node.otherwise);
  const id = lowering.sites.length;
  const context = node.type === 'with' ? `const depth0=c${id};` : '';
  const site = statementSite(([code], inner, outer) => {
    return `{const c${id}=${code};if($.isTrue(c${id})){${context}${inner}}else{${outer}}}`;
  });
  return block(addSite(lowering, site), [value.node], body, otherwise);
}

/** A variable that the loop sets: one that is unknown has failed before. */
function declared(variable: Variable | undefined): Variable | undefined {
  return variable?.id === UNDECLARED ? undefined : variable;
}

/** A range becomes a loop with a label of its own, which break and continue name. */
function lowerRange(lowering: Lowering, node: BranchNode): HandlebarsStatement {
  const value = placed(lowering, lowerPipe(lowering, node.pipe), lastOperand(node.pipe));
  const label = lowering.sites.length;
  const source = `c${label}`;
  const [first, second] = node.pipe.variables;
  const item = declared(second ?? first);
  if (item !== undefined) lowering.itemSources.set(item.id, source);
  lowering.loops.push({ break: `l${label}`, continue: `l${label}` });
  const body = lowerBody(lowering, node.body, source);
  lowering.loops.pop();
  const otherwise = node.otherwise && lowerElse(lowering, node.otherwise, `e${label}`);
  const index = second === undefined ? undefined : declared(first);
  const items = node.isSection ? `$.section(c${label},depth0)` : `$.items(c${label})`;
  const keys = index === undefined ? '' : `,k${label}=$.keys(c${label})`;
  const setItem = item === undefined ? '' : `x${item.id}=a${label}[i${label}];`;
  const setPosition = positionCode(label, node.position);
  const setIndex =
    index === undefined ? '' : `x${index.id}=k${label}===null?$.goInt(i${label}):k${label}[i${label}];`;
  const loop = `l${label}:for(let i${label}=0;i${label}<a${label}.length;i${label}++)`;
  const site = statementSite(([code], inner, outer) => {
    const step = `if(--data.fuel<0)data.refuel();const depth0=a${label}[i${label}];${setItem}${setIndex}${setPosition}`;
    const head = `{const c${label}=${code},a${label}=${items}${keys};`;
    return `${head}if(a${label}.length>0){${loop}{${step}${inner}}}else e${label}:{${outer}}}`;
  });
  return block(addSite(lowering, site), [value.node], body, otherwise);
}

/** The else of a range: its break ends the range that it belongs to, its continue goes on with an outer one. */
function lowerElse(lowering: Lowering, body: readonly Statement[], label: string): HandlebarsProgram {
  lowering.loops.push({ break: label, continue: lowering.loops.at(-1)?.continue ?? label });
  const lowered = lowerList(lowering, body);
  lowering.loops.pop();
  return lowered;
}

/** Sets what Handlebars calls `@index`, `@first` and `@last`. */
function positionCode(label: number, { index, first, last }: LoopPosition = {}): string {
  const at = `i${label}`;
  return [
    index && `x${index.id}=$.goInt(${at});`,
    first && `x${first.id}=${at}===0;`,
    last && `x${last.id}=${at}===a${label}.length-1;`,
  ].join('');
}

function lowerTemplateCall(lowering: Lowering, node: TemplateNode): HandlebarsStatement {
  const place = addPlace(lowering, { pos: node.pos, describe: () => templateText(node) });
  const args = node.pipe === undefined ? [] : [lowerPipe(lowering, node.pipe).node];
  const name = JSON.stringify(node.name);
  const site = statementSite(([code]) => {
    return `{data.at=${place};const t=data.find(${name}),c=${code};data.at=${place};data.call(t,c);}`;
  });
  return statement(addSite(lowering, site), args);
}
