import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Laws of the house that imports do not show: dependency-cruiser holds those. */

const root = join(import.meta.dirname, '..');

/** What the makers of the logs call their fields: the model gives them names of our own. */
const vendorNames = [
  ...['apiVersion', 'auditID', 'impersonatedUser', 'objectRef', 'requestObject', 'requestReceivedTimestamp', 'requestURI'],
  ...['responseObject', 'responseStatus', 'sourceIPs', 'stageTimestamp', 'userAgent'],
  ...['awslogs', 'logEvents', 'logGroup', 'logStream', 'messageType'],
  ...['detail-type', 'errorCode', 'eventID', 'eventName', 'eventSource', 'recipientAccountId', 'requestParameters'],
  ...['responseElements', 'sourceIPAddress', 'userIdentity'],
  ...['dstaddr', 'dstport', 'interface-id', 'log-status', 'pkt-dstaddr', 'pkt-srcaddr', 'srcaddr', 'srcport'],
];

/** Where such a name is no knowledge of a log's fields, and why. */
const otherwiseMeant: Readonly<Record<string, readonly string[]>> = {
  // A person types the fields of a flow log.
  'cli/options.ts': ['dstaddr', 'dstport', 'srcaddr'],
  // What Lambda hands over; intake opens it.
  'functions/judging-lines.ts': ['awslogs'],
  // DynamoDB names what happened to an item like CloudTrail names a call.
  'functions/findings-stream.ts': ['eventName'],
  // A manifest that a person applies, and fields by which a person asks CloudWatch Logs.
  'shared/alert/response/contain.ts': ['apiVersion'],
  'shared/alert/response/search.ts': ['auditID', 'impersonatedUser', 'logStream', 'objectRef', 'requestURI', 'responseStatus', 'sourceIPs'],
  // What CloudWatch Logs is given to write, not what a subscription brings.
  'shared/adapters/log-stream.ts': ['logEvents'],
  // The flow logs that the stack creates are declared by their fields.
  'shared/contract/logs.ts': ['dstaddr', 'dstport', 'interface-id', 'log-status', 'pkt-dstaddr', 'pkt-srcaddr', 'srcaddr', 'srcport'],
};

const vendorName = new RegExp(`(?<![\\w-])(?:${vendorNames.join('|')})(?![\\w-])`, 'g');

/** What makes a program tell or do something else the next time. */
const impure =
  /^(?:process\b.*|console\b.*|performance\b.*|Date\.now|Math\.random|new Date\(\)|Date\(\)|random(?:UUID|Bytes|Int)|getRandomValues|set(?:Timeout|Interval|Immediate))$/;

function filesBelow(...folders: readonly string[]): ts.SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ts.createSourceFile(relative(root, path), readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)),
  );
}

function nodesOf(file: ts.SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return nodes;
}

/** The vendors' names in code: identifiers, strings and patterns, but not comments. */
function vendorNamesIn(file: ts.SourceFile): string[] {
  const texts = nodesOf(file).flatMap((node) => {
    const spelt =
      ts.isIdentifier(node) || ts.isLiteralExpression(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isTemplateHead(node);
    return spelt ? [node.text] : [];
  });
  return [...new Set(texts.flatMap((text) => text.match(vendorName) ?? []))].sort();
}

function impuritiesIn(file: ts.SourceFile): string[] {
  return nodesOf(file)
    .map((node) => {
      if (ts.isNewExpression(node) || ts.isCallExpression(node)) return node.arguments?.length ? '' : node.getText();
      if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return node.getText();
      return ts.isImportSpecifier(node) || (ts.isIdentifier(node) && ts.isCallExpression(node.parent)) ? node.getText() : '';
    })
    .filter((text) => impure.test(text))
    .map((text) => `${file.fileName}: ${text}`);
}

/** Lines that hold more than comments, as ESLint counts them. */
function linesOfCode(file: ts.SourceFile): number {
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length === 0) {
      const [first, last] = [node.getStart(file), node.getEnd()].map((at) => file.getLineAndCharacterOfPosition(at).line) as [
        number,
        number,
      ];
      if (node.getWidth(file) > 0) for (let line = first; line <= last; line += 1) lines.add(line);
    }
    children.forEach(visit);
  };
  visit(file);
  return lines.size;
}

const lines = (file: ts.SourceFile): number => file.text.trimEnd().split('\n').length;

describe('the house', () => {
  it('keeps the names that vendors give their fields in model and intake', () => {
    const elsewhere = filesBelow('shared', 'functions', 'cli')
      .filter(({ fileName }) => !/^shared\/(?:model|intake)\//.test(fileName))
      .map((file) => [file.fileName, vendorNamesIn(file)] as const);
    expect(Object.fromEntries(elsewhere.filter(([, names]) => names.length > 0))).toEqual(otherwiseMeant);
  });

  it('finds those names where they belong, so that the scan is not blind', () => {
    const known = new Set(filesBelow('shared/model', 'shared/intake').flatMap(vendorNamesIn));
    expect(vendorNames.filter((name) => !known.has(name))).toEqual([]);
  });

  it('has no clock, chance, environment or console in shared, adapters aside', () => {
    const pure = filesBelow('shared').filter(({ fileName }) => !fileName.startsWith('shared/adapters/'));
    expect(pure.flatMap(impuritiesIn)).toEqual([]);
  });

  it('has no file of more than 300 lines of code', () => {
    const files = filesBelow('shared', 'functions', 'cli', 'infra');
    expect(files.filter((file) => linesOfCode(file) > 300).map(({ fileName }) => fileName)).toEqual([]);
  });

  it('has detections that fit on a page', () => {
    const lengths = filesBelow('shared/detections')
      .map(lines)
      .sort((a, b) => a - b);
    expect(lengths.at(-1)).toBeLessThanOrEqual(100);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(80);
  });
});
