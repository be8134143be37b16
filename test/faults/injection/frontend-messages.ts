// As much of PostgreSQL's protocol as is needed to see the steps of a flush on their way to it.

/** What a message from a client means for its unit of work. */
export type Meaning = 'begins' | 'locks' | 'reads' | 'writes' | 'commits' | 'other';

export type FrontendMessage = { readonly bytes: Buffer; readonly meaning: Meaning };

export type FrontendReader = {
  /** Takes bytes as they come, gives the messages that are whole by now. */
  readonly read: (chunk: Buffer) => readonly FrontendMessage[];
};

const protocolVersionMin = 3 << 16;
const negotiationCodes: readonly number[] = [80877102, 80877103, 80877104];
const typedHeaderLength = 5;
const inspectedLengthMax = 4_096;

/** Reads the messages of one connection from its first byte on. */
export function createFrontendReader(): FrontendReader {
  const meaningsByStatement = new Map<string, Meaning>();
  let rest: Buffer = Buffer.alloc(0);
  let isStarted = false;
  const next = (): FrontendMessage | undefined => {
    const offset = isStarted ? 1 : 0;
    if (rest.length < offset + 4) return undefined;
    const length = offset + rest.readInt32BE(offset);
    if (rest.length < length) return undefined;
    const bytes = rest.subarray(0, length);
    rest = rest.subarray(length);
    if (isStarted) return { bytes, meaning: meaningOf(bytes, meaningsByStatement) };
    const code = bytes.readInt32BE(4);
    isStarted = code >= protocolVersionMin && !negotiationCodes.includes(code);
    return { bytes, meaning: 'other' };
  };
  return {
    read: (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const messages: FrontendMessage[] = [];
      for (let message = next(); message !== undefined; message = next()) messages.push(message);
      return messages;
    },
  };
}

/** Sync ends a prepared statement, a simple query is whole by itself: each has one answer. */
export function endsStatement({ bytes }: FrontendMessage): boolean {
  return bytes[0] === 'S'.charCodeAt(0) || bytes[0] === 'Q'.charCodeAt(0);
}

/** Simple queries tell by their text, prepared ones by the text they were prepared with. */
function meaningOf(bytes: Buffer, meaningsByStatement: Map<string, Meaning>): Meaning {
  const type = String.fromCharCode(bytes[0] ?? 0);
  const body = bytes.subarray(typedHeaderLength, typedHeaderLength + inspectedLengthMax);
  const [first = '', second = ''] = body.toString('latin1').split('\0');
  switch (type) {
    case 'Q':
      return meaningOfText(first);
    case 'P':
      meaningsByStatement.set(first, meaningOfText(second));
      return 'other';
    case 'B':
      return meaningsByStatement.get(second) ?? 'other';
    default:
      return 'other';
  }
}

function meaningOfText(text: string): Meaning {
  if (/^\s*commit\b/i.test(text)) return 'commits';
  if (/^\s*(begin|start transaction)\b/i.test(text)) return 'begins';
  if (/\bfor\s+update\b/i.test(text)) return 'locks';
  if (/\b(insert\s+into|update|delete\s+from)\b/i.test(text)) return 'writes';
  return /^\s*(select|with)\b/i.test(text) ? 'reads' : 'other';
}
