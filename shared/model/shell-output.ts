/** Nested substitutions that are followed. */
const deepest = 16;

/**
 * A command line with what is merely printed in place of the printing: `$(echo ca)t` is `cat`, `echo Y2F0|base64 -d` is
 * `echo cat`, also from a here-string. One pass over the text, which is cut where a shell separates commands.
 */
export function withOutput(text: string): string {
  if (!/\b(?:echo|printf|base(?:64|32)|xxd|rev|tr)\b|\$\(|`/.test(text)) return text;
  let frames: Frame[] = [frameOf('')];
  for (const token of fromHereStrings(text).match(/\$\(|[^;&|()`\n$]+|[\s\S]/g) ?? []) {
    const frame = frames.at(-1);
    if (frame === undefined) return text;
    if (isClosing(token, frame)) {
      frames.pop();
      append(frames.at(-1), substituted(frame, token));
    } else if (token === '$(' || token === '`') {
      // Openings that nothing closes must not end the reading of what follows.
      if (frames.length >= deepest) frames = [frameOf('', textOf(frames))];
      frames.push(frameOf(token));
    } else if (token === '|') frame.pipeline.push('');
    else if (/^[;&\n]$/.test(token)) {
      frame.done += contents(frame) + token;
      frame.pipeline = [];
    } else {
      if (token === '(') frame.parentheses += 1;
      else if (token === ')') frame.parentheses -= 1;
      append(frame, token);
    }
  }
  return textOf(frames);
}

function textOf(frames: readonly Frame[]): string {
  return frames.map((frame) => frame.opening + frame.done + contents(frame)).join('');
}

/** What is read between an opening and its closing sign. */
interface Frame {
  readonly opening: string;
  /** Commands that are complete. */
  done: string;
  /** The commands of the current pipeline. */
  pipeline: string[];
  /** Plain ones that are open. */
  parentheses: number;
}

function frameOf(opening: string, done = ''): Frame {
  return { opening, done, pipeline: [], parentheses: 0 };
}

function isClosing(token: string, { opening, parentheses }: Frame): boolean {
  return token === '`' ? opening === '`' : token === ')' && opening === '$(' && parentheses <= 0;
}

function append(frame: Frame | undefined, text: string): void {
  if (frame === undefined) return;
  const last = frame.pipeline.pop() ?? '';
  frame.pipeline.push(last + text);
}

/** The pipeline, with what its decoders would make of what its start prints. */
function contents({ pipeline }: Frame): string {
  const [start = '', ...stages] = pipeline;
  const print = printIn(start);
  if (print === undefined) return pipeline.join('|');
  let decoded: string | undefined;
  let next = stages.shift();
  while (next !== undefined) {
    const output = decodedBy(next, decoded ?? print.output);
    if (output === undefined) break;
    [decoded, next] = [output, stages.shift()];
  }
  const first = decoded === undefined ? start : `${print.before} echo ${decoded} `;
  return [first, ...(next === undefined ? [] : [next]), ...stages].join('|');
}

function substituted(frame: Frame, closing: string): string {
  const inner = frame.done + contents(frame);
  const nothing = /^\s*(?:(?::|true)(?:\s[^;&|]*)?)?$/.test(inner);
  const print = nothing ? undefined : printIn(inner);
  if (print !== undefined && /^\s*(?:\w{1,16}\s*)?$/.test(print.before)) return print.output;
  return nothing ? '' : frame.opening + inner + closing;
}

/** `base64 -d <<< x` is `echo x | base64 -d`. */
function fromHereStrings(text: string): string {
  return text.replace(/([^;&|()`\n<]{1,64})<<<\s{0,8}('[^']{0,8192}'|"[^"]{0,8192}"|[^\s;&|()`]{1,8192})/g, ' echo $2 | $1 ');
}

const redirection = /\d?[<>]{1,2}&?\s{0,4}[^\s<>]{0,256}/g;

