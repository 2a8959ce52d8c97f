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
import { type Site, statementSite } from './site.ts';
import { isSafePipe } from './structure.ts';
import type { BranchNode, PipeNode, Statement, TemplateNode, TemplateTree } from './tree.ts';

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
      const code = `${node.type} l${lowering.loops.at(-1)};`;
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
  const method = isSafePipe(pipe, lowering) ? 'safe' : 'value';
  const isSilent = pipe.variables.length > 0;
  const emit: Site['emit'] = ([code]) => (isSilent ? `${code};` : `o.${method}(${code});`);
  return statement(addSite(lowering, statementSite(emit)), [value.node]);
}

/** Lowers what a branch runs; there the dot may be an item of a map or list. */
function lowerBody(lowering: Lowering, body: readonly Statement[], isItem: boolean): HandlebarsProgram {
  const outer = lowering.isItem;
  lowering.isItem = isItem;
  const lowered = lowerList(lowering, body);
  lowering.isItem = outer;
  return lowered;
}

function lowerCondition(lowering: Lowering, node: BranchNode): HandlebarsStatement {
  const value = lowerPipe(lowering, node.pipe);
  const body = lowerBody(lowering, node.body, node.type === 'with' ? false : lowering.isItem);
  const otherwise = node.otherwise && lowerList(lowering, node.otherwise);
  const id = lowering.sites.length;
  const context = node.type === 'with' ? `const depth0=c${id};` : '';
  const site = statementSite(([code], inner, outer) => {
    return `{const c${id}=${code};if($.isTrue(c${id})){${context}${inner}}else{${outer}}}`;
  });
  return block(addSite(lowering, site), [value.node], body, otherwise);
}

/** A range becomes a loop with a label of its own, which break and continue name. */
function lowerRange(lowering: Lowering, node: BranchNode): HandlebarsStatement {
  const value = placed(lowering, lowerPipe(lowering, node.pipe), lastOperand(node.pipe));
  const label = lowering.sites.length;
  for (const variable of node.pipe.variables) lowering.itemVariables.add(variable.id);
  lowering.loops.push(label);
  const body = lowerBody(lowering, node.body, true);
  lowering.loops.pop();
  const otherwise = node.otherwise && lowerList(lowering, node.otherwise);
  const [first, second] = node.pipe.variables;
  const item = second ?? first;
  const index = second === undefined ? undefined : first;
  const keys = index === undefined ? '' : `,k${label}=$.keys(c${label})`;
  const setItem = item === undefined ? '' : `x${item.id}=a${label}[i${label}];`;
  const setIndex =
    index === undefined ? '' : `x${index.id}=k${label}===null?$.goInt(i${label}):k${label}[i${label}];`;
  const loop = `l${label}:for(let i${label}=0;i${label}<a${label}.length;i${label}++)`;
  const site = statementSite(([code], inner, outer) => {
    const step = `if(--data.fuel<0)data.refuel();const depth0=a${label}[i${label}];${setItem}${setIndex}`;
    const head = `{const c${label}=${code},a${label}=$.items(c${label})${keys};`;
    return `${head}if(a${label}.length>0){${loop}{${step}${inner}}}else{${outer}}}`;
  });
  return block(addSite(lowering, site), [value.node], body, otherwise);
}

function lowerTemplateCall(lowering: Lowering, node: TemplateNode): HandlebarsStatement {
  const place = addPlace(lowering, { pos: node.pos, describe: () => templateText(node) });
  const args = node.pipe === undefined ? [] : [lowerPipe(lowering, node.pipe).node];
  const name = JSON.stringify(node.name);
  const site = statementSite(([code]) => `{const c=${code};data.at=${place};data.call(${name},c);}`);
  return statement(addSite(lowering, site), args);
}
