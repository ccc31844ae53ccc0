/** Of one item more than a page holds: the page, and what to ask for next, null when there is no more. */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  limit: number,
): { readonly page: readonly Item[]; readonly next: Item['id'] | null } {
  const page = items.slice(0, limit);
  return { page, next: items.length > limit ? (page.at(-1)?.id ?? null) : null };
}
