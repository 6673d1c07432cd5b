import type { Asked } from '../coverage/facts.ts';

/** How services call what is not there. */
const absent: ReadonlySet<string> = new Set(['ResourceNotFoundException', 'NotFoundException', 'TrailNotFoundException']);

/** The answer to a question, or the name of what stood in its way. */
export async function asked<T>(ask: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { unknown: error instanceof Error ? error.name : String(error) };
  }
}

/** The same of one thing, which may not be there. */
export function askedOf<T>(ask: () => Promise<T | undefined>): Promise<Asked<T | undefined>> {
  return asked(async () => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Error && absent.has(error.name)) return undefined;
      throw error;
    }
  });
}

/** All pages of a list. */
export async function allOf<P, T>(pages: AsyncIterable<P>, of: (page: P) => readonly T[] | undefined): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...(of(page) ?? []));
  return all;
}
