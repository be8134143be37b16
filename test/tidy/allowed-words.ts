// Where a word that the dictionary refuses may still be said, and why. What is not listed here is
// refused everywhere in packages, apps and the contract.

/**
 * Words that mean something else in every program. A search for them finds that other meaning
 * hundreds of times, so that reviews look after them, not this test.
 */
export const ordinaryWords: Readonly<Record<string, string>> = {
  action: 'what a command of the command line does',
  bucket: 'a range of a histogram',
  direction: 'of a page: to older or to newer things',
  environment: 'the variables of a process',
  'error code': 'what an operating system or another library calls its own',
  exception: 'an uncaught one ends the process',
  'foreign key': 'of a table',
  free: 'a port that nobody has',
  ledger: 'the service; whether a book was meant, no search can tell',
  line: 'of a text, and the place of an entry in its transaction',
  live: 'commands whose callers still wait',
  log: 'what the process says to whoever runs it',
  message: 'a protobuf message, and the sentence of an error',
  move: 'of files and of clocks',
  offset: 'of a clock, of a text and of pages in the façades',
  owner: 'of a file, and whose key it is',
  permission: 'the code PermissionDenied is gRPC’s',
  posting: 'a transaction together with the system account on its other side',
  'request id': 'a word of the dictionary itself: the name of one try',
  reserved: 'field numbers and names of files that are kept aside',
  role: 'what a connection to PostgreSQL is for',
  root: 'the account that runs a machine, and the top folder',
  sign: 'of a number that is parsed',
  state: 'of a book in memory, and of anything that has one',
  tags: 'of OpenAPI',
  token: 'of a bearer, of a grammar, and random letters',
  total: 'how many there are, and the end of a counter’s name',
  user: 'who connects to PostgreSQL',
  value: 'of a property or a map',
  version: 'of a program, a protocol or a schema',
};

/** Words that are right in one place: the façades say what the APIs of others say. */
export const allowedPlaces: readonly {
  readonly path: RegExp;
  readonly words: readonly string[];
  readonly why: string;
}[] = [
  {
    path: /^apps\/gateway\/src\/(?:credits-dev|creem-credits)\//,
    words: ['developer'],
    why: 'the documented field developerId, and developers as readers of an error',
  },
  {
    path: /^apps\/gateway\/src\/credits-dev\//,
    words: ['reservation', 'plan', 'confirm', 'cancel'],
    why: 'what the documented API calls holds, schedules, captures and releases',
  },
  {
    path: /^apps\/gateway\/src\/coupon-credits\//,
    words: ['cancel', 'currency'],
    why: 'what becomes of a membership, and of what money is, in the words of the API',
  },
  {
    path: /^apps\/gateway\/src\/feed\/(?:present-coupons|coupon-schemas)\.ts$/,
    words: ['currency'],
    why: 'of money that a coupon takes off a price',
  },
  {
    path: /^apps\/gateway\/src\/creem-commerce\//,
    words: ['trace id'],
    why: 'the documented field of its errors',
  },
  {
    path: /^apps\/ledger\/src\/tracing\//,
    words: ['trace id'],
    why: 'OpenTelemetry’s own word',
  },
  {
    path: /^apps\/(?:ledger\/src\/server|scrip\/src)\//,
    words: ['cancel'],
    why: 'what HTTP/2 and a body that is not read to its end call it',
  },
  {
    path: /^packages\/persistence\/src\/connection\//,
    words: ['plan'],
    why: 'PostgreSQL’s own word',
  },
  {
    path: /^packages\/runtime\/src\/embedded-postgres\//,
    words: ['checkpoint'],
    why: 'PostgreSQL’s own word',
  },
  {
    path: /^(?:proto\/scrip\/coupons\/|packages\/\w+\/src\/coupon(?:\/|-))/,
    words: ['currency'],
    why: 'of money that a coupon takes off a price: no account counts it',
  },
  {
    path: /^packages\/testkit\/src\//,
    words: ['transfer'],
    why: 'tests call a transaction of two entries so',
  },
];
