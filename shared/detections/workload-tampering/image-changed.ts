import { audit } from '../../detect/kit.ts';
import { isCopiedPod } from '../../knowledge/deploying.ts';
import { imageReference } from '../../knowledge/image.ts';
import { callerText } from '../../knowledge/origin.ts';
import {
  declaredName,
  declarerOf,
  declaresWorkload,
  deployers,
  imagesOf,
  namespaceDeployers,
  runningImages,
  templates,
  workloadWrites,
} from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isNewPublisher, type WorkloadChange, workloadChange } from '../../knowledge/workload-change.ts';
import type { Severity } from '../../model/finding.ts';

/** How far an image is from the one before: a new publisher, another repository of a known one, or another version. */
function distance(image: string, before: string, publisherIsNew: boolean): 'publisher' | 'repository' | 'version' {
  if (publisherIsNew) return 'publisher';
  return imageReference(image).repository === imageReference(before).repository ? 'version' : 'repository';
}

/** Where nobody is known to deploy a workload yet, another version of the same image says nothing. */
const severities: Readonly<Record<WorkloadChange['hand'], Readonly<Record<'publisher' | 'repository' | 'version', Severity | undefined>>>> =
  {
    usual: { publisher: 'medium', repository: 'low', version: undefined },
    neighbour: { publisher: 'high', repository: 'medium', version: 'low' },
    unusual: { publisher: 'high', repository: 'medium', version: 'medium' },
    unknown: { publisher: 'high', repository: 'medium', version: undefined },
  };

/** A running workload gets another image, from a new publisher or by somebody who does not deploy it. Strategy: ./ADS.md */
export const imageChanged = audit.detection({
  id: 'image-changed',
  title: 'Image of a workload replaced by an unusual hand or from a new registry',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1525', 'T1610', 'T1036.005'],
  rows: ['D058'],
  next: 'Ask the team that owns the workload whether it released this image; if not, roll the workload back and revoke the caller.',
  reads: { ...workloadWrites, resources: [...workloadWrites.resources, 'pods'] },
  memory: { template: templates, deployers, neighbours: namespaceDeployers, images: runningImages },
  // Pods that controllers make are no change, but they tell which images a workload runs.
  when: (event) => declaresWorkload(event) || isCopiedPod(event),
  judge: (event, past) => {
    const change = workloadChange(event, past);
    if (change === undefined) return undefined;
    const rated = change.changed.map(({ container, before }) => {
      const far = distance(container.image, before.image, isNewPublisher(container.image, change.before));
      return { container, before, far, severity: severities[change.hand][far] };
    });
    const gravest = (['publisher', 'repository', 'version'] as const).flatMap((far) => rated.filter((one) => one.far === far))[0];
    if (gravest?.severity === undefined) return undefined;
    const { container, before, far } = gravest;
    // Putting a workload back to what it ran before undoes a change rather than making one.
    const returns = past.images.has(imagesOf(event));
    const severity = returns ? 'low' : gravest.severity;
    return {
      entity: declarerOf(event),
      summary: `${callerText(event)}, ${change.caller}, replaced image ${shorten(before.image)} of container ${shorten(container.name)} in ${declaredName(event)} by ${shorten(container.image)}, ${returns ? 'which it ran before' : far === 'version' ? 'another version' : `a ${far} new to it`}.`,
      baseline: change.baseline,
      severity,
    };
  },
});
