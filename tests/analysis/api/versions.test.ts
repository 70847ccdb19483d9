import { describe, expect, it } from 'vitest';
import { isInRange } from '../../../src/analysis/api/versions.ts';
import { installedPackageOf } from '../../../src/analysis/api/origin.ts';

describe('isInRange', () => {
  it('compares majors', () => {
    expect(isInRange({ major: 5 }, '5')).toBe(true);
    expect(isInRange({ major: 4 }, '5')).toBe(false);
    expect(isInRange({ major: 6 }, '>=5')).toBe(true);
    expect(isInRange({ major: 4 }, '>=5')).toBe(false);
    expect(isInRange({ major: 4 }, '<5')).toBe(true);
    expect(isInRange({ major: 5 }, '<=5')).toBe(true);
    expect(isInRange({ major: 5 }, '>5')).toBe(false);
  });

  it('joins tests with a space and alternatives with two bars', () => {
    expect(isInRange({ major: 6 }, '>=5 <7')).toBe(true);
    expect(isInRange({ major: 7 }, '>=5 <7')).toBe(false);
    expect(isInRange({ major: 4 }, '4 || 6')).toBe(true);
    expect(isInRange({ major: 5 }, '4 || 6')).toBe(false);
    expect(isInRange({ major: 5 }, '4.x || 5.x')).toBe(true);
    expect(isInRange({ major: 5 }, '^5.1.0')).toBe(true);
  });

  it('compares minors where the range says one', () => {
    expect(isInRange({ major: 3, minor: 24 }, '>=3.20')).toBe(true);
    expect(isInRange({ major: 3, minor: 19 }, '>=3.20')).toBe(false);
    expect(isInRange({ major: 4, minor: 0 }, '>=3.20')).toBe(true);
    expect(isInRange({ major: 3, minor: 19 }, '<3.20')).toBe(true);
    expect(isInRange({ major: 2, minor: 30 }, '<3.20')).toBe(true);
    expect(isInRange({ major: 3, minor: 20 }, '<3.20')).toBe(false);
    expect(isInRange({ major: 3, minor: 24 }, '3')).toBe(true);
    expect(isInRange({ major: 3, minor: 24 }, '<4')).toBe(true);
    expect(isInRange({ major: 5, minor: 0 }, '^5.1.0')).toBe(false);
    expect(isInRange({ major: 0, minor: 3 }, '0.3 || 1')).toBe(true);
  });

  it('takes a version that nobody knows for any', () => {
    expect(isInRange(undefined, '>=5')).toBe(true);
    expect(isInRange(undefined, '<5')).toBe(true);
    expect(isInRange({ major: 3 }, '>=3.20')).toBe(true);
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
