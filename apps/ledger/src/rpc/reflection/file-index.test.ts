// What reflection finds in the files of the API.
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { file_scrip_ledger_v1_error_reason, LedgerService } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { createFileIndex } from './file-index.ts';

const index = createFileIndex([LedgerService.file, file_scrip_ledger_v1_error_reason]);

describe('the index of files', () => {
  it.each([
    ['scrip.ledger.v1.LedgerService', 'scrip/ledger/v1/ledger_service.proto'],
    ['scrip.ledger.v1.LedgerService.Credit', 'scrip/ledger/v1/ledger_service.proto'],
    ['scrip.ledger.v1.Account.customer_id', 'scrip/ledger/v1/account.proto'],
    ['scrip.ledger.v1.ErrorDetail', 'scrip/ledger/v1/error_reason.proto'],
    ['google.protobuf.Timestamp', 'google/protobuf/timestamp.proto'],
  ])('finds %s in %s', (symbol, fileName) => {
    expect(index.bySymbol(symbol)).toBe(index.byName(fileName));
    expect(index.byName(fileName)?.proto.name).toBe(fileName);
  });

  it.each(['scrip.ledger.v1.LedgerService.Steal', 'Nothing', ''])('finds no %j', (symbol) => {
    expect(index.bySymbol(symbol)).toBeUndefined();
  });

  it('gives a file with everything that it imports', () => {
    const names = index
      .withImports(LedgerService.file)
      .map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
    expect(names[0]).toBe('scrip/ledger/v1/ledger_service.proto');
    expect(names).toContain('buf/validate/validate.proto');
    expect(names).toContain('google/protobuf/descriptor.proto');
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows extensions by number', () => {
    const options = 'google.protobuf.FieldOptions';
    expect(index.extensionNumbersOf(options)).toEqual([1159, 1160]);
    expect(index.byExtension(options, 1159)?.proto.name).toBe('buf/validate/validate.proto');
    expect(index.extensionNumbersOf('Nothing')).toBeUndefined();
  });
});
