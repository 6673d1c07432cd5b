import { type AuditField, auditFields } from '../model/audit-fields.ts';

/** What may be asked of a line, as a value. A star at the end of a literal stands for any rest. */
export type Condition =
  | { readonly field: AuditField; readonly op: 'is'; readonly literals: readonly string[] }
  | { readonly field: AuditField; readonly op: 'at-least'; readonly literal: number }
  | { readonly field: AuditField; readonly op: 'missing' }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** A condition without negations: a comparison as it is written, or several that are joined. */
type Plain = string | { readonly joint: '&&' | '||'; readonly parts: readonly Plain[] };

/**
 * A condition on a line of JSON as CloudWatch Logs writes it. Its syntax has no "not", and does not say what `!=` makes of
 * a field that is missing, so negations move inwards, and a field is compared that way only where it is known to be there.
 */
export function jsonPattern(condition: Condition): string {
  return `{ ${written(plain(condition, true, new Set()))} }`;
}

/** Lines that hold any of the texts, whatever else they are. */
export function textPattern(texts: readonly string[]): string {
  return texts.map((text) => `?${quoted(text)}`).join(' ');
}

function plain(condition: Condition, positive: boolean, present: ReadonlySet<AuditField>): Plain {
  if ('not' in condition) return plain(condition.not, !positive, present);
  if ('all' in condition) return positive ? joined('&&', condition.all, true, present) : joined('||', condition.all, false, present);
  if ('any' in condition) return positive ? joined('||', condition.any, true, present) : joined('&&', condition.any, false, present);
  return compared(condition, positive, present);
}

/** Of alternatives, those beside "is missing" may take the field for granted. */
function joined(joint: '&&' | '||', members: readonly Condition[], positive: boolean, present: ReadonlySet<AuditField>): Plain {
  const granted = joint === '||' && positive ? members.flatMap((each) => ('op' in each && each.op === 'missing' ? [each.field] : [])) : [];
  const known = new Set([...present, ...granted]);
  return flat(
    joint,
    members.map((each) => plain(each, positive, known)),
  );
}

function compared(condition: Extract<Condition, { field: AuditField }>, positive: boolean, present: ReadonlySet<AuditField>): Plain {
  const { field } = condition;
  const selector = auditFields[field];
  const missing = `${selector} NOT EXISTS`;
  if (condition.op === 'missing') {
    if (!positive) throw new Error(`CloudWatch Logs cannot ask whether ${selector} is there`);
    return missing;
  }
  const comparisons = comparisonsOf(condition, positive).map((each) => `${selector} ${each}`);
  if (positive) return flat('||', comparisons);
  const other = flat('&&', comparisons);
  return present.has(field) ? other : flat('||', [missing, other]);
}

function comparisonsOf(condition: Extract<Condition, { op: 'is' | 'at-least' }>, positive: boolean): readonly string[] {
  if (condition.op === 'at-least') return [`${positive ? '>=' : '<'} ${String(condition.literal)}`];
  return condition.literals.map((literal) => `${positive ? '=' : '!='} ${quoted(literal)}`);
}

function flat(joint: '&&' | '||', parts: readonly Plain[]): Plain {
  const [first, ...rest] = parts;
  if (first !== undefined && rest.length === 0) return first;
  return { joint, parts: parts.flatMap((part) => (typeof part !== 'string' && part.joint === joint ? part.parts : [part])) };
}

function written(condition: Plain): string {
  if (typeof condition === 'string') return condition;
  return condition.parts.map((part) => (typeof part === 'string' ? part : `(${written(part)})`)).join(` ${condition.joint} `);
}

/** How quotes and backslashes are escaped is not documented: no text of ours needs them. */
function quoted(text: string): string {
  if (/["\\%]/.test(text)) throw new Error(`a filter pattern cannot hold ${JSON.stringify(text)}`);
  return `"${text}"`;
}
