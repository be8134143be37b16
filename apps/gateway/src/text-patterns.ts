// The patterns of texts in requests, each with the words that tell a caller of it.

export const emailPattern = String.raw`^[^@\s]+@[^@\s]+$`;
export const notBlankPattern = String.raw`\S`;

/** What a text must do that its pattern refuses. */
export const problemsByPattern: ReadonlyMap<unknown, string> = new Map([
  [emailPattern, 'must be an e-mail address'],
  [notBlankPattern, 'must not be empty or blank'],
]);
