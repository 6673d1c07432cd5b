import { list, object, text } from '../../shared/model/json.ts';

/** What somebody asks of AWS. */
export interface Request {
  /** `service:Operation`, as policies name it. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys, in lower case, and what they are for this request. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A statement of a policy, read. */
export interface Statement {
  /** Where it stands, for people. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

interface Principal {
  readonly kind: string;
  readonly pattern: string;
}

interface Condition {
  readonly operator: Operator;
  /** Each value that the request has must meet it: `ForAllValues`. */
  readonly forAll?: true;
  /** In lower case: condition keys have no case. */
  readonly key: string;
  readonly values: readonly string[];
}

const operators = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike', 'Bool'] as const;
type Operator = (typeof operators)[number];

const statementFields: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition']);

/**
 * The statements of a policy document, whose references are resolved. What is not understood throws: `NotAction`, a
 * condition operator that is not listed. Source: IAM user guide, "IAM JSON policy elements reference".
 */
export function statementsOf(document: unknown, name: string): readonly Statement[] {
  return list(object(document)?.['Statement']).map((value, index) => {
    const statement = object(value) ?? {};
    const odd = Object.keys(statement).find((field) => !statementFields.has(field));
    if (odd !== undefined) throw new Error(`${name}: statements with ${odd} are not understood`);
    const effect = text(statement['Effect']);
    if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`${name}: a statement with the effect ${String(effect)}`);
    return {
      name: `${name}[${text(statement['Sid']) ?? String(index)}]`,
      effect,
      actions: several(statement['Action']),
      resources: several(statement['Resource']),
      principals: principalsOf(statement['Principal']),
      conditions: conditionsOf(statement['Condition'], name),
    };
  });
}

function principalsOf(value: unknown): readonly Principal[] {
  if (value === '*') return [{ kind: 'AWS', pattern: '*' }];
  return Object.entries(object(value) ?? {}).flatMap(([kind, patterns]) => several(patterns).map((pattern) => ({ kind, pattern })));
}

function conditionsOf(value: unknown, name: string): readonly Condition[] {
  return Object.entries(object(value) ?? {}).flatMap(([written, keys]) => {
    const operator = written.replace(/^ForAllValues:/, '');
    if (!isOperator(operator)) throw new Error(`${name}: the condition operator ${written} is not understood`);
    const set = operator === written ? {} : { forAll: true as const };
    return Object.entries(object(keys) ?? {}).map(([key, values]) => ({
      operator,
      ...set,
      key: key.toLowerCase(),
      values: several(values),
    }));
  });
}

function isOperator(word: string): word is Operator {
  return (operators as readonly string[]).includes(word);
}

function several(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined).map(String);
}

/** Whether a request is allowed, and by which statement; or why it is not. */
export type Decision = { readonly allowed: true; readonly by: Statement } | { readonly allowed: false; readonly why: string };

/**
 * Decides as IAM does: an explicit denial wins, then a permission, and nothing is allowed by itself. Source: IAM user
 * guide, "Policy evaluation logic".
 */
export function decide(statements: readonly Statement[], request: Request): Decision {
  const about = statements.filter((statement) => concerns(statement, request));
  const denial = about.find(({ effect }) => effect === 'Deny');
  if (denial !== undefined) return { allowed: false, why: `denied by ${denial.name}` };
  const [permission] = about;
  return permission === undefined ? { allowed: false, why: 'no statement allows it' } : { allowed: true, by: permission };
}

/** Who a resource's policy lets in: `kind` is `Service` or `AWS`. */
export function statementsFor(statements: readonly Statement[], kind: string, name: string): readonly Statement[] {
  return statements.filter(({ principals }) =>
    principals.some((principal) => (principal.kind === kind || principal.pattern === '*') && matches(principal.pattern, name)),
  );
}

function concerns({ actions, resources, conditions }: Statement, { action, resource, context }: Request): boolean {
  return (
    // Actions have no case, resources do.
    actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    (resources.length === 0 || resources.some((pattern) => matches(pattern, resource))) &&
    conditions.every((condition) => holds(condition, context[condition.key]))
  );
}

/**
 * A key that the request does not have fulfils no condition, but one on all its values. Source: IAM user guide, "Set operators for
 * multivalued context keys".
 */
function holds(condition: Condition, value: string | readonly string[] | undefined): boolean {
  if (value === undefined) return condition.forAll === true;
  if (typeof value === 'string') return meets(condition, value);
  return condition.forAll === true && value.every((each) => meets(condition, each));
}

function meets({ operator, values }: Condition, value: string): boolean {
  switch (operator) {
    case 'StringEquals':
      return values.includes(value);
    case 'Bool':
      return values.some((each) => each.toLowerCase() === value.toLowerCase());
    case 'StringLike':
      return values.some((pattern) => matches(pattern, value));
    // Both ARN operators take wildcards, part by part. Source: IAM user guide, "Condition operators: ARN".
    case 'ArnEquals':
    case 'ArnLike':
      return values.some((pattern) => arnMatches(pattern, value));
  }
}

function arnMatches(pattern: string, value: string): boolean {
  const [patterns, parts] = [arnParts(pattern), arnParts(value)];
  return patterns.length === parts.length && patterns.every((each, index) => matches(each, parts[index] ?? ''));
}

/** Six parts; the last may have colons. */
function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Wildcards of IAM: `*` for any run of characters, `?` for one. */
function matches(pattern: string, value: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${escaped}$`).test(value);
}
