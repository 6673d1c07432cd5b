/** Simulated time: whole microseconds since the epoch, as precise as audit timestamps. */
export type Micros = number;

export const millisecond: Micros = 1_000;
export const second: Micros = 1_000_000;
export const minute: Micros = 60 * second;
export const hour: Micros = 60 * minute;
export const day: Micros = 24 * hour;

export function instant(iso: string): Micros {
  return Date.parse(iso) * millisecond;
}

export function milliseconds(time: Micros): number {
  return Math.floor(time / millisecond);
}

export function seconds(time: Micros): number {
  return Math.floor(time / second);
}

/** `metav1.MicroTime`: six digits after the point. */
export function microStamp(time: Micros): string {
  const rest = String(time % millisecond).padStart(3, '0');
  return `${new Date(milliseconds(time)).toISOString().slice(0, -1)}${rest}Z`;
}

/** `metav1.Time`: whole seconds. */
export function secondStamp(time: Micros): string {
  return `${new Date(milliseconds(time)).toISOString().slice(0, 19)}Z`;
}

export function hourOfDay(time: Micros): number {
  return (time % day) / hour;
}
