/**
 * Resolves when the event loop has read all that lay ready to be read: what it brought goes together with what came first. No timer: alone
 * on an idle process nothing waits. A settled promise would not do, since those run after each single socket that was read.
 */
export async function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
