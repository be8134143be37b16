// The patterns of texts in requests, each with the words that tell a caller of it.

export const emailPattern = String.raw`^[^@\s]+@[^@\s]+$`;
export const notBlankPattern = String.raw`\S`;
export const uuidPattern = '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
export const threeCapitalsPattern = '^[A-Z]{3}$';
export const durationPattern = '^P[1-9][0-9]{0,3}[DWMY]$';

/** What a text must do that its pattern refuses. */
export const problemsByPattern: ReadonlyMap<unknown, string> = new Map([
  [emailPattern, 'must be an e-mail address'],
  [notBlankPattern, 'must not be empty or blank'],
  [uuidPattern, 'must be a UUID'],
  [threeCapitalsPattern, 'must be three capital letters, EUR for instance'],
  [durationPattern, 'must be an ISO 8601 duration such as P30D, P4W, P6M or P1Y'],
]);
