// A signing key: the secret behind access tokens, shared by all processes.
import { defineEntity, p } from '@mikro-orm/postgresql';

const SigningKeySchema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_key',
  comment: 'Secrets that sign access tokens. The last one signs, those before it still verify.',
  checks: [{ name: 'signing_key_secret_check', expression: 'octet_length(secret) = 32' }],
  properties: {
    number: p.integer().primary().autoincrement(false).comment('1, 2, 3: a higher one is newer.'),
    id: p.text().collation('C').unique('signing_key_id_key').comment('The kid of a token.'),
    secret: p.blob(),
    createdAt: p.datetime(3).defaultRaw('current_timestamp(3)'),
  },
});

export class SigningKey extends SigningKeySchema.class {}
SigningKeySchema.setClass(SigningKey);
