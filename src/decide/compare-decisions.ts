/** The order in which decisions are kept and digested, whatever order elements come in: by element, then by name. */
export function compareDecisions(
  a: { readonly element: string; readonly name: string },
  b: { readonly element: string; readonly name: string },
): number {
  return compareTexts(a.element, b.element) || compareTexts(a.name, b.name);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
