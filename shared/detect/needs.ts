import type { FlowField, FlowFormat } from '../model/flow-line.ts';
import { Engine } from './engine.ts';
import type { Registered } from './finding.ts';
import type { Declaration, Detection, Need } from './kit.ts';

const fieldsOf: Readonly<Record<Need, readonly FlowField[]>> = {
  'flow:tcp-flags': ['flags'],
  'flow:bytes': ['bytes'],
  'flow:ports': ['sourcePort', 'destinationPort'],
  'flow:action': ['action'],
};

/** What a detection needs and a flow log of this format does not have. */
function lacking({ needs = [] }: Declaration, { has }: FlowFormat): readonly Need[] {
  return needs.filter((need) => !fieldsOf[need].every((field) => has.has(field)));
}

/** A detection that is off because the telemetry lacks what it needs. */
export interface Off {
  readonly detection: string;
  readonly needs: readonly Need[];
  /** Off in all of the flow logs, or in some of them only. */
  readonly everywhere: boolean;
}

/** Detections that are off, given the formats of the flow logs there are. */
export function switchedOff(catalogue: readonly Registered<Detection>[], formats: readonly FlowFormat[]): readonly Off[] {
  return catalogue.flatMap(({ detection }) => {
    const lacks = formats.map((format) => lacking(detection, format));
    const needs = [...new Set(lacks.flat())];
    return needs.length === 0 ? [] : [{ detection: detection.id, needs, everywhere: lacks.every((each) => each.length > 0) }];
  });
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
