// Server reflection, so that tools such as `buf curl` need no schema. v1 and v1alpha are the same
// but for their names.
import { Code } from '@connectrpc/connect';
import type { FileIndex } from './file-index.ts';

/** A request of either version: what it asks has the same form in both. */
type Question = {
  readonly host: string;
  readonly messageRequest:
    | {
        readonly case:
          | 'fileByFilename'
          | 'fileContainingSymbol'
          | 'allExtensionNumbersOfType'
          | 'listServices';
        readonly value: string;
      }
    | {
        readonly case: 'fileContainingExtension';
        readonly value: { readonly containingType: string; readonly extensionNumber: number };
      }
    | { readonly case: undefined; readonly value?: undefined };
};

type Answer =
  | { case: 'listServicesResponse'; value: { service: { name: string }[] } }
  | { case: 'fileDescriptorResponse'; value: { fileDescriptorProto: Uint8Array<ArrayBuffer>[] } }
  | {
      case: 'allExtensionNumbersResponse';
      value: { baseTypeName: string; extensionNumber: number[] };
    }
  | { case: 'errorResponse'; value: { errorCode: number; errorMessage: string } };

type Response = { validHost: string; originalRequest: Question; messageResponse: Answer };

/** Implements reflection over the files of the API. `serviceNames` are those it lists. */
export function createReflectionRpc(index: FileIndex, serviceNames: readonly string[]) {
  return async function* (questions: AsyncIterable<Question>): AsyncGenerator<Response> {
    for await (const { host, messageRequest } of questions) {
      const messageResponse = answer(index, serviceNames, messageRequest);
      yield { validHost: host, originalRequest: { host, messageRequest }, messageResponse };
    }
  };
}

function answer(
  index: FileIndex,
  serviceNames: readonly string[],
  request: Question['messageRequest'],
): Answer {
  switch (request.case) {
    case 'listServices': {
      const service = serviceNames.map((name) => ({ name }));
      return { case: 'listServicesResponse', value: { service } };
    }
    case 'fileByFilename':
      return filesAnswer(index, index.byName(request.value));
    case 'fileContainingSymbol':
      return filesAnswer(index, index.bySymbol(request.value));
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = request.value;
      return filesAnswer(index, index.byExtension(containingType, extensionNumber));
    }
    case 'allExtensionNumbersOfType': {
      const extensionNumber = index.extensionNumbersOf(request.value);
      if (extensionNumber === undefined) return notFound();
      const value = { baseTypeName: request.value, extensionNumber };
      return { case: 'allExtensionNumbersResponse', value };
    }
    default:
      return errorAnswer(Code.InvalidArgument, 'The request asks for nothing.');
  }
}

function filesAnswer(index: FileIndex, file: ReturnType<FileIndex['byName']>): Answer {
  if (file === undefined) return notFound();
  const fileDescriptorProto = index.withImports(file);
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function notFound(): Answer {
  return errorAnswer(Code.NotFound, 'No such name.');
}

function errorAnswer(errorCode: Code, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } };
}
