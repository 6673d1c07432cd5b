import { signal } from '../../detect/kit.ts';
import { attackToolOnNode } from '../../knowledge/node-tools.ts';
import { machineText } from '../../knowledge/signal-verdicts.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { SignalEvent } from '../../model/signal.ts';

/** A program that ran on a node, in a container or beside, is an attack tool. Strategy: ./ADS.md */
export const externalAuditdTool = signal.detection({
  id: 'external-auditd-tool',
  title: 'Attack tool run on a node',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1003', 'T1046', 'T1059.004'],
  rows: ['D048'],
  next: 'Isolate the node, then search the log group for the serial number in the evidence to see which user and parent process ran it.',
  reads: ['auditd'],
  when: ({ type, flooding }: SignalEvent) => flooding !== true && type === 'program',
  judge: (event) => {
    const tool = attackToolOnNode(event.command);
    if (tool === undefined) return undefined;
    return {
      entity: event.entity,
      about: tool.name,
      summary: `auditd on ${machineText(event)} saw ${tool.name} run, which ${tool.does}: ${shorten(event.command, 400)}.`,
      severity: tool.severity,
    };
  },
});
