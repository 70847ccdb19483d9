import { entries, type MemberEntry, sameFor, type StoreAccess } from './schema.ts';

const read: MemberEntry = { role: ['io', 'store-read'], key: 0 };
const unless: StoreAccess['unless'] = { options: ['session'], chain: ['session'] };
const atOnce = 'the old value in the filter, or `optimisticConcurrency`';
const updates: StoreAccess = {
  by: 'filter',
  writes: 'columns',
  columns: ['$set'],
  unless,
  adds: { name: '$inc', operator: '$inc' },
  atOnce,
};

/** Mongoose 9. */
export const mongoose = entries('mongoose', {
  checkedWith: 'mongoose 9.12',
  types: {
    Query: { role: 'lazy-thenable', reason: 'sent by `then`, `exec` or `await`' },
    Aggregate: { role: 'lazy-thenable', reason: 'sent by `then`, `exec` or `await`' },
    Connection: {
      role: ['pool', 'drainable', 'emitter'],
      events: {
        success: ['connected', 'open', 'reconnected'],
        failure: ['error'],
        end: ['close', 'disconnected'],
        recovers: true,
      },
      keepsAlive: true,
    },
  },
  members: {
    disconnect: { role: 'drains', ends: 'promise', mayHang: true, reason: 'closes every connection' },
    createConnection: { role: 'creates', rejects: false },
    startSession: { role: 'acquires', resource: 'result' },
    'Connection.startSession': { role: 'acquires', resource: 'result' },
    'Connection.withSession': { role: 'lends', argument: 0 },
    'Connection.close': { role: 'drains', ends: 'promise', mayHang: true },
    'Connection.destroy': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
    'Connection.transaction': { role: 'lends', argument: 0, reason: 'may run the callback again' },
    'Model.startSession': { role: 'acquires', resource: 'result' },
    'Model.findById': { ...read, store: { by: 'filter', gives: 'row', unless } },
    'Model.findOne': { ...read, store: { by: 'filter', gives: 'row', unless } },
    'Model.find': { ...read, store: { by: 'filter', gives: 'rows', unless } },
    'Model.countDocuments': { ...read, store: { by: 'filter', gives: 'count', unless } },
    'Model.exists': { ...read, store: { by: 'filter', gives: 'existence', unless } },
    ...sameFor('Model', ['updateMany', 'updateOne'], {
      role: ['io', 'store-write'],
      key: 0,
      value: 1,
      store: updates,
      reason: 'one step for one document, but blind to what was read before unless the filter says it',
    }),
    ...sameFor('Model', ['findByIdAndUpdate', 'findOneAndUpdate'], {
      role: ['io', 'store-atomic', 'store-write'],
      key: 0,
      value: 1,
      store: updates,
      reason: 'gives and changes in one step; what was read before is none of it',
    }),
    ...sameFor('Model', ['findOneAndReplace', 'replaceOne'], {
      role: ['io', 'store-write'],
      key: 0,
      value: 1,
      store: { by: 'filter', unless, atOnce },
    }),
    'Model.create': {
      role: ['io', 'store-write'],
      value: 0,
      store: {
        by: 'filter',
        writes: 'creates',
        unless,
        ifAbsent: '`updateOne` with `$setOnInsert` and `upsert: true`',
      },
    },
    ...sameFor('Model', ['deleteMany', 'deleteOne', 'findByIdAndDelete', 'findOneAndDelete'], {
      role: ['io', 'store-write'],
      key: 0,
      store: { by: 'filter', writes: 'removes' },
    }),
    'Document.save': {
      role: ['io', 'store-write'],
      store: {
        by: 'receiver',
        writes: 'changes',
        unless,
        versionedBy: 'optimisticConcurrency',
        adds: { name: '$inc', call: '{row}.updateOne({ $inc: { {column}: {by} } })' },
        atOnce,
      },
    },
    'Document.updateOne': {
      role: ['io', 'store-write'],
      value: 0,
      store: { ...updates, by: 'receiver' },
    },
    'Document.deleteOne': { role: ['io', 'store-write'], store: { by: 'receiver', writes: 'removes' } },
  },
});
