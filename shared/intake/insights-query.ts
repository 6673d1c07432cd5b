/**
 * A question to CloudWatch Logs Insights as a value: which lines, and whether each of them or one of each group. It is
 * written over the text of the lines and uses none of the fields that Insights finds in JSON by itself: those end at a
 * number of fields that bodies exceed, and lists become fields of uncertain number. Source: CloudWatch Logs user guide,
 * "Supported logs and discovered fields".
 */
export interface HistoryQuery {
  /** For text: what the rows are. */
  readonly name: string;
  readonly where: Condition;
  /** Regular expressions whose named groups are what `oneOfEach` may name. */
  readonly captures: readonly string[];
  /** One line, the newest, of all that agree in these; every line where there are none. */
  readonly oneOfEach: readonly string[];
}

/** Which lines a question is about. */
export type Condition =
  | { readonly field: 'line' | 'stream'; readonly like: string }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** Insights returns so many rows of a result and no more. Source: CloudWatch Logs API reference, `StartQuery`, `limit`. */
export const mostRows = 10_000;
/** Source: CloudWatch Logs API reference, `StartQuery`, `queryString`. */
export const longestQuery = 10_000;

/** Lines whose text matches a regular expression. */
export function line(like: string): Condition {
  return { field: 'line', like };
}

/** Lines of streams whose name matches a regular expression. */
export function stream(like: string): Condition {
  return { field: 'stream', like };
}

/** The name under which the line of a group stands in a row. */
export const lineField = 'line';

/** The question in the query language of Logs Insights. */
export function rendered({ where, captures, oneOfEach }: HistoryQuery): string {
  return [
    `filter ${conditionText(where)}`,
    ...captures.map((capture) => `parse @message ${literal(capture)}`),
    oneOfEach.length === 0 ? 'fields @timestamp, @message' : `stats latest(@message) as ${lineField} by ${oneOfEach.join(', ')}`,
  ].join('\n| ');
}

function conditionText(condition: Condition): string {
  if ('like' in condition) return `${condition.field === 'line' ? '@message' : '@logStream'} like ${literal(condition.like)}`;
  if ('not' in condition) return `not (${conditionText(condition.not)})`;
  const [parts, word] = 'all' in condition ? [condition.all, ' and '] : [condition.any, ' or '];
  return parts.map((part) => ('like' in part || 'not' in part ? conditionText(part) : `(${conditionText(part)})`)).join(word);
}

/** A regular expression between slashes: a slash in it ends it unless it is escaped. */
function literal(expression: string): string {
  return `/${expression.replace(/\\.|\//g, (part) => (part === '/' ? '\\/' : part))}/`;
}
