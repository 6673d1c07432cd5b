/** An item as a stream hands it to Lambda: bytes are spelt in base64. */
export function streamed<Item extends object>(item: Item): Item {
  const spelt = (value: { B?: unknown }): unknown =>
    value.B instanceof Uint8Array ? { B: Buffer.from(value.B).toString('base64') } : value;
  return Object.fromEntries(Object.entries(item).map(([name, value]: [string, { B?: unknown }]) => [name, spelt(value)])) as Item;
}
