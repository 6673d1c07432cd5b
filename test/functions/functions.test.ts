import { deflateRawSync } from 'node:zlib';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { timeOf } from '../../functions/clock.ts';
import { deployedLists, flowSources, region, setting, site } from '../../functions/environment.ts';
import { orderIn, findingGroupIn } from '../../functions/findings-stream.ts';
import { decodeEventBridge } from '../../shared/intake/event-bridge.ts';
import { encodeLists } from '../../shared/lists/compiled.ts';
import { readList } from '../../shared/lists/reading.ts';
import { Desk } from '../support/terminal.ts';

describe('settings', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('that are missing or wrong are named, with what is expected', () => {
    for (const name of ['AWS_REGION', 'PLIMSOLL_STATE_TABLE', 'PLIMSOLL_SITE', 'PLIMSOLL_FLOW_SOURCES']) vi.stubEnv(name, undefined);
    expect(region).toThrow('AWS_REGION is not set');
    expect(() => setting('stateTable')).toThrow('PLIMSOLL_STATE_TABLE is not set: set it to');
    expect(site).toThrow('PLIMSOLL_SITE is not set');
    for (const wrong of ['{"vpc":', 'null', '7']) {
      vi.stubEnv('PLIMSOLL_FLOW_SOURCES', wrong);
      expect(flowSources).toThrow(`PLIMSOLL_FLOW_SOURCES is ${wrong}: set it to JSON`);
    }
  });

  it('are read as they are', () => {
    vi.stubEnv('PLIMSOLL_STATE_TABLE', 'state');
    vi.stubEnv('PLIMSOLL_SITE', '{"networks":{"vpc":["10.0.0.0/8"]}}');
    expect(setting('stateTable')).toBe('state');
    expect(site()).toEqual({ networks: { vpc: ['10.0.0.0/8'] } });
  });

  it('hold the lists of the layer, and fail where these cannot be read', () => {
    using desk = new Desk();
    expect(deployedLists()).toEqual([]);
    const content = readList('tor', '203.0.113.9');
    const compiled = encodeLists([{ name: 'exits', kind: 'tor', ...content }]);
    vi.stubEnv('PLIMSOLL_LISTS', desk.put('lists.bin', compiled));
    expect(deployedLists()).toEqual([{ name: 'exits', kind: 'tor', ranges: content.ranges, systems: [] }]);
    vi.stubEnv('PLIMSOLL_LISTS', desk.put('other.bin', '{"tor":["203.0.113.9"]}'));
    expect(deployedLists).toThrow('these are no compiled lists');
    vi.stubEnv('PLIMSOLL_LISTS', desk.path('nowhere.bin'));
    expect(deployedLists).toThrow('no such file');
  });
});

describe('a tick', () => {
  it('has a time', () => {
    expect(timeOf({ tick: true, time: '2026-03-02T12:00:00Z' })).toBe(Date.parse('2026-03-02T12:00:00Z'));
    expect(() => timeOf({ tick: true, time: '<aws.scheduler.scheduled-time>' })).toThrow('this is no tick');
  });
});

describe('a record of the findings stream', () => {
  type Change = 'INSERT' | 'MODIFY' | 'REMOVE';
  const image = (kind: string, document?: string, telling?: string) => ({
    kind: { S: kind },
    ...(document === undefined ? {} : { document: { S: document } }),
    ...(telling === undefined ? {} : { telling: { N: telling } }),
  });
  const record = (eventName: Change, kind: string, document?: string, value = {}): DynamoDBRecord => ({
    eventName,
    dynamodb: { SequenceNumber: '1', NewImage: { ...image(kind, document), ...value } },
  });
  const deflated = (document: string) => ({ document: { B: deflateRawSync(document).toString('base64') } });
  const ordered = (eventName: Change, telling?: string, before?: string, document = '{"id":"a"}'): DynamoDBRecord => ({
    eventName,
    dynamodb: {
      SequenceNumber: '1',
      NewImage: image('alert', document, telling),
      ...(eventName === 'INSERT' ? {} : { OldImage: image('alert', '{}', before) }),
    },
  });

  it('brings findings only when they are new', () => {
    expect(findingGroupIn(record('INSERT', 'finding', '{"key":"k"}'))).toEqual({ key: 'k' });
    expect(findingGroupIn(record('INSERT', 'finding', undefined, deflated('{"key":"k"}')))).toEqual({ key: 'k' });
    expect(findingGroupIn(record('MODIFY', 'finding', '{}'))).toBeUndefined();
    expect(findingGroupIn(record('INSERT', 'alert', '{}'))).toBeUndefined();
  });

  it('brings an order once, by the change that gave it', () => {
    expect(orderIn(ordered('INSERT', '1'))?.alert).toEqual({ id: 'a' });
    expect(orderIn(ordered('MODIFY', '2', '1'))?.alert).toEqual({ id: 'a' });
    expect(orderIn(ordered('MODIFY', '2'))?.alert).toEqual({ id: 'a' });
    expect(orderIn(ordered('MODIFY', '2', '2'))).toBeUndefined();
    expect(orderIn(ordered('MODIFY'))).toBeUndefined();
    expect(orderIn(ordered('INSERT'))).toBeUndefined();
    expect(orderIn(ordered('REMOVE', '1'))).toBeUndefined();
    expect(orderIn({ eventName: 'REMOVE', dynamodb: { OldImage: image('alert', '{}', '1') } })).toBeUndefined();
    expect(orderIn({})).toBeUndefined();
  });

  it('that cannot be read fails', () => {
    expect(() => orderIn({ eventName: 'INSERT', dynamodb: { NewImage: image('alert', undefined, '1') } })).toThrow('without a document');
    expect(() => orderIn(ordered('INSERT', '1', undefined, '{'))).toThrow();
    expect(() => findingGroupIn(record('INSERT', 'finding', '{'))).toThrow();
    expect(() => findingGroupIn(record('INSERT', 'finding', undefined, { document: { B: '{' } }))).toThrow('without a document');
  });
});

describe('an EventBridge event', () => {
  it('is one record with its id, time and place', () => {
    const event = { id: 'e1', source: 'aws.eks', account: '111122223333', region: 'eu-west-1', time: '2026-03-02T12:00:00Z', detail: {} };
    expect(decodeEventBridge(event, 'eu-central-1')).toMatchObject({
      log: 'api',
      scope: { cluster: '', account: '111122223333', region: 'eu-west-1' },
      place: 'EventBridge, aws.eks',
      records: [{ id: 'e1', ingested: Date.parse('2026-03-02T12:00:00Z'), message: JSON.stringify(event) }],
    });
  });

  it('is a record whatever it is', () => {
    for (const event of [undefined, null, 7, 'text', [], {}]) expect(decodeEventBridge(event, 'eu-central-1').records).toHaveLength(1);
  });
});
