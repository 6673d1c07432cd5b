const named = /(?:^|[-.])(?:prod|prd|production|live)(?:[-.]|\d|$)/;

/** Whether a namespace calls itself one of production: requests carry no labels, only the name. */
export function isProductionLike(namespace: string): boolean {
  return named.test(namespace);
}