/** What stands before an `echo` or `printf` and what it prints; absent for any other command. */
function printIn(command: string): { readonly before: string; readonly output: string } | undefined {
  const [, before = '', program = '', rest = ''] = /^(.*?)(?<![\w.-])(?:\/(?:usr\/)?bin\/)?(echo|printf)\s+(.*)$/s.exec(command) ?? [];
  if (program === '') return undefined;
  const words = (rest.replace(redirection, ' ').match(/(?:'[^']*'|"[^"]*"|[^\s'"])+|['"]/g) ?? []).map(unquoted);
  while (/^-(?:[neE]{1,3}|-)$/.test(words[0] ?? '')) words.shift();
  return { before, output: program === 'echo' ? words.join(' ') : formatted(words) };
}

function formatted([format = '', ...values]: readonly string[]): string {
  if (!/%[sbq]/.test(format)) return format;
  let next = 0;
  const filled = format.replace(/%[sbq]/g, () => values[next++] ?? '');
  // The format is used again for what is left.
  return filled + values.slice(next).join('');
}

function unquoted(word: string): string {
  return word.replace(/['"]/g, '');
}

type Decoder = (printed: string, words: readonly string[]) => string | undefined;

const decoders: Readonly<Record<string, Decoder>> = {
  base64: (printed, words) => (words.some(isDecode) ? bytesOf(printed, 'base64') : undefined),
  base32: (printed, words) => (words.some(isDecode) ? base32(printed) : undefined),
  openssl: (printed, words) => (words.some((word) => /base64|-a$/.test(word)) ? bytesOf(printed, 'base64') : undefined),
  xxd: (printed, words) => (words.some((word) => /^-[a-z]*r/.test(word)) ? bytesOf(printed.replace(/[^0-9a-f]/gi, ''), 'hex') : undefined),
  rev: (printed) => Array.from(printed).reverse().join(''),
  tr: translated,
};

function decodedBy(stage: string, printed: string): string | undefined {
  const [program = '', ...words] = (stage.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []).map(unquoted).filter((word) => word !== 'busybox');
  const name = program.slice(program.lastIndexOf('/') + 1);
  return Object.hasOwn(decoders, name) ? decoders[name]?.(printed, words) : undefined;
}

function isDecode(word: string): boolean {
  return /^-(?:[a-z]*d|D|-decode)/.test(word);
}

function bytesOf(printed: string, encoding: 'base64' | 'hex'): string {
  return Buffer.from(printed, encoding).toString('latin1');
}

/** Source: RFC 4648, section 6. */
function base32(printed: string): string {
  let [bits, value, text] = [0, 0, ''];
  for (const letter of printed.toUpperCase()) {
    const five = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter);
    if (five < 0) continue;
    [bits, value] = [bits + 5, ((value << 5) | five) & 0xfff];
    if (bits < 8) continue;
    bits -= 8;
    text += String.fromCharCode((value >> bits) & 0xff);
  }
  return text;
}

/** `tr -d SET` and `tr SET SET`, with ranges. */
function translated(printed: string, words: readonly string[]): string | undefined {
  const [from = '', to = ''] = words.filter((word) => !/^-[dcs]+$/.test(word)).map(letters);
  if (words.includes('-d')) {
    // A set of blanks reads as no word at all once its quotes are gone.
    return Array.from(printed)
      .filter((letter) => (from === '' ? !/\s/.test(letter) : !from.includes(letter)))
      .join('');
  }
  if (from === '' || to === '') return undefined;
  const table = new Map(Array.from(from, (letter, at) => [letter, to[Math.min(at, to.length - 1)] ?? '']));
  return Array.from(printed, (letter) => table.get(letter) ?? letter).join('');
}

function letters(set: string): string {
  return set.slice(0, 256).replace(/([ -~])-([ -~])/g, (whole, first: string, last: string) => {
    const [start, end] = [first.charCodeAt(0), last.charCodeAt(0)];
    return start > end ? whole : Array.from({ length: end - start + 1 }, (_, at) => String.fromCharCode(start + at)).join('');
  });
}
