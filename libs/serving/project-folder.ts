import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above a module that holds `what`: the same from sources and from `dist`. */
export function folderAbove(moduleFolder: string, what: string): string {
  let folder = moduleFolder;
  while (!existsSync(join(folder, what))) {
    if (dirname(folder) === folder) throw new Error(`there is no ${what} above ${moduleFolder}`);
    folder = dirname(folder);
  }
  return join(folder, what);
}
