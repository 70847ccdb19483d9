import { entries, type MemberEntry, sameFor } from '../schema.ts';

const ENDS_OF_READABLE = {
  success: ['end', 'data', 'readable'],
  failure: ['error'],
  end: ['close'],
  cutOff: ['data', 'readable'],
};
const ENDS_OF_WRITABLE = { success: ['finish', 'drain'], failure: ['error'], end: ['close'], cutOff: ['drain'] };
const destroy: MemberEntry = { role: ['destroys', 'cuts-off'], resource: 'receiver', ends: 'sync', rejects: false };
const end: MemberEntry = {
  role: 'drains',
  argument: -1,
  ends: 'callback',
  rejects: false,
  reason: 'what was written may not be out yet when it returns',
};
const ITERATION = ['every', 'find', 'forEach', 'some'];

/** `node:stream`. */
export const stream = entries('stream', {
  checkedWith: '@types/node 20',
  types: {
    Stream: 'emitter',
    Readable: { role: ['emitter', 'owns-resource', 'stream'], events: ENDS_OF_READABLE },
    Writable: { role: ['emitter', 'owns-resource', 'drainable', 'stream'], events: ENDS_OF_WRITABLE },
    Duplex: {
      role: ['emitter', 'owns-resource', 'drainable', 'stream'],
      events: {
        success: ['end', 'finish', 'data', 'drain', 'readable'],
        failure: ['error'],
        end: ['close'],
        cutOff: ['data', 'drain', 'readable'],
      },
    },
  },
  members: {
    'Readable.destroy': destroy,
    'Writable.destroy': { ...destroy, gracefully: 'end' },
    'Duplex.destroy': { ...destroy, gracefully: 'end' },
    'Writable.end': end,
    'Duplex.end': end,
    'Writable.write': {
      role: 'io',
      rejects: false,
      reason: 'failures come as the event `error`; `false` asks to wait for `drain`',
    },
    ...sameFor('Readable', ['pause', 'resume', 'setEncoding', 'unpipe', 'isPaused'], 'safe'),
    'Readable.read': { role: ['reads', 'mutates'], rejects: false },
    'Readable.push': { role: 'mutates', rejects: false },
    'Stream.pipe': { role: 'io', rejects: false, reason: 'failures are not forwarded to the target' },
    ...sameFor('Readable', ITERATION, {
      role: 'runs-concurrently',
      argument: 0,
      reason: 'one at a time unless `concurrency` says more',
    }),
    'Readable.static:from': { role: 'safe' },
    pipeline: { role: 'io', argument: -1, ends: 'callback' },
    finished: {
      role: 'waits',
      waitsFor: 'stream',
      argument: -1,
      ends: 'callback',
      bound: { by: 'signal-option', argument: 1, option: 'signal' },
    },
  },
});

const releaseLock: MemberEntry = {
  role: 'releases',
  resource: 'receiver',
  ends: 'sync',
  rejects: false,
  again: 'harmless',
};
const destroys: MemberEntry = { role: 'destroys', resource: 'receiver', ends: 'promise' };

/** `node:stream/web`: what the global streams are made of where the DOM's are not in the library. */
export const streamWeb = entries('stream/web', {
  checkedWith: '@types/node 20',
  types: { ReadableStream: 'stream', WritableStream: 'stream' },
  members: {
    'ReadableStream.getReader': { role: 'acquires', resource: 'result', endsAlone: true },
    'ReadableStreamDefaultReader.releaseLock': releaseLock,
    'ReadableStreamDefaultReader.cancel': destroys,
    'ReadableStreamBYOBReader.releaseLock': releaseLock,
    'ReadableStreamBYOBReader.cancel': destroys,
    'WritableStream.getWriter': { role: 'acquires', resource: 'result', endsAlone: true },
    'WritableStreamDefaultWriter.releaseLock': releaseLock,
    'WritableStreamDefaultWriter.close': { role: 'drains', ends: 'promise' },
    'WritableStreamDefaultWriter.abort': destroys,
    ...sameFor('', ['ReadableStreamDefaultReader.read', 'ReadableStreamBYOBReader.read'], {
      role: 'waits',
      waitsFor: 'stream',
      bound: { by: 'none' },
      reason: 'the producer may stall; `cancel` ends it',
    }),
    'ReadableStream.pipeTo': {
      role: 'waits',
      waitsFor: 'stream',
      bound: { by: 'signal-option', argument: 1, option: 'signal' },
    },
  },
});

/** `node:stream/promises`. */
export const streamPromises = entries('stream/promises', {
  checkedWith: '@types/node 20',
  members: {
    pipeline: {
      role: 'io',
      bound: { by: 'signal-option', argument: -1, option: 'signal' },
      reason: 'destroys all its streams when one fails',
    },
    finished: {
      role: 'waits',
      waitsFor: 'stream',
      argument: 0,
      bound: { by: 'signal-option', argument: 1, option: 'signal' },
    },
  },
});
