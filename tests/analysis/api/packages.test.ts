import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import type { Catalogue } from '../../../src/catalogue/schema.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'packages-')));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The row of the last call of a file on disk, as `package row`. */
function rowOfLastCall(name: string, catalogue: Catalogue): string {
  const program = ts.createProgram({
    rootNames: [path.join(root, name)],
    options: { module: ts.ModuleKind.NodeNext, strict: true, types: [], lib: ['lib.es2023.d.ts'], noEmit: true },
  });
  const api = createApi(program.getTypeChecker(), program, catalogue);
  let row = 'nothing';
  (function visit(node: ts.Node): void {
    if (ts.isCallExpression(node)) {
      const match = api.memberOf(node);
      row = match === undefined ? 'nothing' : `${match.from} ${match.name} ${String(match.reason)}`;
    }
    ts.forEachChild(node, visit);
  })(program.getSourceFile(path.join(root, name))!);
  return row;
}

const ledger: Catalogue = [
  { from: 'ledger', since: '>=5', members: { 'Ledger.post': { role: 'io', reason: 'from 5 on' } } },
  { from: 'ledger', since: '<5', members: { 'Ledger.post': { role: 'io', reason: 'before 5' } } },
];
const TYPES = 'export interface Ledger { post(amount: number): void } export declare const ledger: Ledger;';
const USE = "import { ledger } from 'ledger';\nledger.post(1);\n";

describe('the installed version', () => {
  it('is that of the package which declares the member', () => {
    write({
      'node_modules/ledger/package.json': '{ "name": "ledger", "version": "4.9.1", "types": "dist/index.d.ts" }',
      'node_modules/ledger/dist/package.json': '{ "type": "commonjs" }',
      'node_modules/ledger/dist/index.d.ts': TYPES,
      'orders.ts': USE,
    });
    expect(rowOfLastCall('orders.ts', ledger)).toBe('ledger Ledger.post before 5');
  });

  it('is that of the package which types that come on their own are for', () => {
    write({
      'node_modules/ledger/package.json': '{ "name": "ledger", "version": "4.9.1" }',
      'node_modules/@types/ledger/package.json':
        '{ "name": "@types/ledger", "version": "5.0.2", "types": "index.d.ts" }',
      'node_modules/@types/ledger/index.d.ts': TYPES,
      'orders.ts': USE,
    });
    expect(rowOfLastCall('orders.ts', ledger)).toBe('ledger Ledger.post before 5');
  });

  it('is that of the types when there is nothing else', () => {
    write({
      'node_modules/@types/ledger/package.json':
        '{ "name": "@types/ledger", "version": "5.0.2", "types": "index.d.ts" }',
      'node_modules/@types/ledger/index.d.ts': TYPES,
      'orders.ts': USE,
    });
    expect(rowOfLastCall('orders.ts', ledger)).toBe('ledger Ledger.post from 5 on');
  });
});

describe('the package of a declaration', () => {
  it('is the innermost one in a pnpm store', () => {
    write({
      'node_modules/.pnpm/ledger@5.1.0/node_modules/ledger/package.json':
        '{ "name": "ledger", "version": "5.1.0", "types": "index.d.ts" }',
      'node_modules/.pnpm/ledger@5.1.0/node_modules/ledger/index.d.ts': TYPES,
      'orders.ts': USE,
    });
    symlinkSync('.pnpm/ledger@5.1.0/node_modules/ledger', path.join(root, 'node_modules/ledger'));
    expect(rowOfLastCall('orders.ts', ledger)).toBe('ledger Ledger.post from 5 on');
  });

  it('is named by the nearest manifest when it is linked into a monorepo', () => {
    write({
      'packages/ledger/package.json':
        '{ "name": "ledger", "version": "5.1.0", "type": "module", "exports": "./src/index.ts" }',
      'packages/ledger/src/index.ts':
        'export interface Ledger { post(amount: number): void }\nexport const ledger: Ledger = { post() {} };',
      'packages/shop/package.json': '{ "name": "shop", "type": "module" }',
      'packages/shop/orders.ts': USE,
    });
    mkdirSync(path.join(root, 'node_modules'));
    symlinkSync('../packages/ledger', path.join(root, 'node_modules/ledger'));
    expect(rowOfLastCall('packages/shop/orders.ts', ledger)).toBe('ledger Ledger.post from 5 on');
  });

  it('is not that of a folder which merely has its name', () => {
    write({
      'package.json': '{ "name": "shop", "type": "module" }',
      'src/ledger/index.ts': 'export const ledger = { post(amount: number) { return amount; } };',
      'src/orders.ts': "import { ledger } from './ledger/index.js';\nledger.post(1);\n",
    });
    expect(rowOfLastCall('src/orders.ts', ledger)).toBe('nothing');
  });

  it('is said by an ambient declaration of the project', () => {
    write({
      'package.json': '{ "name": "shop", "type": "module" }',
      'ledger.d.ts': `declare module 'ledger' { interface Ledger { post(amount: number): void } export const ledger: Ledger; }`,
      'orders.ts': `/// <reference path="./ledger.d.ts" />\n${USE}`,
    });
    expect(rowOfLastCall('orders.ts', ledger)).toMatch(/^ledger Ledger\.post/);
  });
});

describe('globalsWith', () => {
  const rows: Catalogue = [
    {
      from: 'lib',
      globals: { till: 'Till' },
      reachedBy: { Vault: 'vaults' },
      members: { 'Till.open': 'locks', 'Vault.open': 'locks', 'Vault.seal': 'locks', 'Door.shut': 'locks' },
    },
  ];
  const program = ts.createProgram({ rootNames: [], options: { noLib: true } });
  const api = createApi(program.getTypeChecker(), program, rows);

  it('gives the names of globals, of members that give a type, and of the types', () => {
    expect(api.globalsWith('locks', 'open')).toEqual(new Set(['Till', 'till', 'Vault', 'vaults']));
    expect(api.globalsWith('locks', 'seal')).toEqual(new Set(['Vault', 'vaults']));
  });

  it('gives nothing where values come from anywhere', () => {
    expect(api.globalsWith('locks', 'shut')).toBeUndefined();
  });
});
