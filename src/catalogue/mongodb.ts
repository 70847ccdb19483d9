import { entries, type MemberEntry, sameFor, type StoreAccess } from './schema.ts';

const bound = { by: 'timeout-option', argument: -1, option: 'maxTimeMS' } as const;
const read: MemberEntry = { role: ['io', 'store-read'], key: 0, bound };
const write: MemberEntry = { role: ['io', 'store-write'], key: 0, value: 1 };

const unless: StoreAccess['unless'] = { options: ['session'] };
const atOnce = 'the old value in the filter';
const updates: StoreAccess = {
  by: 'filter',
  writes: 'columns',
  columns: ['$set'],
  unless,
  adds: { name: '$inc', operator: '$inc' },
  atOnce,
};
const replaces: StoreAccess = { by: 'filter', unless, ifAbsent: '`upsert: true` with `$setOnInsert`', atOnce };

/** The MongoDB driver 6 and 7. */
export const mongodb = entries('mongodb', {
  checkedWith: 'mongodb 7.9',
  types: {
    MongoClient: {
      role: ['drainable', 'emitter', 'store'],
      events: { failure: ['error', 'timeout'], end: ['close'] },
      keepsAlive: true,
    },
    ClientSession: { role: ['lease', 'owns-resource'], disposes: 'releases' },
    Collection: 'store',
    ChangeStream: {
      role: ['emitter', 'owns-resource'],
      events: { success: ['change'], failure: ['error'], end: ['close', 'end'], cutOff: ['change'] },
    },
    AbstractCursor: 'owns-resource',
  },
  members: {
    'new MongoClient': { role: 'creates', bound: { by: 'timeout-option', argument: 1, option: 'waitQueueTimeoutMS' } },
    'MongoClient.connect': {
      role: 'io',
      bound: { by: 'client-option', option: 'serverSelectionTimeoutMS', byDefault: true },
    },
    'MongoClient.static:connect': { role: ['creates', 'io'] },
    'MongoClient.close': { role: 'drains', ends: 'promise', mayHang: true },
    'MongoClient.startSession': { role: 'acquires', resource: 'result', rejects: false },
    'MongoClient.withSession': { role: 'lends', argument: -1 },
    'ClientSession.endSession': {
      role: 'releases',
      resource: 'receiver',
      ends: 'promise',
      again: 'harmless',
      undoes: 'all',
      reason: 'aborts an open transaction',
    },
    'ClientSession.startTransaction': { role: 'begins' },
    'ClientSession.commitTransaction': { role: ['commits', 'io'] },
    'ClientSession.abortTransaction': { role: ['rolls-back', 'io'] },
    'ClientSession.withTransaction': { role: 'lends', argument: 0, reason: 'may run the callback again' },
    ...sameFor('Collection', ['distinct', 'estimatedDocumentCount'], read),
    'Collection.findOne': { ...read, store: { by: 'filter', gives: 'row', unless } },
    'Collection.countDocuments': { ...read, store: { by: 'filter', gives: 'count', unless } },
    'Collection.find': { ...read, reason: 'a cursor: sent when it is read' },
    'Collection.aggregate': { ...read, reason: 'a cursor: sent when it is read' },
    ...sameFor('Collection', ['updateMany', 'updateOne'], {
      ...write,
      store: updates,
      reason: 'one step for one document, but blind to what was read before unless the filter says it',
    }),
    'Collection.replaceOne': {
      ...write,
      store: replaces,
      reason: 'one step for one document, but blind to what was read before unless the filter says it',
    },
    ...sameFor('Collection', ['bulkWrite', 'insertMany'], write),
    'Collection.insertOne': {
      role: ['io', 'store-write'],
      value: 0,
      store: {
        by: 'filter',
        writes: 'creates',
        unless,
        ifAbsent: '`updateOne` with `$setOnInsert` and `upsert: true`',
      },
    },
    ...sameFor('Collection', ['deleteMany', 'deleteOne'], { ...write, store: { by: 'filter', writes: 'removes' } }),
    'Collection.findOneAndDelete': { role: ['io', 'store-atomic'], key: 0, value: 1 },
    'Collection.findOneAndUpdate': {
      role: ['io', 'store-atomic', 'store-write'],
      key: 0,
      value: 1,
      store: updates,
      reason: 'gives and changes in one step; what was read before is none of it',
    },
    'Collection.findOneAndReplace': {
      role: ['io', 'store-atomic', 'store-write'],
      key: 0,
      value: 1,
      store: replaces,
      reason: 'gives and changes in one step; what was read before is none of it',
    },
    'Collection.watch': { role: 'creates' },
    'ChangeStream.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'promise' },
    'AbstractCursor.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'promise' },
    ...sameFor('AbstractCursor', ['next', 'hasNext', 'toArray', 'tryNext'], { role: ['io', 'store-read'] }),
    'AbstractCursor.forEach': { role: ['io', 'runs-now'], argument: 0 },
  },
});
