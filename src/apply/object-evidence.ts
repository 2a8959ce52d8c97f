import type { Decision as TunedValue } from '../api/decision.ts';
import { isSecret, type Resource } from '../api/resource.ts';
import { parseJson } from '../lib/json.ts';
import type { Evidence } from '../plan/change.ts';
import { collectDecided, collectEvidence } from '../plan/evidence.ts';
import type { AppliedObjects } from './applied-objects.ts';
import type { Decision } from './decide.ts';

/** What an object was before is known from these. */
interface Remembered {
  readonly applied: AppliedObjects;
  /** The tuned values that stood before. */
  readonly decisions: readonly TunedValue[];
}

/** Finds evidence when it is asked for: of most objects nobody asks. */
export type Explain = (decision: Decision) => () => readonly Evidence[];

/**
 * Where each leaf came from that is about to change. What an object was is what this process applied last; where it
 * has applied nothing yet, as after a restart, only the leaves are told whose tuned values are new. A Secret has none.
 */
export function createExplainer({ applied, decisions }: Remembered): Explain {
  const values = new Map(decisions.map(({ element, name, value }) => [idOf({ element, name }), value]));
  const isNew = (tuned: TunedValue) => values.get(idOf(tuned)) !== tuned.value;
  return ({ action, object: { id, file, resource } }) => {
    if ((action !== 'created' && action !== 'configured') || isSecret(resource)) return () => [];
    // The delivery replaces it.
    const text = applied.lastText(id);
    let evidence: readonly Evidence[] | undefined;
    return () => {
      evidence ??= collect();
      return evidence;
    };

    function collect(): Evidence[] {
      if (action === 'created') return collectEvidence(file, undefined);
      if (text !== undefined) return collectEvidence(file, parseJson(text) as Resource);
      return file.rendered.from.decisions?.some(isNew) ? collectDecided(file, isNew) : [];
    }
  };
}

function idOf({ element, name }: Pick<TunedValue, 'element' | 'name'>): string {
  return JSON.stringify([element, name]);
}
