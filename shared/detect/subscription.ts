import { type BlindClass, acceptedBy, blindClasses, type Lines, unpickedText, untouched } from '../knowledge/blind-classes.ts';
import type { AuditField } from '../model/audit-fields.ts';
import { authenticatorAnswers } from '../model/authenticator.ts';
import { truncationMark } from '../model/salvage.ts';
import type { Registered } from './finding.ts';
import { type Condition, jsonPattern, textPattern } from './filter-pattern.ts';
import type { Detection } from './kit.ts';

/** Characters that CloudWatch Logs takes. Source: Amazon CloudWatch Logs API reference, PutSubscriptionFilter. */
export const longestPattern = 1_024;

/** What the subscription of a control-plane log forwards, and what it leaves out. */
export interface Subscription {
  /** Which audit lines pass, as a value. */
  readonly condition: Condition;
  /** The same for CloudWatch Logs; empty where nothing is left out. */
  readonly json: string;
  /** Which lines pass that a pattern on JSON cannot match. */
  readonly text: string;
  readonly leftOut: readonly BlindClass[];
  /** Classes that stay in, with the detections that read of them. */
  readonly kept: readonly { readonly kind: BlindClass; readonly readers: readonly string[] }[];
}

type Catalogue = readonly Registered<Detection>[];

/** Derives the subscription from the detections there are: a class that one of them comes to read is forwarded again. */
export function subscriptionOf(catalogue: Catalogue, classes: readonly BlindClass[] = blindClasses): Subscription {
  const judged = classes.map((kind) => ({ kind, readers: readersOf(catalogue, kind).filter((id) => !isExcused(id)) }));
  const kept = judged.filter(({ readers }) => readers.length > 0);
  const leftOut = judged.filter(({ readers }) => readers.length === 0).map(({ kind }) => kind);
  const condition = passing(leftOut);
  return { condition, json: leftOut.length === 0 ? '' : jsonPattern(condition), text: textPattern(pickedTexts(catalogue)), leftOut, kept };
}

/** What a detection is not shown, as nouns; nothing where it misses nothing. */
export function missedBy(detection: Detection): readonly string[] {
  if (!Object.hasOwn(acceptedBy, detection.id)) return [];
  const alone: Catalogue = [{ strategy: '', detection }];
  const classes = blindClasses.filter((kind) => readersOf(alone, kind).length > 0).map(({ what }) => what);
  return readersOfText(alone).length > 0 ? [...classes, unpickedText.what] : classes;
}

function isExcused(id: string): boolean {
  return Object.hasOwn(acceptedBy, id) || untouched.includes(id);
}

/** Detections that a line of the class would come to. */
function readersOf(catalogue: Catalogue, { reads }: BlindClass): readonly string[] {
  if (reads === undefined) return [];
  return catalogue.flatMap(({ detection }) => {
    if (!('reads' in detection) || detection.source !== 'audit') return [];
    const comes = detection.reads.some((key) => {
      const [verb = '', resource = ''] = key.split(' ');
      return (verb === '*' || reads.verbs.includes(verb)) && (resource === '*' || reads.resources.includes(resource));
    });
    return comes ? [detection.id] : [];
  });
}

function readersOfText(catalogue: Catalogue): readonly string[] {
  const troubles: readonly string[] = unpickedText.troubles;
  return catalogue.flatMap(({ detection }) =>
    'reads' in detection && detection.source === 'intake' && detection.reads.some((trouble) => troubles.includes(trouble))
      ? [detection.id]
      : [],
  );
}

/** What every audit line has that tells of an answered request for an object. */
const always: readonly AuditField[] = ['stage', 'verb', 'user', 'resource', 'code'];

/** Refused or failed, in the name of another, or by nobody: such a request always passes. */
const telling: readonly Condition[] = [
  { field: 'code', op: 'at-least', literal: 400 },
  { field: 'impersonated', op: 'is', literals: ['*'] },
  { field: 'user', op: 'is', literals: ['system:anonymous'] },
];

/** Everything but these classes. Whatever lacks a field that it should have passes, and is looked at. */
function passing(classes: readonly BlindClass[]): Condition {
  const unanswered = classes.filter(isUnanswered).map(outside);
  const answered = classes.filter((kind) => !isUnanswered(kind)).map(outside);
  const missing = always.map((field): Condition => ({ field, op: 'missing' }));
  return { all: [...unanswered, ...(answered.length === 0 ? [] : [{ any: [...missing, ...telling, { all: answered }] }])] };
}

/** Before the answer, nobody knows whether it will be a refusal: another line of the request tells. */
function isUnanswered({ lines }: BlindClass): boolean {
  return lines.every(({ stage }) => stage?.join() === 'RequestReceived');
}

function outside({ lines }: BlindClass): Condition {
  const each = lines.map((fields) => ({ all: fieldsOf(fields).map(([field, literals]): Condition => ({ field, op: 'is', literals })) }));
  return { not: { any: each } };
}

function fieldsOf(lines: Lines): readonly (readonly [AuditField, readonly string[]])[] {
  return Object.entries(lines) as readonly (readonly [AuditField, readonly string[]])[];
}

/** Words in the lines that a pattern on JSON cannot match and somebody reads. Cut lines are always wanted: padding hides bodies. */
function pickedTexts(catalogue: Catalogue): readonly string[] {
  const blind = readersOfText(catalogue).filter((id) => !isExcused(id));
  if (blind.length > 0)
    throw new Error(`${blind.join(', ')}: reads lines that no filter picks; accept that in shared/knowledge/blind-classes.ts`);
  const answersRead = new Set(
    catalogue.flatMap(({ detection }) => ('reads' in detection && detection.source === 'authenticator' ? detection.reads : [])),
  );
  const told = [...authenticatorAnswers].filter(([, outcome]) => answersRead.has(outcome)).map(([text]) => text);
  return [truncationMark, ...told];
}
