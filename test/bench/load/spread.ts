// Which account a call is about: all alike, few often and many seldom, or always the same one.

/** `zipf`: the account of rank k is chosen 1/k times as often as the first (exponent 1.0). */
export type Spread = 'uniform' | 'zipf' | 'hot';

/** Gives the place of an account among so many, again and again. */
export function createPicker(spread: Spread, count: number, random: () => number): () => number {
  switch (spread) {
    case 'uniform':
      return () => Math.floor(random() * count);
    case 'hot':
      return () => 0;
    case 'zipf':
      return createZipf(count, random);
  }
}

function createZipf(count: number, random: () => number): () => number {
  const shares = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) shares[rank] = sum += 1 / (rank + 1);
  return () => firstAbove(shares, random() * sum);
}

/** The first place whose number is above the one given, in numbers that grow. */
function firstAbove(shares: Float64Array, share: number): number {
  let [low, high] = [0, shares.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shares[middle] ?? 0) > share) high = middle;
    else low = middle + 1;
  }
  return low;
}
