/** What a command needs and nobody knows: unknown, or not what such a value looks like. */
export interface LookUp {
  /** Stands in the command, for a person to replace. */
  readonly lookUp: string;
}

/** Our own words, put into a command as they are. */
export interface Words {
  readonly words: string;
}

/** A value of a command. */
export type Slot = string | LookUp | Words;

/** Whether a value is there. */
export function isKnown(slot: Slot): slot is string {
  return typeof slot === 'string';
}

/** Text that a POSIX shell reads as itself. Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting. */
const plain = /^[A-Za-z0-9_./:@%+,][A-Za-z0-9_./:@%+,=-]*$/;

/** Characters that a terminal may obey when a command is pasted, whatever quotes are around them. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

/** A text as one word of a POSIX shell; absent where pasting it could do harm. */
export function quoted(text: string): string | undefined {
  if (unprintable.test(text)) return undefined;
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command for a POSIX shell: every value in it is one word, whatever it holds. What is not known stands in capitals and
 * is named in a comment behind.
 */
export function sh(parts: readonly string[], ...slots: readonly Slot[]): string {
  const missing = new Set<string>();
  const words = slots.map((slot) => {
    if (typeof slot === 'object' && 'words' in slot) return slot.words;
    const word = isKnown(slot) ? quoted(slot) : undefined;
    if (word !== undefined) return word;
    const name = isKnown(slot) ? 'VALUE' : slot.lookUp;
    missing.add(name);
    return name;
  });
  const command = parts.map((part, index) => part + (words[index] ?? '')).join('');
  return missing.size === 0 ? command : `${command}  # look up ${[...missing].join(', ')}`;
}
