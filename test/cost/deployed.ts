/** What the stack of the example configuration has, as a test holds against the template. Unit of memory: megabytes. */
export const deployed = {
  memory: { analysis: 1_024, telling: 512, delivering: 256 },
  channels: 2,
  alarms: 94,
  dashboards: 1,
  keys: 1,
} as const;
