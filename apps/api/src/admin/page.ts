/** What to ask for next: the last id of a full page; null when there is no more. */
export function nextOf<Id extends string>(items: readonly { readonly id: Id }[], limit: number): Id | null {
  return items.length < limit ? null : (items.at(-1)?.id ?? null);
}
