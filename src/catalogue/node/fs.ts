import { entries, type MemberEntry, sameFor, type StoreAccess } from '../schema.ts';

const read: MemberEntry = { role: ['io', 'store-read'], key: 0, isLocal: true };
const write: MemberEntry = { role: ['io', 'store-write'], key: 0, value: 1, isLocal: true };
const whole: StoreAccess = { gives: 'value' };
const there: StoreAccess = { gives: 'existence' };
const rewrites: StoreAccess = {
  unless: { options: ['flag: wx', 'flag: a', 'flag: xw'], words: ['wx', 'a'] },
  ifAbsent: "`flag: 'wx'`",
  absentOption: "flag: 'wx'",
  atOnce: 'a lock on the file',
};
const atomic: MemberEntry = { role: ['io', 'store-atomic'], key: 0, value: 1, isLocal: true };
const plain: MemberEntry = { role: 'io', key: 0, isLocal: true };

/** `node:fs/promises` and the methods of a file handle. */
export const fsPromises = entries('fs/promises', {
  checkedWith: '@types/node 20',
  types: { FileHandle: { role: ['lease', 'owns-resource', 'drainable'], disposes: 'releases' } },
  members: {
    ...sameFor('', ['lstat', 'readdir', 'readlink', 'realpath'], read),
    readFile: { ...read, store: whole },
    ...sameFor('', ['access', 'stat'], { ...read, store: there }),
    writeFile: { ...write, store: rewrites },
    truncate: write,
    appendFile: { ...atomic, reason: 'O_APPEND: short writes of several processes do not overwrite each other' },
    rename: { ...atomic, key: 1, value: 0 },
    mkdir: { ...atomic, reason: 'fails when the folder is there, unless `recursive`' },
    link: atomic,
    unlink: { role: ['io', 'store-write'], key: 0 },
    rm: { role: ['io', 'store-write'], key: 0 },
    rmdir: { role: ['io', 'store-write'], key: 0 },
    copyFile: { role: ['io', 'store-write'], key: 1, value: 0 },
    ...sameFor('', ['chmod', 'chown', 'mkdtemp', 'symlink', 'utimes', 'cp', 'opendir'], plain),
    open: { role: ['acquires', 'io'], resource: 'result', key: 0 },
    watch: {
      role: 'waits',
      bound: { by: 'signal-option', argument: 1, option: 'signal' },
      reason: 'an async iterator without end',
    },
    'FileHandle.close': { role: ['releases', 'drains'], resource: 'receiver', ends: 'promise', again: 'harmless' },
    ...sameFor(
      'FileHandle',
      ['appendFile', 'datasync', 'read', 'readFile', 'stat', 'sync', 'truncate', 'write', 'writeFile'],
      { role: 'io', isLocal: true },
    ),
    'FileHandle.createReadStream': {
      role: 'creates',
      resource: 'receiver',
      reason: 'closes the handle at its end unless `autoClose` is false',
    },
    'FileHandle.readLines': {
      role: 'creates',
      resource: 'receiver',
      reason: 'reads through a stream that closes the handle at its end',
    },
    'FileHandle.createWriteStream': {
      role: 'creates',
      resource: 'receiver',
      reason: 'closes the handle at its end unless `autoClose` is false',
    },
  },
});

/** `node:fs`. */
export const fs = entries('fs', {
  checkedWith: '@types/node 20',
  types: {
    FSWatcher: {
      role: ['emitter', 'owns-resource', 'drainable'],
      events: { success: ['change'], failure: ['error'], end: ['close'] },
      stage: 'work',
      keepsAlive: true,
    },
    ReadStream: {
      role: ['emitter', 'owns-resource'],
      events: {
        success: ['end', 'data', 'readable', 'open', 'ready'],
        failure: ['error'],
        end: ['close'],
        cutOff: ['data', 'readable'],
        prompt: ['open', 'ready'],
      },
    },
    WriteStream: {
      role: ['emitter', 'owns-resource', 'drainable'],
      events: {
        success: ['finish', 'drain', 'open', 'ready'],
        failure: ['error'],
        end: ['close'],
        cutOff: ['drain'],
        prompt: ['open', 'ready'],
      },
    },
  },
  members: {
    ...sameFor('', ['readFile', 'access', 'stat', 'lstat', 'readdir'], { ...read, argument: -1, ends: 'callback' }),
    ...sameFor('', ['writeFile', 'truncate'], { ...write, argument: -1, ends: 'callback' }),
    appendFile: { ...atomic, argument: -1, ends: 'callback' },
    rename: { ...atomic, key: 1, value: 0, argument: -1, ends: 'callback' },
    ...sameFor('', ['unlink', 'rm', 'rmdir', 'copyFile', 'mkdir'], { ...plain, argument: -1, ends: 'callback' }),
    ...sameFor('', ['statSync', 'readdirSync', 'accessSync'], { role: 'store-read', key: 0, ends: 'sync' }),
    readFileSync: { role: 'store-read', key: 0, ends: 'sync', store: whole },
    existsSync: { role: ['store-read', 'safe'], key: 0, ends: 'sync', store: there },
    writeFileSync: { role: 'store-write', key: 0, value: 1, ends: 'sync', store: rewrites },
    ...sameFor('', ['truncateSync', 'unlinkSync', 'rmSync', 'copyFileSync'], {
      role: 'store-write',
      key: 0,
      value: 1,
      ends: 'sync',
    }),
    ...sameFor('', ['appendFileSync', 'mkdirSync', 'renameSync'], { role: 'store-atomic', key: 0, ends: 'sync' }),
    open: { role: ['acquires', 'io'], resource: 'result', argument: -1, ends: 'callback', key: 0 },
    openSync: { role: 'acquires', resource: 'result', ends: 'sync', key: 0 },
    close: { role: 'releases', resource: 'argument', argument: 0, ends: 'callback' },
    closeSync: { role: 'releases', resource: 'argument', argument: 0, ends: 'sync' },
    createReadStream: { role: 'safe', reason: 'failures come as the event `error`' },
    createWriteStream: { role: 'safe', reason: 'failures come as the event `error`' },
    watch: { role: 'listener', argument: -1 },
    watchFile: { role: 'listener', argument: -1 },
    unwatchFile: { role: ['unlistens', 'safe'] },
    'FSWatcher.close': { role: 'drains', ends: 'sync', rejects: false },
    'WriteStream.close': { role: 'drains', argument: 0, ends: 'callback', rejects: false },
    'ReadStream.close': { role: 'destroys', resource: 'receiver', argument: 0, ends: 'callback', rejects: false },
  },
});
