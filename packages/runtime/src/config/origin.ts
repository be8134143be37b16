// Origins: where a web page comes from, as its browser tells it to the servers that it calls.
import { formatAddress, type Address } from './address.ts';

const loopbackHosts = ['127.0.0.1', 'localhost', '::1'];
/** Names of a machine's own loopback interface; a server on every interface answers there too. */
const hostsOfLoopback: Readonly<Record<string, readonly string[]>> = {
  '127.0.0.1': ['127.0.0.1', 'localhost'],
  '::1': ['::1', 'localhost'],
  localhost: loopbackHosts,
  '0.0.0.0': loopbackHosts,
  '::': loopbackHosts,
};

/**
 * Reads origins separated by commas, each `scheme://host[:port]` exactly as browsers write them:
 * http or https, lower case, no default port, no path. `undefined` when one is not; so `*` is none.
 */
export function parseOrigins(text: string): readonly string[] | undefined {
  const origins = text.split(',').map((each) => each.trim());
  return origins.every(isOrigin) ? origins : undefined;
}

/**
 * The origins of the pages that a server on this address serves, as far as its address tells: on
 * every interface it is only known by its loopback names.
 */
export function originsOf({ host, port }: Address): readonly string[] {
  const hosts = hostsOfLoopback[host] ?? [host];
  return hosts.flatMap((each) => {
    const text = `http://${formatAddress({ host: each, port })}`;
    return URL.canParse(text) ? [new URL(text).origin] : [];
  });
}

function isOrigin(text: string): boolean {
  if (text.includes('*') || !URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && origin === text;
}
