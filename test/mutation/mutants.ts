import ts from 'typescript';

/** A file with one thing changed. */
export interface Mutant {
  /** From the root of the project. */
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly source: string;
}

/** Properties that tell people or other systems something, and decide nothing. */
const telling = new Set(['id', 'title', 'next', 'summary', 'attack', 'rows', 'confidence', 'about', 'name', 'baseline']);

interface Change {
  readonly node: ts.Node;
  readonly what: string;
  readonly text: string;
}

const swaps = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.LessThanToken, '<='],
]);

const calls = new Map([
  ['some', 'every'],
  ['every', 'some'],
]);

/** Every mutant of a file that changes one thing. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    if (isSilent(node)) return;
    changes.push(...changesAt(node));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return changes.map(({ node, what, text }) => ({
    file,
    line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    what,
    source: source.slice(0, node.getStart()) + text + source.slice(node.getEnd()),
  }));
}

/** Types, imports and what is only told hold nothing that a test of behaviour could miss. */
function isSilent(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return true;
  if (ts.isTypeAliasDeclaration(node) || ts.isTemplateExpression(node)) return true;
  return ts.isPropertyAssignment(node) && telling.has(node.name.getText());
}

function changesAt(node: ts.Node): Change[] {
  if (ts.isBinaryExpression(node)) {
    const other = swaps.get(node.operatorToken.kind);
    return other === undefined ? [] : [{ node: node.operatorToken, what: `${node.operatorToken.getText()} becomes ${other}`, text: other }];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [{ node, what: `${short(node)} loses its !`, text: `(${node.operand.getText()})` }];
  if (ts.isIfStatement(node)) return guardChanges(node);
  if (ts.isConditionalExpression(node)) return [negated(node.condition)];
  // Who asks whether something holds takes nothing for false.
  if (ts.isReturnStatement(node) && node.expression !== undefined && !['undefined', 'false'].includes(node.expression.getText()))
    return [{ node, what: `${short(node)} returns undefined`, text: 'return undefined;' }];
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && node.body.getText() !== 'undefined')
    return [{ node: node.body, what: `${short(node.body)} becomes undefined`, text: 'undefined' }];
  if (ts.isArrayLiteralExpression(node)) return dropped(node);
  if (ts.isStringLiteral(node) && isChangeable(node))
    return [{ node, what: `${short(node)} becomes another text`, text: `'~${node.text.length === 0 ? 'x' : ''}'` }];
  if (ts.isPropertyAccessExpression(node) && ts.isCallExpression(node.parent) && node.parent.expression === node) {
    const other = calls.get(node.name.text);
    return other === undefined ? [] : [{ node: node.name, what: `${node.name.text} becomes ${other}`, text: other }];
  }
  return [];
}

function guardChanges(node: ts.IfStatement): Change[] {
  const first = ts.isBlock(node.thenStatement) ? node.thenStatement.statements[0] : node.thenStatement;
  const leaves = first !== undefined && (ts.isReturnStatement(first) || ts.isContinueStatement(first)) && node.elseStatement === undefined;
  return [negated(node.expression), ...(leaves ? [{ node, what: `${short(node)} is gone`, text: ';' }] : [])];
}

function negated(condition: ts.Expression): Change {
  return { node: condition, what: `${short(condition)} is negated`, text: `!(${condition.getText()})` };
}

/** Lists without one of their members. */
function dropped(list: ts.ArrayLiteralExpression): Change[] {
  return list.elements.map((element) => ({
    node: list,
    what: `${short(element)} is dropped`,
    text: `[${list.elements
      .filter((other) => other !== element)
      .map((other) => other.getText())
      .join(', ')}]`,
  }));
}

/** In a list a text is dropped already; a key names a field of its own; a declared severity is one of four words. */
function isChangeable(node: ts.StringLiteral): boolean {
  const { parent } = node;
  if (ts.isArrayLiteralExpression(parent)) return false;
  return !ts.isPropertyAssignment(parent) || (parent.name !== node && parent.name.getText() !== 'severity');
}

function short(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
