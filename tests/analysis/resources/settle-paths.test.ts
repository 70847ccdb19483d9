import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { lateListener } from '../../../src/analysis/resources/late-listeners.ts';
import { pendingReplies } from '../../../src/analysis/resources/pending-replies.ts';
import { settleGaps } from '../../../src/analysis/resources/settle-paths.ts';
import { handMadeAt } from '../../../src/analysis/resources/settlers.ts';
import { coreOf } from '../../support/core.ts';

const HEAD = `
  import { once } from 'node:events';
  import { get } from 'node:http';
  import { readFile } from 'node:fs';
  import { spawn, type ChildProcess } from 'node:child_process';
  import { text } from 'node:stream/consumers';
  import type { Socket } from 'node:net';
  import type { Worker } from 'node:worker_threads';
  import { Redis } from 'ioredis';
  declare const socket: Socket;
  declare const worker: Worker;
  declare const redis: Redis;
`;

function promiseIn(code: string) {
  const { core, file } = opened(code);
  let found: ts.NewExpression | undefined;
  (function visit(node: ts.Node): void {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Promise') found ??= node;
    ts.forEachChild(node, visit);
  })(file);
  return { core, made: found! };
}

function opened(code: string) {
  const { core, expression } = coreOf(`${HEAD}${code}\nexport const last = 'the last of the file';`);
  return { core, file: expression(`'the last of the file'`).getSourceFile() };
}

function settlers(code: string): string[] {
  const { core, made } = promiseIn(code);
  return (core.ask(handMadeAt, made)?.settlers ?? []).map(({ by, hops, settles }) =>
    [settles, by, ...hops.map(({ emitter, event }) => `${emitter.getText()}:${event ?? '?'}`)].join(' '),
  );
}

function gaps(code: string): string[] {
  const { core, made } = promiseIn(code);
  return core.ask(settleGaps, made).map((gap) => {
    const sure = gap.isCertain ? 'certain' : 'likely';
    return gap.kind === 'events'
      ? `${sure} ${gap.hop.event ?? ''} without ${gap.missing.join(', ')}`
      : `${sure} ${gap.kind}`;
  });
}

describe('what settles a hand-made promise', () => {
  it('now, a listener, a listener in a listener, a timer, somebody else, a callback', () => {
    expect(settlers(`export const a = () => new Promise<void>((resolve) => { resolve(); });`)).toEqual(['resolve now']);
    expect(
      settlers(
        `export const a = () => new Promise((resolve, reject) => { socket.once('data', resolve).on('error', reject); });`,
      ),
    ).toEqual(['resolve events socket:data', 'reject events socket:error']);
    expect(
      settlers(
        `export const a = () => new Promise<void>((resolve) => { socket.on('connect', () => { socket.on('data', () => { resolve(); }); }); });`,
      ),
    ).toEqual(['resolve events socket:connect socket:data']);
    expect(settlers(`export const a = () => new Promise<void>((resolve) => { setTimeout(resolve, 5); });`)).toEqual([
      'resolve limit',
    ]);
    expect(
      settlers(
        `const waiting = new Set<() => void>(); export const a = () => new Promise<void>((resolve) => { waiting.add(resolve); });`,
      ),
    ).toEqual(['resolve kept']);
    expect(
      settlers(`export const a = () => new Promise((resolve) => { readFile('a', (_, data) => { resolve(data); }); });`),
    ).toEqual(['resolve callback']);
  });

  it('a named listener that is taken away again, a function that is called by a listener', () => {
    expect(
      settlers(
        `export const a = () => new Promise((resolve) => { const on = (data: Buffer) => { socket.off('data', on); resolve(data); }; socket.on('data', on); });`,
      ),
    ).toEqual(['resolve events socket:data']);
    expect(
      settlers(
        `export const a = () => new Promise<void>((resolve) => { const done = () => { resolve(); }; socket.on('end', () => { done(); }); });`,
      ),
    ).toEqual(['resolve events socket:end']);
  });

  it('the callback of a request is a listener of its result', () => {
    expect(
      settlers(
        `export const a = () => new Promise<void>((resolve) => { const sent = get('a', (answer) => { answer.on('end', () => { resolve(); }); }); });`,
      ),
    ).toEqual(['resolve events sent:response answer:end']);
  });
});

