import type { FlowField, FlowFormat } from '../model/flow-line.ts';
import { isApiServers } from '../knowledge/api-server-range.ts';
import type { Site } from '../model/site.ts';
import { Engine } from './engine.ts';
import type { Registered } from './finding.ts';
import type { Declaration, Detection, FlowNeed, Need, SiteNeed } from './kit.ts';

const fieldsOf: Readonly<Record<FlowNeed, readonly FlowField[]>> = {
  'flow:tcp-flags': ['flags'],
  'flow:bytes': ['bytes'],
  'flow:ports': ['sourcePort', 'destinationPort'],
  'flow:action': ['action'],
};

const isKnownAt: Readonly<Record<SiteNeed, (site: Site) => boolean>> = {
  'image-allow-list': ({ images }) => images !== undefined,
  'network:api-server': ({ addresses }) => addresses.names.some(isApiServers),
  'list:tor': ({ addresses }) => addresses.lists.has('tor'),
  'list:threat': ({ addresses }) => addresses.lists.has('threat'),
  'list:mining': ({ addresses }) => addresses.lists.has('mining'),
  'list:as': ({ addresses }) => addresses.lists.has('as'),
};

/** What a detection needs and a flow log of this format does not have. */
function lacking({ needs = [] }: Declaration, { has }: FlowFormat): readonly Need[] {
  return needs.filter((need) => need in fieldsOf && !fieldsOf[need as FlowNeed].every((field) => has.has(field)));
}

/** What a detection needs to be told about the site and was not. */
function untold({ needs = [] }: Declaration, site: Site): readonly Need[] {
  return needs.filter((need) => need in isKnownAt && !isKnownAt[need as SiteNeed](site));
}

/** The detections that know of the site what they need to. */
export function usableAt(catalogue: readonly Registered<Detection>[], site: Site): readonly Registered<Detection>[] {
  return catalogue.filter(({ detection }) => untold(detection, site).length === 0);
}

/** A detection that is off because the telemetry lacks what it needs. */
export interface Off {
  readonly detection: string;
  readonly needs: readonly Need[];
  /** Off in all of the logs, or in some of the flow logs only. */
  readonly everywhere: boolean;
}

/** Detections that are off, given the formats of the flow logs there are and what is known about the site. */
export function switchedOff(catalogue: readonly Registered<Detection>[], formats: readonly FlowFormat[], site: Site): readonly Off[] {
  return catalogue.flatMap(({ detection }): readonly Off[] => {
    const unknown = untold(detection, site);
    if (unknown.length > 0) return [{ detection: detection.id, needs: unknown, everywhere: true }];
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
