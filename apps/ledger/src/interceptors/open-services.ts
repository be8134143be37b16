// The services that need no key: they tell nothing about any book.
import type { DescService } from '@bufbuild/protobuf';
import { Health, ServerReflection, ServerReflectionV1Alpha } from '@scrip/contract';

const openServices: readonly string[] = [
  Health.typeName,
  ServerReflection.typeName,
  ServerReflectionV1Alpha.typeName,
];

/** Whether a service answers without a key. */
export function isOpenService(service: DescService): boolean {
  return openServices.includes(service.typeName);
}
