import { identifierLength } from '../shared/model/hash.ts';

/** The words of a command with the ids of alerts last: an id may begin with a dash and is no option for that. */
export function idsLast(words: readonly string[], options: readonly string[]): string[] {
  const isId = (word: string): boolean => word.length === identifierLength && /^-[\w-]+$/.test(word) && !options.includes(word.slice(2));
  const ids = words.filter(isId);
  return ids.length === 0 ? [...words] : [...words.filter((word) => !isId(word) && word !== '--'), '--', ...ids];
}
