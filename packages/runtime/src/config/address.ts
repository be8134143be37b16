// Where a server listens: a host and a port.

/** A place to listen on. Port 0 lets the system choose a free one. */
export type Address = {
  readonly host: string;
  readonly port: number;
};

const portMax = 65_535;

/** Reads `host:port` or `[ipv6]:port`; `undefined` when the text is neither. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/@]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > portMax ? undefined : { host, port };
}

/** Writes an address the way `parseAddress` reads it. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
