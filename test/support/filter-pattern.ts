import { tokensOf } from './filter-tokens.ts';

/**
 * Filter patterns of CloudWatch Logs, read and applied as its user guide says ("Filter pattern syntax"): the part for lines
 * of JSON that has comparisons, and the part for text that has words. Where the guide is silent the answer is `unknown`, so
 * that a test can hold that nothing rests on a guess.
 */
export type Answer = boolean | 'unknown';

/** Applies a pattern to a line. */
export type Filter = (line: string) => Answer;

/** Reads a pattern; throws where it is not one, or of a kind that is not known here. */
export function filterOf(pattern: string): Filter {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('[')) throw new Error('patterns for lines of fields are not known here');
  return text.startsWith('{') ? jsonFilter(text) : textFilter(text);
}

type Test = (line: unknown) => Answer;

function jsonFilter(pattern: string): Filter {
  if (!pattern.endsWith('}')) throw new Error('a pattern on JSON ends with a brace');
  const tokens = new Tokens(tokensOf(pattern.slice(1, -1)));
  const test = alternatives(tokens);
  tokens.end();
  return (line) => {
    try {
      return test(JSON.parse(line));
    } catch {
      // A line that is no JSON has no fields: no pattern on JSON matches it.
      return false;
    }
  };
}

class Tokens {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  /** Takes the next token, if it is this one. */
  takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error('the pattern ends too soon');
    this.at += 1;
    return token;
  }

  end(): void {
    if (this.at < this.tokens.length) throw new Error(`the pattern goes on with ${this.next()}`);
  }
}

/** `||` binds least, parentheses most. */
function alternatives(tokens: Tokens): Test {
  const members = [conjunction(tokens)];
  while (tokens.takes('||')) members.push(conjunction(tokens));
  return (line) => {
    const answers = members.map((member) => member(line));
    return answers.includes(true) ? true : answers.includes('unknown') ? 'unknown' : false;
  };
}

function conjunction(tokens: Tokens): Test {
  const members = [member(tokens)];
  while (tokens.takes('&&')) members.push(member(tokens));
  return (line) => {
    const answers = members.map((each) => each(line));
    return answers.includes(false) ? false : answers.includes('unknown') ? 'unknown' : true;
  };
}

function member(tokens: Tokens): Test {
  if (tokens.takes('(')) {
    const inner = alternatives(tokens);
    if (!tokens.takes(')')) throw new Error('a parenthesis is not closed');
    return inner;
  }
  return comparison(tokens);
}

function comparison(tokens: Tokens): Test {
  const selected = selector(tokens.next());
  const operator = tokens.next();
  if (operator === 'NOT') {
    if (!tokens.takes('EXISTS')) throw new Error('NOT is known before EXISTS only');
    return (line) => selected(line).length === 0;
  }
  const operand = tokens.next();
  const judge = operator === 'IS' ? being(operand) : compared(operator, operand);
  return (line) => {
    const values = selected(line);
    if (values.length === 0) return operator === '!=' ? 'unknown' : false;
    // A selector that lands on an array or object never matches.
    const answers = values.map((value) => (typeof value === 'object' && value !== null ? false : judge(value)));
    // What != makes of several values is not said.
    if (operator === '!=' && values.length > 1) return 'unknown';
    return answers.includes(true) ? true : answers.includes('unknown') ? 'unknown' : false;
  };
}

function being(what: string): (value: unknown) => Answer {
  const wanted = ({ NULL: null, TRUE: true, FALSE: false } as Readonly<Record<string, unknown>>)[what];
  if (wanted === undefined) throw new Error(`IS ${what} is not supported`);
  return (value) => value === wanted;
}

const orders: Readonly<Record<string, (value: number, than: number) => boolean>> = {
  '<': (value, than) => value < than,
  '<=': (value, than) => value <= than,
  '>': (value, than) => value > than,
  '>=': (value, than) => value >= than,
};

function compared(operator: string, operand: string): (value: unknown) => Answer {
  if (operand.startsWith('%')) throw new Error('regular expressions are not known here');
  const isText = operand.startsWith('"');
  const literal = isText ? operand.slice(1, -1) : operand;
  const number = isText ? NaN : Number(literal);
  const order = orders[operator];
  if (order !== undefined) {
    if (Number.isNaN(number)) throw new Error(`${operator} compares numbers, and ${operand} is none`);
    return (value) => (typeof value === 'number' ? order(value, number) : typeof value === 'string' ? 'unknown' : false);
  }
  if (operator !== '=' && operator !== '!=') throw new Error(`no such operator: ${operator}`);
  const equal = equalTo(literal, number);
  return (value) => {
    // Whether null equals a text is not said; IS NULL asks for it.
    if (value === null) return operator === '=' ? false : 'unknown';
    const answer = equal(value);
    return answer === 'unknown' || operator === '=' ? answer : !answer;
  };
}

function equalTo(literal: string, number: number): (value: unknown) => Answer {
  const pattern = new RegExp(`^${literal.split('*').map(escaped).join('[^]*')}$`);
  return (value) => {
    if (typeof value === 'number') return Number.isNaN(number) ? 'unknown' : value === number;
    if (typeof value === 'string') return Number.isNaN(number) ? pattern.test(value) : 'unknown';
    return false;
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The values at a path: of a wildcard many, of a field that is missing none. */
function selector(path: string): (line: unknown) => readonly unknown[] {
  const steps = [...path.slice(1).matchAll(/\.\['([^']+)'\]|\.(\*)|\.([\w-]+)|\[(\d+|\*)\]/g)];
  if (!path.startsWith('$') || `$${steps.map(([step]) => step).join('')}` !== path) throw new Error(`${path} is no selector`);
  if (steps.filter(([, , every, , index]) => every === '*' || index === '*').length > 1) throw new Error(`${path} has two wildcards`);
  return (line) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => stepInto(value, step)), [line]);
}

function stepInto(value: unknown, [, quoted, every, name, index]: readonly (string | undefined)[]): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (every !== undefined) return Array.isArray(value) ? [] : Object.values(value);
  if (index !== undefined) {
    if (!Array.isArray(value)) return [];
    return index === '*' ? value : value.slice(Number(index), Number(index) + 1);
  }
  const key = quoted ?? name ?? '';
  return !Array.isArray(value) && Object.hasOwn(value, key) ? [(value as Record<string, unknown>)[key]] : [];
}

/** Words: all of them, none of those after `-`; words after `?` are alternatives, and say nothing beside others. */
function textFilter(pattern: string): Filter {
  const terms = [...pattern.matchAll(/([?-]?)(?:"([^"]*)"|([\w]+))(?=\s|$)/g)].map(([whole, sign = '', quoted, word]) => ({
    whole,
    sign,
    text: quoted ?? word ?? '',
  }));
  if (terms.map(({ whole }) => whole).join(' ') !== pattern) throw new Error(`not words: ${pattern}`);
  const of = (sign: string): readonly string[] => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const [all, none, some] = [of(''), of('-'), of('?')];
  return (line) =>
    all.every((text) => line.includes(text)) &&
    !none.some((text) => line.includes(text)) &&
    (all.length + none.length > 0 || some.some((text) => line.includes(text)));
}
