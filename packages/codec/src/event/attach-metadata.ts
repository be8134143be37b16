// Metadata in the bytes of an event, whose keys have one order.
import type { DescField, Message } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Metadata } from '@scrip/kernel';
import { structBytes } from '../value/struct-bytes.ts';

/**
 * Puts sorted metadata into a message. The library keeps bytes of its own making as an unknown
 * field and writes it after the known ones: metadata is the last field that events fill in, so
 * that fields stay ascending.
 */
export function attachMetadata(message: Message, field: DescField, metadata: Metadata): void {
  const data = new BinaryWriter().bytes(structBytes(metadata)).finish();
  message.$unknown = [{ no: field.number, wireType: WireType.LengthDelimited, data }];
}
