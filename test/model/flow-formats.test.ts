import { describe, expect, it } from 'vitest';
import { readOptions } from '../../cli/options.ts';
import { remarks } from '../../cli/printing.ts';
import { Replay } from '../../cli/replaying.ts';
import { publishedFields } from '../../shared/model/flow-fields.ts';
import { defaultFlowFormat, type FlowLine, flowFormatOf, isFlowHeader, readFlowLine } from '../../shared/model/flow-line.ts';
import { Random } from '../simulation/random.ts';
import { quietScreen } from '../support/samples.ts';
import { Desk } from '../support/terminal.ts';

/** Flow logs of every published version are read in whatever order; what a format names that nobody knows keeps its place. */

/** What a record of a version holds: values as the user guide shows them. */
const values: Readonly<Record<string, string>> = {
  version: '11',
  'account-id': '111122223333',
  'interface-id': 'eni-0a1b2c3d4e5f60718',
  srcaddr: '10.0.31.7',
  dstaddr: '198.51.100.9',
  srcport: '40000',
  dstport: '443',
  protocol: '6',
  packets: '12',
  bytes: '8640',
  start: '1773110400',
  end: '1773110459',
  action: 'ACCEPT',
  'log-status': 'OK',
  'tcp-flags': '3',
  type: 'IPv4',
  'pkt-srcaddr': '10.0.31.112',
  'pkt-dstaddr': '198.51.100.9',
  'pkt-dst-aws-service': 'S3',
  'flow-direction': 'egress',
  'traffic-path': '8',
  'reject-reason': '-',
  'encryption-status': '0',
  'instance-tag': 'Name=a%20node',
  'interface-type': 'nat_gateway',
};

const lineOf = (names: readonly string[], changed: Readonly<Record<string, string>> = {}): string =>
  names.map((name) => changed[name] ?? values[name] ?? '-').join(' ');

function read(names: readonly string[], changed: Readonly<Record<string, string>> = {}): FlowLine | string {
  const result = readFlowLine(lineOf(names, changed), flowFormatOf(names.join(' ')));
  return typeof result === 'string' ? result : { ...result };
}

const upTo = (version: number): readonly string[] =>
  Object.entries(publishedFields).flatMap(([number, names]) => (Number(number) <= version ? names : []));
const versions = Object.keys(publishedFields).map(Number);

describe('a format', () => {
  it('knows the versions from 2 to 11, of which there is no 6', () => {
    expect(versions).toEqual([2, 3, 4, 5, 7, 8, 9, 10, 11]);
    expect(upTo(2).join(' ')).toBe(defaultFlowFormat);
    expect(flowFormatOf(upTo(11).join(' ')).unknown).toEqual([]);
    expect(isFlowHeader(upTo(11).join(' '))).toBe(true);
  });

  it.each(versions)('of version %i is read in any order, with and without its braces', (version) => {
    const random = new Random(`order ${String(version)}`);
    const names = upTo(version);
    const whole = read(names);
    expect(whole).toMatchObject({
      source: version < 3 ? '10.0.31.7' : '10.0.31.112',
      destinationPort: 443,
      bytes: 8_640,
      end: 1_773_110_459_000,
    });
    for (let time = 0; time < 20; time += 1) {
      const shuffled = random.shuffled(names);
      expect(read(shuffled)).toEqual(whole);
      expect(flowFormatOf(shuffled.map((name) => `\${${name}}`).join(' '))).toEqual(flowFormatOf(shuffled.join(' ')));
    }
  });

  it('keeps the place of a name that nobody knows, and says the name once', () => {
    const names = ['flow-mood', ...upTo(5).slice(0, 7), 'scraddr', 'flow-mood', ...upTo(11).slice(7)];
    expect(flowFormatOf(names.join(' ')).unknown).toEqual(['flow-mood', 'scraddr']);
    expect(read(names)).toEqual(read(upTo(11)));
  });
});

describe('a record', () => {
  const names = upTo(11);

  it('of a regional NAT gateway has no interface but a resource', () => {
    expect(read(names, { 'interface-id': '-', 'resource-id': 'nat-0a1b2c3d4e5f60718' })).toMatchObject({
      interface: 'nat-0a1b2c3d4e5f60718',
    });
    expect(read(names, { 'resource-id': 'nat-0a1b2c3d4e5f60718' })).toMatchObject({ interface: 'eni-0a1b2c3d4e5f60718' });
  });

  it.each(['BPA', 'EC', '-'])('that was refused for %s is a refused one', (reason) => {
    expect(read(names, { action: 'REJECT', 'reject-reason': reason })).toMatchObject({ accepted: false });
  });

  it('may hold tags of anything: they are percent-encoded, and not read', () => {
    for (const tag of ['a=%20', '%00', '__proto__=x', '-', '='])
      expect(read(names, { 'asg-tag': tag, 'instance-tag-2': tag })).toEqual(read(names));
  });

  it('of more or fewer fields than the format is rejected', () => {
    expect(readFlowLine(`${lineOf(names)} more`, flowFormatOf(names.join(' ')))).toBe('flow-field-count');
    expect(readFlowLine(lineOf(names.slice(1)), flowFormatOf(names.join(' ')))).toBe('flow-field-count');
  });

  it('without data says so in every version', () => {
    for (const version of versions) {
      const gap = {
        srcaddr: '-',
        dstaddr: '-',
        srcport: '-',
        dstport: '-',
        protocol: '-',
        packets: '-',
        bytes: '-',
        action: '-',
        'log-status': 'SKIPDATA',
      };
      expect(read(upTo(version), gap)).toBe('flow-skip-data');
    }
  });
});

it('is said once in a replay, however many files name it', async () => {
  using desk = new Desk();
  const names = [...upTo(2), 'flow-mood'];
  const content = [names.join(' '), lineOf(names)].join('\n');
  const options = readOptions([desk.put('a.log', content), desk.put('b.log', `${content}\n`)]);
  if (options === 'help') throw new Error('unreachable: no --help was given');
  const said = [...remarks(await new Replay(options).run(quietScreen), false)].filter((line) => line.includes('flow-mood'));
  expect(said).toEqual(['fields of flow logs that are not known are not read: flow-mood']);
});
