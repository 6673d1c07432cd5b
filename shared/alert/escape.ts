/**
 * Characters that change how the text around them is shown, or are not shown at all: controls and terminal sequences,
 * bidirectional overrides, zero-width and other ignorable characters, line and paragraph separators, private and
 * unpaired ones, and the blank Braille pattern. Source: Unicode Standard Annex 44; CVE-2021-42574 for the overrides.
 */
const deceptive = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** More marks than this on one letter draw over the lines around it. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;

/** Text that somebody else wrote, on one line, with every deceptive character spelt out as `\u{202e}`. */
export function printable(text: string): string {
  return text.replace(stackedMarks, '$1').replace(deceptive, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Text of at most `most` characters; what was cut shows as `…`. Never splits a character in two. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = Math.max(0, most - 1);
  const last = text.charCodeAt(end - 1);
  // The first half of a surrogate pair is no character.
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${text.slice(0, end)}…`;
}

/** JSON on one line in which deceptive characters are escapes: the same value for a program, harmless on a terminal. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(deceptive, (character) => {
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** JSON in ASCII: the same value for a program, and nothing that SQS, which refuses some characters, or a terminal minds. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Text for other systems, which show it as text and may hand it on to a chat: on one line, without deceptive characters, and
 * without what Slack takes for a mention or a link.
 */
export function harmless(text: string, most: number): string {
  // Cut off, the bracket would stand before a mark.
  return shortened(printable(text).replace(/<(?=\S)/g, '< '), most).replace(/<…$/, '…');
}
