// As much of PostgreSQL's protocol as is needed to see what its answers end, and who gives them.

export type BackendMessage = {
  readonly bytes: Buffer;
  /** The letter of the message. */
  readonly type: string;
};

export type BackendReader = {
  /** Takes bytes as they come, gives the messages that are whole by now. */
  readonly read: (chunk: Buffer) => readonly BackendMessage[];
};

const headerLength = 5;

/** Reads the messages of one connection from its first byte on; it must not speak TLS. */
export function createBackendReader(): BackendReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    read: (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const messages: BackendMessage[] = [];
      while (rest.length >= headerLength) {
        const length = 1 + rest.readInt32BE(1);
        if (rest.length < length) break;
        const bytes = rest.subarray(0, length);
        messages.push({ bytes, type: String.fromCharCode(bytes[0] ?? 0) });
        rest = rest.subarray(length);
      }
      return messages;
    },
  };
}

/** Whether the message ends the answer to a statement. */
export function endsAnswer({ type }: BackendMessage): boolean {
  return type === 'Z';
}

/** The process that serves the connection, which it tells once, at the beginning. */
export function backendPidOf({ type, bytes }: BackendMessage): number | undefined {
  return type === 'K' ? bytes.readInt32BE(headerLength) : undefined;
}
