/**
 * The part of the query language of CloudWatch Logs Insights that is asked here, read back from its text: what the local
 * server answers does not rest on the code that wrote the question.
 */

/** A line as it lies in a log group. */
export interface StoredLine {
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
}

type Row = Readonly<Record<string, string>>;
type Test = (line: StoredLine) => boolean;

/** What a query over lines answers, without any limit. Throws on what is no query in the part of the language known here. */
export function answerTo(query: string, lines: readonly StoredLine[]): Row[] {
  const commands = query.split('\n| ');
  let test: Test = () => true;
  const captures: RegExp[] = [];
  for (const command of commands.slice(0, -1)) {
    if (command.startsWith('filter ')) test = conditionIn(command.slice('filter '.length));
    else if (command.startsWith('parse @message /')) captures.push(wholeLiteral(command.slice('parse @message '.length)));
    else throw new Error(`no such command: ${command.slice(0, 60)}`);
  }
  const found = lines.filter(test);
  const last = commands.at(-1) ?? '';
  if (last === 'fields @timestamp, @message')
    return found.map((line) => ({ '@timestamp': stamp(line.time), '@message': line.message, '@ptr': pointer(line) }));
  const [, alias, by] = /^stats latest\(@message\) as (\w+) by ([\w, ]+)$/.exec(last) ?? [];
  if (alias === undefined || by === undefined) throw new Error(`no such command: ${last.slice(0, 60)}`);
  return newestOfEach(found, captures, by.split(', '), alias);
}

function newestOfEach(lines: readonly StoredLine[], captures: readonly RegExp[], by: readonly string[], alias: string): Row[] {
  const known = new Set(captures.flatMap((capture) => [...capture.source.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name)));
  const unknown = by.find((name) => !known.has(name));
  if (unknown !== undefined) throw new Error(`grouped by ${unknown}, which no parse makes`);
  const groups = new Map<string, { values: Row; line: StoredLine }>();
  for (const line of lines) {
    const values = Object.assign({}, ...captures.map((capture) => ({ ...capture.exec(line.message)?.groups }))) as Record<string, string>;
    const key = JSON.stringify(by.map((name) => values[name] ?? ''));
    const group = groups.get(key);
    if (group === undefined || group.line.time <= line.time) groups.set(key, { values, line });
  }
  return [...groups.values()].map(({ values, line }) => {
    const named = by.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]));
    return { ...(Object.fromEntries(named) as Row), [alias]: line.message };
  });
}

/** Insights writes times so, in UTC. Source: CloudWatch Logs API reference, `GetQueryResults`. */
function stamp(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('Z', '');
}

function pointer(line: StoredLine): string {
  return Buffer.from(`${line.stream} ${String(line.time)} ${line.message.slice(0, 160)}`).toString('base64');
}

const fields: Readonly<Record<string, (line: StoredLine) => string>> = {
  '@message': ({ message }) => message,
  '@logStream': ({ stream }) => stream,
};

/** `and` binds closer than `or`. */
function conditionIn(text: string): Test {
  let rest = text;
  const take = (token: string): boolean => {
    if (!rest.startsWith(token)) return false;
    rest = rest.slice(token.length);
    return true;
  };
  const either = (): Test => {
    const tests = [both()];
    while (take(' or ')) tests.push(both());
    return (line) => tests.some((test) => test(line));
  };
  const both = (): Test => {
    const tests = [one()];
    while (take(' and ')) tests.push(one());
    return (line) => tests.every((test) => test(line));
  };
  const one = (): Test => {
    if (take('not ')) {
      const test = one();
      return (line) => !test(line);
    }
    if (take('(')) {
      const test = either();
      if (!take(')')) throw new Error(`a bracket is open before ${rest.slice(0, 60)}`);
      return test;
    }
    const field = Object.keys(fields).find((name) => take(`${name} like `));
    const read = field === undefined ? undefined : fields[field];
    if (read === undefined) throw new Error(`no condition: ${rest.slice(0, 60)}`);
    const { expression, length } = literalIn(rest);
    rest = rest.slice(length);
    return (line) => expression.test(read(line));
  };
  const test = either();
  if (rest !== '') throw new Error(`more than a condition: ${rest.slice(0, 60)}`);
  return test;
}

function literalIn(text: string): { expression: RegExp; length: number } {
  const [whole = '', source] = /^\/((?:[^/\\]|\\.)*)\//.exec(text) ?? [];
  if (source === undefined) throw new Error(`no regular expression: ${text.slice(0, 60)}`);
  return { expression: new RegExp(source), length: whole.length };
}

function wholeLiteral(text: string): RegExp {
  const { expression, length } = literalIn(text);
  if (length !== text.length) throw new Error(`more than a regular expression: ${text.slice(length, length + 60)}`);
  return expression;
}