describe('endings that are missed', () => {
  it('failure and end of the emitter', () => {
    expect(gaps(`export const a = () => new Promise((resolve) => socket.once('data', resolve));`)).toEqual([
      'certain data without error, close',
    ]);
  });

  it('an end that comes without a failure', () => {
    expect(
      gaps(
        `export const a = () => new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject); });`,
      ),
    ).toEqual(['certain message without exit']);
    expect(
      gaps(
        `export const a = () => new Promise((resolve, reject) => { socket.once('connect', () => { resolve(1); }); socket.once('error', reject); });`,
      ),
    ).toEqual([]);
  });

  it('events of which the table says nothing, and emitters that recover, are likely', () => {
    expect(gaps(`export const a = () => new Promise((resolve) => worker.once('priced', resolve));`)).toEqual([
      'likely priced without error, exit',
    ]);
    expect(gaps(`export const a = () => new Promise<void>((resolve) => redis.once('ready', resolve));`)).toEqual([
      'likely ready without error, end',
    ]);
  });

  it('listeners that are put on in the listener do not count for it', () => {
    expect(
      gaps(
        `export const a = () => new Promise<void>((resolve, reject) => { socket.once('connect', () => { socket.once('close', () => { resolve(); }); socket.once('error', reject); }); });`,
      ),
    ).toEqual(['certain connect without error, close']);
  });

  it('a branch that returns, a dropped error', () => {
    expect(
      gaps(
        `export const a = (path: string) => new Promise<void>((resolve) => { if (path === '') return; resolve(); });`,
      ),
    ).toEqual(['certain branch']);
    expect(
      gaps(`export const a = () => new Promise((resolve) => { readFile('a', (error, data) => { resolve(data); }); });`),
    ).toEqual(['certain error']);
    expect(
      gaps(
        `export const a = () => new Promise((resolve) => { readFile('a', (error, data) => { if (error) return; resolve(data); }); });`,
      ),
    ).toEqual(['certain branch']);
  });
});

describe('listeners that come too late', () => {
  function late(code: string): string {
    const { core, made } = promiseIn(code);
    const found = core.ask(lateListener, made);
    return found === undefined ? 'in time' : `${found.isCertain ? 'certain' : 'likely'} ${found.event}`;
  }

  it('after I/O, after work that may be over at once, after an earlier event of the same emitter', () => {
    expect(
      late(
        `export async function run() { const child = spawn('ls'); await text(child.stdout); await new Promise((resolve) => child.on('close', resolve)); }`,
      ),
    ).toBe('certain close');
    expect(
      late(
        `declare function note(): Promise<void>; export async function run() { const child = spawn('ls'); await note(); await new Promise((resolve) => child.on('exit', resolve)); }`,
      ),
    ).toBe('likely exit');
    expect(
      late(
        `export async function run() { const child = spawn('ls'); await once(child, 'spawn'); await new Promise((resolve) => child.on('exit', resolve)); }`,
      ),
    ).toBe('in time');
  });

  it('an emitter that somebody else has made is another matter', () => {
    expect(
      late(
        `export async function run(child: ChildProcess) { await text(child.stdout!); await new Promise((resolve) => child.on('close', resolve)); }`,
      ),
    ).toBe('in time');
  });
});

describe('replies that stay pending', () => {
  function pending(code: string): string {
    const { core, made } = promiseIn(code);
    const found = core.ask(pendingReplies, made);
    return found === undefined
      ? 'settled'
      : `${found.isCertain ? 'certain' : 'likely'} ${found.event} without ${found.missing}`;
  }

  const ASK = `
    const waiting = new Map<number, { resolve: (price: number) => void; reject: (error: Error) => void }>();
    export const ask = (id: number) => new Promise<number>((resolve, reject) => { waiting.set(id, { resolve, reject }); worker.postMessage(id); });
    worker.on('message', ({ id, price }: { id: number; price: number }) => { waiting.get(id)?.resolve(price); });
  `;

  it('when nothing hears of the end', () => {
    expect(pending(ASK)).toBe('certain message without exit');
  });

  it('not when the end comes to them, also through a function', () => {
    expect(
      pending(
        `${ASK} function fail() { for (const { reject } of waiting.values()) reject(new Error('gone')); } worker.on('exit', () => { fail(); });`,
      ),
    ).toBe('settled');
  });

  it('likely when others come to them', () => {
    expect(pending(`${ASK} export function forget() { waiting.clear(); }`)).toBe('likely message without exit');
  });
});
