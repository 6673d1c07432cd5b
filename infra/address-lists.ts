import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import { compiledLists, type ListKind } from '../shared/contract/site.ts';
import { encodeLists } from '../shared/lists/compiled.ts';
import { listText } from '../shared/lists/list-text.ts';
import { type ListContent, readList } from '../shared/lists/reading.ts';

/** A list in a file, relative to this folder. */
export interface ListFile {
  readonly name: string;
  readonly kind: ListKind;
  readonly file: string;
}

/** What {@link AddressListLayer} needs. */
export interface AddressListLayerProps {
  readonly files: readonly ListFile[];
}

/**
 * The lists that come from files as a Lambda layer: thousands of addresses are too long for a function's environment, and a
 * list that changed must not change the functions' own code.
 */
export class AddressListLayer extends LayerVersion {
  constructor(scope: Construct, id: string, { files }: AddressListLayerProps) {
    // A file's time is when it was checked out: the layer would change with each checkout, and the age would be wrong.
    const lists = files.map(({ name, kind, file }) => ({ name, kind, ...listIn(kind, file) }));
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lists-'));
    writeFileSync(join(folder, compiledLists.file), encodeLists(lists));
    super(scope, id, { code: Code.fromAsset(folder), description: 'Plimsoll: lists of addresses' });
    // The asset was copied into the cloud assembly.
    rmSync(folder, { recursive: true });
  }
}

/** What a file of addresses holds. Throws where there is no such file. */
export function listIn(kind: ListKind, file: string): ListContent {
  return readList(kind, listText(readFileSync(resolve(import.meta.dirname, file))));
}
