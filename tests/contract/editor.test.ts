import ts from 'typescript';
import { expect, test } from 'vitest';
import { createApi } from '../../src/analysis/api/create.ts';
import { openCore } from '../../src/analysis/facts.ts';
import { staleWrites } from '../../src/analysis/lifetime/stale-writes.ts';
import { catalogue } from '../../src/catalogue/index.ts';
import { programOf } from '../support/program.ts';

const handler = `
  import { readSeats, storeSeats } from './seats.js';
  declare function audit(id: string): Promise<void>;
  export async function reserve(id: string): Promise<void> {
    const before = readSeats();
    await audit(id);
    storeSeats(before - 1);
  }`;

const sharedSeats = `
  let seats = 100;
  export function readSeats(): number { return seats; }
  export function storeSeats(left: number): void { seats = left; }`;

const fixedSeats = `
  let reserved = 0;
  export function readSeats(): number { return 100; }
  export function storeSeats(left: number): void { reserved = 100 - left; }
  export const reservedSeats = (): number => reserved;`;

/** Opens the project as an editor does after an edit: unchanged files keep their nodes. */
function open(seats: string): { readonly file: ts.SourceFile; readonly lines: readonly number[] } {
  const { checker, program, sourceFile } = programOf({ 'handler.ts': handler, 'seats.ts': seats });
  const file = sourceFile('handler.ts');
  const core = openCore(program, createApi(checker, program, catalogue));
  const lines = file.statements
    .filter((node) => ts.isFunctionDeclaration(node) && node.body !== undefined)
    .flatMap((fn) => core.ask(staleWrites, fn as ts.FunctionDeclaration))
    .flatMap((answer) =>
      answer.is === 'yes' ? [file.getLineAndCharacterOfPosition(answer.witness.write.node.getStart()).line + 1] : [],
    );
  return { file, lines };
}

test('an edit in one file changes what is found in another, whose nodes stay the same', () => {
  const first = open(sharedSeats);
  expect(first.lines).toEqual([7]);
  const second = open(fixedSeats);
  expect(second.file).toBe(first.file);
  expect(second.lines).toEqual([]);
  expect(open(sharedSeats).lines).toEqual([7]);
});
