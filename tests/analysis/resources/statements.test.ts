import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { sessionChangesOf, statementTextOf } from '../../../src/analysis/resources/statements.ts';
import { coreOf } from '../../support/core.ts';

describe('what a statement leaves in its session', () => {
  it('a setting made by function stays only when it is not local', () => {
    expect(sessionChangesOf(`SELECT set_config('app.tenant', $1, false)`)).toEqual([{ leaves: 'settings' }]);
    expect(sessionChangesOf(`SELECT set_config('app.tenant', $1, true)`)).toEqual([]);
  });

  it('a setting is undone by its default', () => {
    expect(sessionChangesOf('SET search_path TO DEFAULT; SET x = default')).toEqual([
      { takesAway: 'settings' },
      { takesAway: 'settings' },
    ]);
    expect(sessionChangesOf('SET x = default_tenant')).toEqual([{ leaves: 'settings' }]);
  });

  it('temporary tables are discarded', () => {
    expect(sessionChangesOf('DISCARD TEMP')).toEqual([{ takesAway: 'tables' }]);
  });

  it('the body of a function is no statement of the session', () => {
    expect(sessionChangesOf('DO $body$ DECLARE n int; BEGIN n := 1; END $body$; SET x = 1')).toEqual([
      { leaves: 'settings' },
    ]);
  });

  it('a text put together from parts begins with what is written out', () => {
    const { expression } = coreOf(`declare const tenant: string; export const text = 'USE shop_' + tenant;`);
    expect(statementTextOf(expression(`'USE shop_' + tenant`))).toBe('USE shop_?');
  });

  it('a constant says its text where the checker can be asked', () => {
    const { core, expression } = coreOf(
      `const BEGIN = 'BEGIN'; let other = 'BEGIN'; export const texts = () => [BEGIN, other]; other = 'COMMIT';`,
    );
    const list = expression('[BEGIN, other]');
    if (!ts.isArrayLiteralExpression(list)) throw new Error('Expected a list.');
    expect(list.elements.map((each) => statementTextOf(each, core.checker))).toEqual(['BEGIN', undefined]);
    expect(list.elements.map((each) => statementTextOf(each))).toEqual([undefined, undefined]);
  });
});
