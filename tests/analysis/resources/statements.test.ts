import { describe, expect, it } from 'vitest';
import { sessionChangesOf, statementTextOf } from '../../../src/analysis/resources/statements.ts';
import { coreOf } from '../../support/core.ts';

describe('what a statement leaves in its session', () => {
  it('a setting made by function stays only when it is not local', () => {
    expect(sessionChangesOf(`SELECT set_config('app.tenant', $1, false)`)).toEqual([{ leaves: 'settings' }]);
    expect(sessionChangesOf(`SELECT set_config('app.tenant', $1, true)`)).toEqual([]);
  });

  it('temporary tables are discarded', () => {
    expect(sessionChangesOf('DISCARD TEMP')).toEqual([{ takesAway: 'tables' }]);
  });

  it('a text put together from parts begins with what is written out', () => {
    const { expression } = coreOf(`declare const tenant: string; export const text = 'USE shop_' + tenant;`);
    expect(statementTextOf(expression(`'USE shop_' + tenant`))).toBe('USE shop_?');
  });
});
