import { describe, expect, it } from 'vitest';
import { isInRange } from '../../../src/analysis/api/majors.ts';
import { installedPackageOf } from '../../../src/analysis/api/origin.ts';

describe('isInRange', () => {
  it('compares majors', () => {
    expect(isInRange(5, '5')).toBe(true);
    expect(isInRange(4, '5')).toBe(false);
    expect(isInRange(6, '>=5')).toBe(true);
    expect(isInRange(4, '>=5')).toBe(false);
    expect(isInRange(4, '<5')).toBe(true);
    expect(isInRange(5, '<=5')).toBe(true);
    expect(isInRange(5, '>5')).toBe(false);
  });

  it('joins tests with a space and alternatives with two bars', () => {
    expect(isInRange(6, '>=5 <7')).toBe(true);
    expect(isInRange(7, '>=5 <7')).toBe(false);
    expect(isInRange(4, '4 || 6')).toBe(true);
    expect(isInRange(5, '4 || 6')).toBe(false);
    expect(isInRange(5, '4.x || 5.x')).toBe(true);
    expect(isInRange(5, '^5.1.0')).toBe(true);
  });

  it('takes a version that nobody knows for any', () => {
    expect(isInRange(undefined, '>=5')).toBe(true);
    expect(isInRange(undefined, '<5')).toBe(true);
  });
});

describe('installedPackageOf', () => {
  it('is the folder after the last node_modules', () => {
    expect(installedPackageOf('/srv/node_modules/pg/lib/index.d.ts')).toBe('pg');
    expect(installedPackageOf('/srv/node_modules/@nestjs/common/index.d.ts')).toBe('@nestjs/common');
    expect(installedPackageOf('/srv/node_modules/.pnpm/pg@8.23.1/node_modules/pg/lib/index.d.ts')).toBe('pg');
  });

  it('is the package that the types are for', () => {
    expect(installedPackageOf('/srv/node_modules/@types/pg/index.d.ts')).toBe('pg');
    expect(installedPackageOf('/srv/node_modules/@types/godaddy__terminus/index.d.ts')).toBe('@godaddy/terminus');
  });

  it('is nothing for a file of the project', () => {
    expect(installedPackageOf('/srv/orders/src/pg/index.ts')).toBeUndefined();
  });
});
