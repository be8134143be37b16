// Says that the server is ready, where it listens and how to make the first call.

import { formatAddress, type Log } from '@scrip/runtime';
import { styleText } from 'node:util';
import type { Running } from './compose.ts';
import { keysPath } from './keys-file.ts';

/**
 * Logs `ready` with both addresses, and prints the welcome: on a terminal with the log, otherwise
 * on standard error, which leaves the JSON lines of standard output whole. No key is printed.
 */
export function welcome(running: Running, log: Log): void {
  const { ledger, gateway } = running;
  log.info({ ledger: formatAddress(ledger), gateway: formatAddress(gateway) }, 'ready');
  const stream = process.stdout.isTTY ? process.stdout : process.stderr;
  const bold = (text: string): string => styleText('bold', text, { stream });
  stream.write(welcomeText(running, bold));
}

/** The welcome; `bold` marks its headings. */
export function welcomeText(running: Running, bold: (text: string) => string): string {
  const { ledger, gateway, dataDir, database } = running;
  const data = database === 'embedded' ? `PostgreSQL in ${dataDir}/postgres` : 'your PostgreSQL';
  const lines = [
    bold('Scrip is ready.'),
    '',
    `  ledger   http://${formatAddress(ledger)}  gRPC, Connect and gRPC-Web`,
    `  gateway  http://${formatAddress(gateway)}  REST`,
    `  console  http://${formatAddress(gateway)}/console/  for a browser`,
    `  data     ${data}`,
    ...(running.keys === undefined ? [] : firstCall(running, bold)),
    '',
    'Ctrl-C stops it.',
  ];
  return `\n${lines.join('\n')}\n\n`;
}

function firstCall({ gateway, dataDir }: Running, bold: (text: string) => string): string[] {
  const path = keysPath(dataDir);
  const print = `console.log(JSON.parse(fs.readFileSync(process.argv[1])).test.api_key)`;
  return [
    `  keys     ${path}`,
    '',
    bold("Open a customer's first account with 100 credits:"),
    '',
    `  key=$(node -e ${quote(print)} ${quote(path)})`,
    `  curl http://${formatAddress(gateway)}/v1/customer-credits/accounts \\`,
    '    -H "x-api-key: $key" -H "content-type: application/json" \\',
    `    -d '{"customer_id":"cust_1","initial_balance":"100"}'`,
  ];
}

/** Quotes a word for a POSIX shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
