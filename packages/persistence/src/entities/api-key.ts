// An API key: what a caller shows, stored as its digest.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { Store } from './store.ts';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  comment: 'What callers show, as SHA-256 digests. The operator key has no store and no mode.',
  properties: {
    id: p.text().primary().collation('C'),
    store: () =>
      p
        .manyToOne(Store)
        .nullable()
        .ref()
        .foreignKeyName('api_key_store_fkey')
        .updateRule('no action')
        .deleteRule('no action'),
    mode: p.text().nullable(),
    scopes: p.array().columnType('text[]'),
    name: p.text(),
    prefix: p.text().comment('The beginning of the key, to tell keys apart.'),
    digest: p.blob().unique('api_key_digest_key'),
    createdAt: p.datetime(3).defaultRaw('current_timestamp(3)'),
    revokedAt: p.datetime(3).nullable(),
  },
  checks: [
    {
      name: 'api_key_operator_check',
      expression: '(store_id is null) = (mode is null)',
    },
  ],
});

export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
