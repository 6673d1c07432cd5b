/** CloudWatch metrics that the functions emit in embedded metric format and the alarms watch. */
export const metrics = {
  namespace: 'Plimsoll',
  judged: 'RecordsJudged',
  skipped: 'RecordsSkipped',
  repeated: 'RecordsRepeated',
  rejected: 'RecordsRejected',
  /** Conversations begun at a private address, and those of them whose pod or node was known. */
  sendersAsked: 'SendersAsked',
  sendersNamed: 'SendersNamed',
  findings: 'Findings',
  faults: 'Faults',
  alertsTold: 'AlertsTold',
  /** Told for each cluster apart, by {@link clusterDimension}. */
  proofsOfLife: 'ProofsOfLife',
  listsNotRefreshed: 'ListsNotRefreshed',
  /** Gaps that a coverage check found open: what is not seen. */
  gapsOpen: 'GapsOpen',
  /** Clusters that are to be enrolled and could not be, or not wholly; and those that are there and are no longer to be enrolled. */
  clustersNotEnrolled: 'ClustersNotEnrolled',
  clustersLeft: 'ClustersLeft',
} as const;

/** The dimension of a metric that is told for each cluster apart, beside `service`. */
export const clusterDimension = 'cluster';
