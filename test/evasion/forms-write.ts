import { Random } from '../simulation/random.ts';
import type { Json, JsonObject } from '../simulation/go-json.ts';
import type { Ask, Form, Manner, Writing } from './attack.ts';
import { deployer } from './cast.ts';
import { textOf } from './objects.ts';
import { justNow, longAgo, written } from './forms-pods.ts';

const changing: ReadonlySet<Manner> = new Set(['update', 'merge-patch', 'json-patch', 'apply']);

/** Every way to write one object. */
export function writeForms(writing: Writing): Form[] {
  const first = writing.manners[0] ?? 'create';
  const whole = writing.manners.map((manner) => writeForm(writing, manner, manner));
  const spelt = Object.entries(writing.spellings ?? {}).map(([name, object]) => {
    return writeForm({ ...writing, object }, first === 'merge-patch' ? 'update' : first, name);
  });
  const generated = writing.generated === true && first === 'create' ? [generatedForm(writing)] : [];
  return [...whole, ...spelt, ...generated];
}

function writeForm(writing: Writing, manner: Manner, name: string): Form {
  const { target, object, before } = writing;
  const changes = changing.has(manner);
  const stored = changes ? storedOf(object, 7) : storedOf(object, 1, justNow);
  const born: Ask[] =
    before === undefined || !changes ? [] : [{ by: deployer, verb: 'create', target, sent: before, answered: storedOf(before, 1) }];
  const patch = name === manner && writing.patch !== undefined ? writing.patch : patchOf(object, before);
  return { name, before: born, asks: [written(manner, target, { object, stored, patch, steps: stepsOf(object, before) })] };
}

function generatedForm({ target, object }: Writing): Form {
  const { name, ...metadata } = object['metadata'] as JsonObject;
  const prefix = `${textOf(name)}-`;
  const sent = { ...object, metadata: { generateName: prefix, ...metadata } };
  const stored = storedOf({ ...object, metadata: { ...metadata, generateName: prefix, name: `${prefix}x7k2p` } }, 1, justNow);
  return { name: 'generateName', before: [], asks: [{ verb: 'create', target: { ...target, name: undefined }, sent, answered: stored }] };
}

function storedOf(object: JsonObject, generation: number, born = longAgo): JsonObject {
  const metadata = object['metadata'] as JsonObject;
  const ids = new Random(`${textOf(object['kind'])}/${textOf(metadata['name'])}`);
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: ids.uuid(),
      resourceVersion: String(9_000_000 + generation),
      creationTimestamp: born,
      managedFields: [
        {
          manager: 'kubectl',
          operation: 'Update',
          apiVersion: object['apiVersion'],
          time: '2026-03-11T09:14:22Z',
          fieldsType: 'FieldsV1',
          fieldsV1: {},
        },
      ],
    },
  };
}

const identifying = new Set(['kind', 'apiVersion', 'metadata', 'roleRef']);
const contentOf = (object: JsonObject): JsonObject => Object.fromEntries(Object.entries(object).filter(([key]) => !identifying.has(key)));
const labelsOf = (object: JsonObject | undefined, key: string): JsonObject =>
  ((object?.['metadata'] as JsonObject | undefined)?.[key] ?? {}) as JsonObject;

/** A merge patch from what was before: a null takes away. */
function patchOf(object: JsonObject, before: JsonObject | undefined): JsonObject {
  const labels = labelsOf(object, 'labels');
  const gone = Object.fromEntries(
    Object.keys(labelsOf(before, 'labels'))
      .filter((key) => !(key in labels))
      .map((key) => [key, null]),
  );
  const changed = { ...labels, ...gone };
  return { ...(Object.keys(changed).length === 0 ? {} : { metadata: { labels: changed } }), ...contentOf(object) };
}

/** RFC 6902 operations with the effect of the patch. */
function stepsOf(object: JsonObject, before: JsonObject | undefined): Json {
  const metadata = ['labels', 'annotations'].flatMap((key) => {
    const value = labelsOf(object, key);
    const had = labelsOf(before, key);
    return JSON.stringify(value) === JSON.stringify(had) ? [] : [{ op: 'add', path: `/metadata/${key}`, value }];
  });
  return [...metadata, ...Object.entries(contentOf(object)).map(([key, value]) => ({ op: 'replace', path: `/${key}`, value }))];
}
