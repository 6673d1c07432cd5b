import { audit } from '../../detect/kit.ts';
import { imageReference } from '../../knowledge/image.ts';
import { callerText } from '../../knowledge/origin.ts';
import { broughtContainers, declaredName, declarerOf, declaresContainers, deedText, podWrites } from '../../knowledge/pod-changes.ts';
import { containerText } from '../../knowledge/pod-trait.ts';
import { shorten, some } from '../../knowledge/shorten.ts';

/** A workload runs an image from a repository that the site does not allow. Strategy: ./ADS.md */
export const imageNotAllowed = audit.detection({
  id: 'image-not-allowed',
  title: 'Image from outside the list of allowed repositories',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1204.003'],
  rows: ['D057'],
  next: 'Ask the caller where the image comes from; delete the workload if nobody can say, or add the repository to the list.',
  needs: ['image-allow-list'],
  reads: podWrites,
  when: declaresContainers,
  judge: (event) => {
    const strangers = broughtContainers(event).filter(({ image }) => image !== '' && !event.allowsImage(imageReference(image).repository));
    const [first] = strangers;
    if (first === undefined) return undefined;
    const images = some(strangers.map((container) => `image ${shorten(container.image)} in ${containerText(container)}`));
    return {
      entity: declarerOf(event),
      about: `${event.target.namespace} ${shorten(imageReference(first.image).repository)}`,
      summary: `${callerText(event)} ${deedText(event)} ${declaredName(event)} with ${images}, which no allowed repository holds.`,
      severity: event.allowed ? 'medium' : 'low',
    };
  },
});
