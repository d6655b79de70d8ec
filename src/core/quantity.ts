/** `1,012`. */
export function count(amount: number): string {
  return amount.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 task`, `2 tasks`, `1,012 requests`. */
export function quantity(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}
