import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../src/settings.ts';

function read(concurrency: unknown) {
  return settingsOf({ concurrency });
}

describe('settings that are wrong are refused with one sentence', () => {
  test('that names the field, what was found and what is allowed', () => {
    expect(() => read({ fixes: 'always' })).toThrow(
      "`settings.concurrency.fixes` must be 'apply' or 'suggest', but is \"always\".",
    );
  });

  test('that suggests the nearest word', () => {
    expect(() => read({ fixes: 'sugest' })).toThrow(
      "`settings.concurrency.fixes` must be 'apply' or 'suggest', but is \"sugest\" (did you mean 'suggest'?).",
    );
  });

  test('that suggests the nearest field for an unknown one', () => {
    expect(() => read({ requestType: [] })).toThrow(
      '`settings.concurrency` has no field `requestType`; did you mean `requestTypes`?',
    );
  });

  test('that lists the fields where none is near', () => {
    expect(() => read({ deadlines: { telephone: 1 } })).toThrow(
      '`settings.concurrency.deadlines` has no field `telephone`; it may have `drain`, `wait`.',
    );
  });

  test('when the settings are no object', () => {
    expect(() => read('strict')).toThrow('`settings.concurrency` must be an object, but is "strict".');
  });

  test('when a type is given by its bare name', () => {
    expect(() => read({ requestTypes: ['Request'] })).toThrow(
      "`settings.concurrency.requestTypes[0]` must be an object with its origin, such as { from: 'package', " +
        "package: 'express', name: 'Request' }, but is \"Request\".",
    );
  });

  test('when a specifier does not say which package', () => {
    expect(() => read({ pools: [{ from: 'package', name: 'SessionPool' }] })).toThrow(
      '`settings.concurrency.pools[0].package` must be the name of a package, but is missing.',
    );
  });

  test('when a specifier has no name', () => {
    expect(() => read({ locks: [{ from: 'file' }] })).toThrow(
      '`settings.concurrency.locks[0].name` must be a name or an array of names, but is missing.',
    );
  });

  test('when a specifier has an origin that there is not', () => {
    expect(() => read({ waits: [{ from: 'packages', package: 'csp', name: 'take' }] })).toThrow(
      "`settings.concurrency.waits[0].from` must be 'file' or 'lib' or 'package', but is \"packages\" (did you mean 'package'?).",
    );
  });

  test('when a field belongs to another origin', () => {
    expect(() => read({ requestTypes: [{ from: 'lib', name: 'Request', path: './src/http.ts' }] })).toThrow(
      '`settings.concurrency.requestTypes[0]` has no field `path`',
    );
  });

  test('when a deadline is no whole number above 0', () => {
    expect(() => read({ deadlines: { wait: 0 } })).toThrow(
      '`settings.concurrency.deadlines.wait` must be a whole number of milliseconds above 0, but is 0.',
    );
  });

  test('when globs are no array', () => {
    expect(() => read({ services: 'apps/**' })).toThrow(
      '`settings.concurrency.services` must be an array of globs, but is "apps/**".',
    );
  });

  test('when a full row has a role that there is not', () => {
    expect(() => read({ entries: [{ from: 'pg', members: { 'Pool.connect': 'aquires' } }] })).toThrow(
      /^`settings\.concurrency\.entries\[0\]\.members\["Pool\.connect"\]` must be one of .* \(did you mean 'acquires'\?\)\.$/,
    );
  });

  test('when a full row does not say where it comes from', () => {
    expect(() => read({ entries: [{ members: {} }] })).toThrow(
      '`settings.concurrency.entries[0].from` must be the name of a package, but is missing.',
    );
  });

  test('when the files of a convention are no regular expression', () => {
    expect(() => read({ entries: [{ from: 'shop', conventions: [{ file: '(', exports: ['GET'] }] }] })).toThrow(
      '`settings.concurrency.entries[0].conventions[0].file` must be a regular expression, but is "(".',
    );
  });

  test('when the row of a member has no role', () => {
    expect(() => read({ entries: [{ from: 'pg', members: { 'Pool.connect': { argument: 0 } } }] })).toThrow(
      '`settings.concurrency.entries[0].members["Pool.connect"].role` must be a role, but is missing.',
    );
  });
});

