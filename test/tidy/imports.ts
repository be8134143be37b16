// Reads what a file imports, by parsing it: static, dynamic, re-exported and in types.
import { parseSync, Visitor } from 'vite';
import type { SourceFile } from './source-files.ts';
import { lineAt } from './source-files.ts';

/** One import: where it stands, what it asks for and the values (not types) that it takes. */
export type Import = {
  readonly line: number;
  readonly specifier: string;
  readonly values: readonly string[];
};

type Entry = { readonly name: string; readonly isType: boolean };

/** Lists the imports of a file in their order. */
export function listImports(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (at: number, specifier: string, entries: readonly Entry[]): void => {
    const values = entries.filter(({ isType }) => !isType).map(({ name }) => name);
    found.push({ line: lineAt(file.text, at), specifier, values });
  };
  const parsed = parseSync(file.path, file.text);
  if (parsed.errors.length > 0) throw new Error(`${file.path}: cannot be parsed`);
  const visitor = new Visitor({
    ImportDeclaration({ start, source, specifiers, importKind }) {
      const entries = specifiers.map((specifier) => ({
        name: importedName(specifier),
        isType:
          importKind === 'type' ||
          (specifier.type === 'ImportSpecifier' && specifier.importKind === 'type'),
      }));
      const sideEffect =
        entries.length === 0 ? [{ name: '(side effect)', isType: false }] : entries;
      add(start, source.value, sideEffect);
    },
    ExportNamedDeclaration({ start, source, specifiers, exportKind }) {
      if (source === null) return;
      const entries = specifiers.map((specifier) => ({
        name: moduleName(specifier.local),
        isType: exportKind === 'type' || specifier.exportKind === 'type',
      }));
      add(start, source.value, entries);
    },
    ExportAllDeclaration({ start, source, exportKind }) {
      add(start, source.value, [{ name: '*', isType: exportKind === 'type' }]);
    },
    ImportExpression({ start, source }) {
      if (source.type === 'Literal' && typeof source.value === 'string') {
        add(start, source.value, [{ name: '*', isType: false }]);
      }
    },
    TSImportType({ start, source }) {
      add(start, source.value, []);
    },
  });
  visitor.visit(parsed.program);
  return found;
}

type ModuleName = { readonly type: string; readonly name?: string; readonly value?: unknown };

function moduleName(node: ModuleName): string {
  return node.name ?? String(node.value);
}

function importedName(specifier: {
  readonly type: string;
  readonly imported?: ModuleName;
}): string {
  if (specifier.imported !== undefined) return moduleName(specifier.imported);
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*';
}
