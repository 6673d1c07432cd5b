import { isIPv4 } from 'node:net';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Entity, type EntityKind, entityKinds } from '../model/entity.ts';
import { list, number, parseJson, text } from '../model/json.ts';
import { ByteReader, bytesOfPrintable, ByteWriter, printable } from './ledger-bytes.ts';
import { addMinute, conversationBytes, type Destination, emptyPair, type Pair } from './ledger-pair.ts';

/*
 * Documents of the ledger are many and small: each is a table of texts and columns of numbers, deflated, so that what a
 * payload of a hundred lines writes is one write unit.
 */

/** What one payload says of one hour. */
export interface Share {
  readonly pairs: readonly Pair[];
  /** Bytes that came back in conversations whose call the payload does not hold, by the conversation's short name. */
  readonly astray: ReadonlyMap<number, number>;
  readonly telemetry: Telemetry;
}

/** How well interfaces were logged. */
export interface Telemetry {
  /** Minutes of interfaces in which traffic was logged. */
  readonly logged: number;
  /** Minutes of interfaces in which there was none. */
  readonly quiet: number;
  /** Interfaces whose traffic was not all logged, and in which minutes of the hour. */
  readonly skipped: ReadonlyMap<string, ReadonlySet<number>>;
}

/** A document's text may stand for so much: what lies in the table is not believed blindly. */
const largestText = 32 * 1024 * 1024;

/** Texts and numbers as the text of a document. */
export function packed(texts: unknown, numbers: Uint8Array): string {
  const head = Buffer.from(`${JSON.stringify(texts)}${endOfTexts}`);
  const whole = Buffer.concat([head, numbers]);
  return whole.length <= smallest ? `${plain}${printable(whole)}` : `${deflated}${printable(deflateRawSync(whole))}`;
}

/** What begins a document: how it is written. What is one write unit either way is not worth the work of deflating it. */
const plain = '0';
const deflated = '1';
const smallest = 600;

/** No JSON holds it. */
const endOfTexts = '\0';

/** What {@link packed} made a text of; nothing for anything else. */
export function unpacked(document: string): { readonly texts: unknown; readonly bytes: Uint8Array } {
  try {
    const bytes = bytesOfPrintable(document.slice(1));
    const whole = document.startsWith(plain) ? Buffer.from(bytes) : inflateRawSync(bytes, { maxOutputLength: largestText });
    const end = whole.indexOf(endOfTexts);
    return { texts: parseJson(whole.toString('utf8', 0, Math.max(0, end))), bytes: whole.subarray(end + 1) };
  } catch {
    return { texts: undefined, bytes: new Uint8Array() };
  }
}

/** A share as the text of a document. */
export function encodeShare({ pairs: unordered, astray, telemetry }: Share, cluster: string): string {
  // In order of service, so that like stands beside like.
  const pairs = [...unordered].sort((one, other) => serviceOf(one) - serviceOf(other));
  const cells = pairs.flatMap(({ minutes }) => [...minutes].sort(([one], [other]) => one - other));
  const from = pairs.map((pair) => entityText(pair.from, cluster));
  const to = pairs.map((pair) => destinationText(pair.to));
  const pods = pairs.map((pair) => [...pair.pods.keys()].sort().map((pod) => shortPod(pod, pair.from)));
  const numbers = new ByteWriter();
  numbers.count(pairs.length);
  numbers.counts(pairs.map(serviceOf));
  numbers.counts(pairs.map(({ attempts }) => attempts));
  numbers.counts(pairs.map(({ rejected }) => rejected));
  numbers.counts(pairs.map(({ minutes }) => minutes.size));
  numbers.counts(pairs.map(({ conversations }) => conversations.size));
  numbers.counts(cells.map(([minute]) => minute));
  numbers.counts(cells.map(([, { packets }]) => packets));
  numbers.counts(cells.map(([, { bytes }]) => bytes));
  numbers.counts(pairs.map(({ back }) => back));
  numbers.counts([telemetry.logged, telemetry.quiet, astray.size, ...astray.values()]);
  numbers.words([...pairs.flatMap(({ conversations }) => [...conversations]), ...astray.keys()], conversationBytes);
  numbers.words([...from, ...to].flatMap(plainAddress), addressBytes);
  const skipped = [...telemetry.skipped].map(([name, minutes]) => [name, ...minutes]);
  return packed(
    [column(from.map(textBeside)), column(to.map(textBeside)), column(pods.map((some) => column(some, ' '))), skipped],
    numbers.take(),
  );
}

const addressBytes = 4;
/** Ports there are for a protocol. */
const ports = 65_536;

function serviceOf({ protocol, port }: Pair): number {
  return protocol * ports + port;
}