describe('settings become catalogue rows', () => {
  test('a request type of a package', () => {
    expect(read({ requestTypes: [{ from: 'package', package: 'express', name: 'Request' }] }).rows).toEqual([
      { from: 'express', members: {}, types: { Request: { role: ['request-scope'] } } },
    ]);
  });

  test('several names of a module, written with `node:`', () => {
    expect(
      read({ requestTypes: [{ from: 'package', package: 'node:http', name: ['IncomingMessage', 'ServerResponse'] }] })
        .rows,
    ).toEqual([
      {
        from: 'http',
        members: {},
        types: { IncomingMessage: { role: ['request-scope'] }, ServerResponse: { role: ['request-scope'] } },
      },
    ]);
  });

  test('a type of the project itself, in one file or in any', () => {
    const { rows } = read({
      requestTypes: [
        { from: 'file', name: 'Session', path: 'src/session.ts' },
        { from: 'file', name: 'Tenant' },
      ],
    });
    expect(rows.map(({ from }) => from)).toEqual(['./src/session.ts', 'file']);
  });

  test('a pool with its lease', () => {
    expect(
      read({
        pools: [{ from: 'file', name: 'SessionPool', acquire: ['checkOut'], release: ['checkIn'], lease: 'Session' }],
      }).rows,
    ).toEqual([
      {
        from: 'file',
        types: { SessionPool: { role: ['pool'] }, Session: { role: ['lease'] } },
        members: {
          'SessionPool.checkOut': { role: ['acquires'], resource: 'result' },
          'SessionPool.checkIn': { role: ['releases'], resource: 'argument', argument: 0 },
          'Session.release': { role: ['releases'], resource: 'receiver' },
        },
      },
    ]);
  });

  test('a lock with the default names of its methods', () => {
    expect(read({ locks: [{ from: 'package', package: 'ledger-lock', name: 'LedgerLock' }] }).rows).toEqual([
      {
        from: 'ledger-lock',
        types: { LedgerLock: { role: ['lock'] } },
        members: {
          'LedgerLock.acquire': { role: ['locks'], resource: 'receiver' },
          'LedgerLock.release': { role: ['unlocks'], resource: 'receiver' },
        },
      },
    ]);
  });

  test('a wait that takes a signal, a drain with its type, a detach helper and a safe call of one package', () => {
    expect(
      read({
        waits: [
          {
            from: 'package',
            package: 'order-bus',
            name: 'Channel.receive',
            bound: { by: 'signal-option', argument: 0, option: 'signal' },
          },
        ],
        drains: [{ from: 'package', package: 'order-bus', name: 'Channel.flush' }],
        detachHelpers: [{ from: 'package', package: 'order-bus', name: 'inBackground', argument: 1 }],
        safeCalls: [{ from: 'package', package: 'order-bus', name: 'publishQuietly' }],
      }).rows,
    ).toEqual([
      {
        from: 'order-bus',
        types: { Channel: { role: ['drainable'] } },
        members: {
          'Channel.receive': { role: ['waits'], bound: { by: 'signal-option', argument: 0, option: 'signal' } },
          'Channel.flush': { role: ['drains'], ends: 'promise' },
          inBackground: { role: ['detaches'], argument: 1 },
          publishQuietly: { role: ['safe'], rejects: false },
        },
      },
    ]);
  });

  test('two roles of one member are both kept', () => {
    const { rows } = read({
      locks: [{ from: 'file', name: 'Ledger' }],
      waits: [{ from: 'file', name: 'Ledger.acquire' }],
    });
    expect(rows[0]?.members?.['Ledger.acquire']).toEqual({
      role: ['locks', 'waits'],
      resource: 'receiver',
      bound: { by: 'none' },
    });
  });

  test('full rows as they are, after those of the groups', () => {
    const row = { from: 'pg', members: { 'Pool.connect': { role: 'acquires', resource: 'result' } } };
    const { rows } = read({ entries: [row], safeCalls: [{ from: 'lib', name: 'structuredClone' }] });
    expect(rows.map(({ from }) => from)).toEqual(['lib', 'pg']);
    expect(rows[1]).toEqual(row);
  });
});

test('nothing given is the defaults', () => {
  expect(settingsOf(undefined)).toEqual(settingsOf({}));
  expect(settingsOf({})).toMatchObject({ fixes: 'apply', deadlines: {}, rows: [] });
});

test('equal settings have equal keys, whatever the order of their fields', () => {
  const one = read({ fixes: 'suggest', deadlines: { wait: 1000, drain: 5000 } });
  const other = read({ deadlines: { drain: 5000, wait: 1000 }, fixes: 'suggest' });
  expect(one.key).toBe(other.key);
  expect(one.key).not.toBe(read({ fixes: 'suggest' }).key);
});

test('settings that were read once are not read again', () => {
  const given = { fixes: 'suggest' };
  expect(read(given)).toBe(read(given));
});
