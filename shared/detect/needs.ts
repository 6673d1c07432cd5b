import type { AddressList } from '../contract.ts';
import type { FlowField, FlowFormat } from '../model/flow-line.ts';
import { Engine } from './engine.ts';
import type { Registered } from './finding.ts';
import type { Declaration, Detection, Need } from './kit.ts';

type FlowNeed = Extract<Need, `flow:${string}`>;

const fieldsOf: Readonly<Record<FlowNeed, readonly FlowField[]>> = {
  'flow:tcp-flags': ['flags'],
  'flow:bytes': ['bytes'],
  'flow:ports': ['sourcePort', 'destinationPort'],
  'flow:action': ['action'],
};

const listOf: Readonly<Record<Exclude<Need, FlowNeed>, AddressList>> = { 'list:tor': 'tor', 'list:threat': 'threat' };

/** What a detection needs and a flow log of this format does not have. */
function lacking({ needs = [] }: Declaration, { has }: FlowFormat): readonly Need[] {
  return needs.filter((need) => need in fieldsOf && !fieldsOf[need as FlowNeed].every((field) => has.has(field)));
}

/** Lists of addresses that a detection needs and the site does not have. */
function unlisted({ needs = [] }: Declaration, lists: ReadonlySet<AddressList>): readonly Need[] {
  return needs.filter((need) => need in listOf && !lists.has(listOf[need as keyof typeof listOf]));
}

/** A detection that is off because the telemetry, or what is known about addresses, lacks what it needs. */
export interface Off {
  readonly detection: string;
  readonly needs: readonly Need[];
  /** Off for all that is read, or in some of the flow logs only. */
  readonly everywhere: boolean;
}

/** Detections that are off, given the formats of the flow logs there are and the lists of addresses. */
export function switchedOff(
  catalogue: readonly Registered<Detection>[],
  formats: readonly FlowFormat[],
  lists: ReadonlySet<AddressList>,
): readonly Off[] {
  return catalogue.flatMap(({ detection }) => {
    const missing = unlisted(detection, lists);
    const lacks = formats.map((format) => lacking(detection, format));
    const needs = [...new Set([...missing, ...lacks.flat()])];
    const everywhere = missing.length > 0 || lacks.every((each) => each.length > 0);
    return needs.length === 0 ? [] : [{ detection: detection.id, needs, everywhere }];
  });
}

/** The detections for which the site has the lists they need: without one, silence would pass for a clean record. */
export function withLists(catalogue: readonly Registered<Detection>[], lists: ReadonlySet<AddressList>): readonly Registered<Detection>[] {
  return catalogue.filter(({ detection }) => unlisted(detection, lists).length === 0);
}

/** Engines that leave out what a flow log's format cannot feed: a count without flags would be wrong, not just absent. */
export class EnginesByFormat {
  private readonly engines = new Map<FlowFormat, Engine>();
  private readonly catalogue: readonly Registered<Detection>[];

  constructor(catalogue: readonly Registered<Detection>[]) {
    this.catalogue = catalogue;
  }

  /** The engine for a flow log's lines. Formats are configuration, hence few. */
  engineFor(format: FlowFormat): Engine {
    let engine = this.engines.get(format);
    if (engine === undefined) {
      engine = new Engine(this.catalogue.filter(({ detection }) => lacking(detection, format).length === 0));
      this.engines.set(format, engine);
    }
    return engine;
  }
}
