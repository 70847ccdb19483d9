import { describe, expect, it } from 'vitest';
import { type Captures, capturesOf } from '../../../src/analysis/escape/captures-of.ts';
import { coreOf } from '../../support/core.ts';

function capturesIn(code: string, closure: string): Captures {
  const { core, fn } = coreOf(code);
  return core.ask(capturesOf, fn(closure));
}

function told({ bindings }: Captures): Record<string, string> {
  return Object.fromEntries(
    bindings.map(({ symbol, reads, writes, reassignedAt }) => [
      symbol.name,
      [reads.length > 0 ? 'read' : '', writes.length > 0 ? 'written' : '', reassignedAt ? 'reassigned' : '']
        .filter((part) => part !== '')
        .join(' '),
    ]),
  );
}

describe('what a closure takes along', () => {
  it('lists parameters and variables of the functions around it, not its own, not the module’s', () => {
    expect(
      told(
        capturesIn(
          `let served = 0;
           export function handle(order: { id: string }, at: number) {
             const id = order.id;
             return () => { const own = id; served++; return own + at; };
           }`,
          '() => {',
        ),
      ),
    ).toEqual({ id: 'read', at: 'read' });
  });

  it('tells reads, writes and later reassignments apart', () => {
    expect(
      told(
        capturesIn(
          `export function handle(ids: string[]) {
             let total = 0; let last = ''; let step = 0; const names: string[] = [];
             const add = () => { total += 1; last = 'x'; names.push(String(step)); };
             step = 2;
             add();
             return [total, last, ids];
           }`,
          '() => {',
        ),
      ),
    ).toEqual({ total: 'read written', last: 'written', names: 'read', step: 'read reassigned' });
  });

  it('a variable of the loop’s own turn is not reassigned, one around the loop is', () => {
    expect(
      told(
        capturesIn(
          `export function handle(ids: string[]) {
             let previous = ''; const all: (() => string)[] = [];
             for (const id of ids) { previous = id; let turn = id; turn = turn.trim(); all.push(() => previous + turn + id); }
             return all;
           }`,
          '() => previous',
        ),
      ),
    ).toEqual({ previous: 'read reassigned', turn: 'read', id: 'read' });
  });

  it('sees shorthand properties, defaults and destructuring, not property names', () => {
    expect(
      told(
        capturesIn(
          `export function handle(order: { id: string }, id: number) {
             return (of = order.id) => { const { id: own = id } = { id: 1 }; return { order, of, own }; };
           }`,
          '(of =',
        ),
      ),
    ).toEqual({ order: 'read', id: 'read' });
  });

  it('knows whose `this` it is', () => {
    expect(
      capturesIn(`export class Mailer { queue = 1; start() { return () => this.queue; } }`, '() => this').self,
    ).toHaveLength(1);
    expect(
      capturesIn(
        `export function start() { return function (this: { queue: number }) { return this.queue; }; }`,
        'function (this',
      ).self,
    ).toHaveLength(0);
  });
});
