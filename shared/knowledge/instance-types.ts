/**
 * Families with accelerators: g (graphics), p (training), trn and inf (Amazon's own), dl, vt, f (programmable).
 * Source: Amazon EC2 user guide, "Accelerated computing instances".
 */
const accelerated = /^(?:g\d|gr\d|p\d|trn\d|inf\d|dl\d|vt\d|f\d)/;

/** Sizes of about a hundred processors and more, and whole machines. Source: Amazon EC2, "Instance types". */
const huge = /\.(?:metal(?:-\d+xl)?|(?:2[4-9]|[3-9]\d|\d{3})xlarge)$/;

/** Instance types that are worth stealing. */
export function costlyTypes(types: readonly string[]): readonly string[] {
  return types.filter((type) => accelerated.test(type) || huge.test(type));
}
