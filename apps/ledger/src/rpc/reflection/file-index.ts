// The files of the API with all that they import, for whoever asks what the server speaks.
import { createRegistry, toBinary, type DescFile, type Registry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

/** Finds files by name and by what they define. */
export type FileIndex = {
  /** The file and those it imports, directly or not, as serialised descriptors. */
  withImports(file: DescFile): Uint8Array<ArrayBuffer>[];
  byName(fileName: string): DescFile | undefined;
  bySymbol(symbol: string): DescFile | undefined;
  byExtension(extendee: string, number: number): DescFile | undefined;
  extensionNumbersOf(extendee: string): number[] | undefined;
};

/** Indexes these files and everything they import. */
export function createFileIndex(files: readonly DescFile[]): FileIndex {
  const known = closureOf(files);
  const filesByName = new Map(known.map((file) => [fileNameOf(file), file]));
  const registry = createRegistry(...known);
  return {
    withImports: (file) =>
      closureOf([file]).map((each) => toBinary(FileDescriptorProtoSchema, each.proto)),
    byName: (fileName) => filesByName.get(fileName),
    bySymbol: (symbol) => fileOfSymbol(registry, symbol),
    byExtension: (extendee, number) =>
      extensionsOf(registry, extendee).find((each) => each.number === number)?.file,
    extensionNumbersOf: (extendee) =>
      registry.getMessage(extendee) &&
      extensionsOf(registry, extendee)
        .map((each) => each.number)
        .toSorted((a, b) => a - b),
  };
}

function closureOf(files: readonly DescFile[]): readonly DescFile[] {
  const closure = new Set<DescFile>();
  const add = (file: DescFile): void => {
    if (closure.has(file)) return;
    closure.add(file);
    file.dependencies.forEach(add);
  };
  files.forEach(add);
  return [...closure];
}

function fileNameOf(file: DescFile): string {
  return file.proto.name;
}

// A symbol may be a type, a service, or a member of one: `package.Service.Method`.
function fileOfSymbol(registry: Registry, symbol: string): DescFile | undefined {
  const whole = registry.get(symbol);
  if (whole !== undefined) return whole.file;
  const parent = registry.get(symbol.slice(0, symbol.lastIndexOf('.')));
  const member = symbol.slice(symbol.lastIndexOf('.') + 1);
  return parent !== undefined && memberNames(parent).includes(member) ? parent.file : undefined;
}

function memberNames(desc: NonNullable<ReturnType<Registry['get']>>): readonly string[] {
  switch (desc.kind) {
    case 'service':
      return desc.methods.map((method) => method.name);
    case 'message':
      return desc.fields.map((field) => field.name);
    case 'enum':
      return desc.values.map((value) => value.name);
    case 'extension':
      return [];
  }
}

function extensionsOf(registry: Registry, extendee: string) {
  return [...registry].flatMap((desc) =>
    desc.kind === 'extension' && desc.extendee.typeName === extendee ? [desc] : [],
  );
}
