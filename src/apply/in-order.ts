/** Items in the order in which their ids stand in a list; those that are not in it come last. */
export function inOrder<Item>(
  items: readonly Item[],
  ids: readonly string[],
  idOf: (item: Item) => string,
): Item[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = (item: Item): number => places.get(idOf(item)) ?? ids.length;
  return items.toSorted((one, other) => placeOf(one) - placeOf(other));
}
