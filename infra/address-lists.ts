import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import { type AddressListFile, readAddressList } from '../shared/address-list.ts';
import { type AddressList, listsFile } from '../shared/contract.ts';

/** What {@link AddressListLayer} needs. */
export interface AddressListLayerProps {
  /** Files of addresses by list, relative to this folder. */
  readonly files: Readonly<Partial<Record<AddressList, string>>>;
}

/**
 * The lists of addresses as a Lambda layer: thousands of addresses are too long for a function's environment, and a list
 * that changed must not change the functions' own code.
 */
export class AddressListLayer extends LayerVersion {
  constructor(scope: Construct, id: string, { files }: AddressListLayerProps) {
    const lists = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, addressesIn(file).addresses]));
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lists-'));
    writeFileSync(join(folder, listsFile.name), JSON.stringify(lists));
    super(scope, id, { code: Code.fromAsset(folder), description: 'Plimsoll: addresses of bad repute' });
    // The asset was copied into the cloud assembly.
    rmSync(folder, { recursive: true });
  }
}

/** What a file of addresses holds. Throws where there is no such file. */
export function addressesIn(file: string): AddressListFile {
  return readAddressList(readFileSync(resolve(import.meta.dirname, file), 'utf8'));
}