/** The share that a document holds: whatever in it makes no sense is left out. */
export function decodeShare(document: string, cluster: string): Share {
  const { texts, bytes } = unpacked(document);
  const [from, to, pods] = list(texts).map((each) => textsIn(each));
  const numbers = new ByteReader(bytes);
  const rows = numbers.count();
  const [services, attempts, rejected, lengths, named] = columnsOf(numbers, 5, rows);
  const cells = columnsOf(numbers, 3, sumOf(lengths));
  const back = numbers.counts(rows);
  const [logged = 0, quiet = 0, strays = 0] = numbers.counts(3);
  const came = numbers.counts(strays);
  const conversations = numbers.words(sumOf(named) + strays, conversationBytes);
  const addresses = numbers.words([...(from ?? []), ...(to ?? [])].filter(isPlain).length, addressBytes);
  let address = 0;
  const whole = (texts: readonly string[] = []): string[] =>
    texts.map((each) => (isPlain(each) ? each + dotted(addresses[address++] ?? 0) : each));
  const senders = whole(from);
  const destinations = whole(to);
  let cell = 0;
  let conversation = 0;
  const pairs = senders.slice(0, rows).map((sender, row): Pair => {
    const entity = entityIn(sender, cluster);
    const service = services[row] ?? 0;
    const pair = emptyPair({
      from: entity,
      to: destinationFrom(destinations[row]),
      protocol: Math.floor(service / ports),
      port: service % ports,
    });
    pair.attempts = attempts[row] ?? 0;
    pair.rejected = rejected[row] ?? 0;
    pair.back = back[row] ?? 0;
    for (const pod of textsIn(pods?.[row], ' ')) pair.pods.set(longPod(pod, entity), 1);
    for (const each of conversations.slice(conversation, (conversation += named[row] ?? 0))) pair.conversations.add(each);
    for (const last = cell + (lengths[row] ?? 0); cell < Math.min(last, cells[0].length); cell += 1)
      addMinute(pair, (cells[0][cell] ?? 0) % 60, cells[2][cell] ?? 0, cells[1][cell] ?? 0);
    return pair;
  });
  const astray = new Map(came.map((each, row) => [conversations[conversation + row] ?? 0, each]));
  return { pairs, astray, telemetry: { logged, quiet, skipped: new Map(list(list(texts)[3]).map((entry) => skipIn(list(entry)))) } };
}

type Columns = readonly [readonly number[], readonly number[], readonly number[], readonly number[], readonly number[]];

function columnsOf(numbers: ByteReader, columns: number, rows: number): Columns {
  const [first = [], second = [], third = [], fourth = [], fifth = []] = Array.from({ length: columns }, () => numbers.counts(rows));
  return [first, second, third, fourth, fifth];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function skipIn([name, ...minutes]: readonly unknown[]): [string, ReadonlySet<number>] {
  return [text(name) ?? '', new Set(minutes.map((each) => countOf(each) % 60))];
}

/** Texts as one, each on a line of its own: what many columns hold deflates best so. */
export function column(all: readonly string[], separator = '\n'): string {
  return all.join(separator);
}

/** The texts of a column. */
export function textsIn(value: unknown, separator = '\n'): readonly string[] {
  const whole = text(value) ?? '';
  return whole === '' ? [] : whole.split(separator);
}

/** A count; 0 for what is none. */
function countOf(value: unknown): number {
  const known = number(value) ?? 0;
  return known >= 0 && known <= Number.MAX_SAFE_INTEGER ? Math.floor(known) : 0;
}

/** Kinds as one letter each: their place among {@link entityKinds}. */
const kindLetters = 'iwpnsoacl';
const networkLetter = '/';

/** An entity as one text: its kind as a letter, a capital where its id is its name in the cluster; else its id stands beside the name. */
export function entityText({ kind, id, name }: Entity, cluster: string): string {
  const letter = letterOf(kind);
  if (id === `${cluster}/${name}`) return `${letter.toUpperCase()}${onOneLine(name)}`;
  return `${letter}${onOneLine(name)}${id === name ? '' : `\t${onOneLine(id)}`}`;
}

/** The entity of a text. */
export function entityIn(entity: string, cluster: string): Entity {
  const [name = '', id = name] = entity.slice(1).split('\t');
  const letter = entity.slice(0, 1);
  const isInCluster = letter !== letter.toLowerCase();
  return { kind: kindOf(letter), id: isInCluster ? `${cluster}/${name}` : id, name };
}

/** A destination as one text. */
export function destinationText({ kind, name, reach }: Destination): string {
  const letter = kind === 'network' ? networkLetter : letterOf(kind);
  return `${letter}${onOneLine(name)}${reach === usualReach ? '' : `\t${onOneLine(reach)}`}`;
}

/** The destination of a text. */
export function destinationFrom(destination = ''): Destination {
  const [name = '', reach = usualReach] = destination.slice(1).split('\t');
  return { kind: destination.startsWith(networkLetter) ? 'network' : kindOf(destination), name, reach };
}

/** IPv4 addresses stand among the numbers: of theirs a text holds the kind alone. */
function plainAddress(text: string): number[] {
  return isAddress(text) ? [numberOf(text.slice(1))] : [];
}

function textBeside(text: string): string {
  return isAddress(text) ? text.slice(0, 1) : text;
}

function isAddress(text: string): boolean {
  return text.startsWith('a') && isIPv4(text.slice(1));
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isPlain(text: string): boolean {
  return text.length === 1;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => String((address >>> shift) & 0xff)).join('.');
}

/** Where most destinations lie. */
const usualReach = 'private';

function letterOf(kind: EntityKind): string {
  return kindLetters[entityKinds.indexOf(kind)] ?? 'a';
}

function kindOf(text: string): EntityKind {
  return entityKinds[kindLetters.indexOf(text.slice(0, 1).toLowerCase())] ?? 'address';
}

/** Tabs and line feeds stand between texts: in one, which no name of Kubernetes or address holds, they would forge another. */
function onOneLine(name: string): string {
  return name.replace(/[\t\n]/g, ' ') || '-';
}

/** A pod of a workload bears the workload's name, and lies in its namespace: both stand with the sender already. */
function shortPod(pod: string, { name }: Entity): string {
  const prefix = podPrefix(name);
  return onOneWord(prefix !== undefined && pod.startsWith(prefix) ? `+${pod.slice(prefix.length)}` : pod);
}

function longPod(pod: string, { name }: Entity): string {
  return pod.startsWith('+') ? (podPrefix(name) ?? '') + pod.slice(1) : pod;
}

function podPrefix(workload: string): string | undefined {
  const [namespace, , name] = workload.split('/');
  return name === undefined || namespace === undefined ? undefined : `${namespace}/${name}`;
}

function onOneWord(name: string): string {
  return name.replace(/\s/g, '-');
}
