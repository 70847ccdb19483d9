import { describe, expect, test } from 'vitest';
import { orderIn, waysThrough } from './lowered.ts';

describe('evaluation order: waiting', () => {
  test('an assignment reads nothing of its target before it waits', () => {
    expect(orderIn('async function charge() { const paid = await collect(); total = paid; }')).toEqual([
      'call collect()',
      'suspend await collect()',
      'write paid',
      'read paid',
      'write total',
    ]);
  });

  test('a compound assignment reads its target before it waits', () => {
    expect(orderIn('async function charge() { total += await collect(); }')).toEqual([
      'read total',
      'call collect()',
      'suspend await collect()',
      'write total',
    ]);
  });

  test('so does a sum whose right side waits', () => {
    expect(orderIn('async function charge() { total = total + (await collect()); }')).toEqual([
      'read total',
      'call collect()',
      'suspend await collect()',
      'write total',
    ]);
  });

  test('a logical assignment evaluates its key once and waits only on one way', () => {
    expect(waysThrough('async function charge() { this.totals[key()] ??= await collect(); }')).toEqual([
      'read this.totals > call key() > read this.totals[key()] > branch this.totals[key()] > call collect() > suspend await collect() > write this.totals[key()] > exit',
      'read this.totals > call key() > read this.totals[key()] > branch this.totals[key()] > exit',
    ]);
  });

  test('`return await` waits before it returns', () => {
    expect(orderIn('async function charge() { return await collect(); }')).toEqual([
      'call collect()',
      'suspend await collect()',
      'return return await collect();',
    ]);
  });

  test('`for await` waits before each step', () => {
    expect(orderIn('async function charge() { for await (const page of pages()) use(page); }')).toEqual([
      'call pages()',
      'suspend for await (const page of pages()) use(page);',
      'iterate for await (const page of pages()) use(page);',
      'write page',
      'read page',
      'call use(page)',
    ]);
  });

  test('`yield` hands over after its operand, and the consumer may end it there', () => {
    expect(waysThrough('function* charge() { const answer = yield first(); use(answer); }')).toEqual([
      'call first() > suspend yield first() > exit',
      'call first() > suspend yield first() > write answer > read answer > call use(answer) > exit',
    ]);
  });

  test('`yield*` goes through the other generator step by step', () => {
    expect(orderIn('function* charge() { yield* inner(); done(); }')).toEqual([
      'call inner()',
      'iterate yield* inner()',
      'suspend yield* inner()',
      'call done()',
    ]);
  });

  test('`using` disposes at the end of its scope', () => {
    expect(waysThrough('function charge() { using lease = take(); work(); }')).toEqual([
      'call take() > write lease > call work() > dispose lease = take() > exit',
    ]);
  });

  test('`await using` disposes and waits after the returned value was made', () => {
    expect(waysThrough('async function charge() { await using lease = take(); return work(); }')).toEqual([
      'call take() > write lease > call work() > return return work(); > dispose lease = take() > suspend lease = take() > exit',
    ]);
  });

  test('top-level code waits too', () => {
    expect(orderIn('const paid = await collect(); total = paid;', 'file')).toEqual([
      'call collect()',
      'suspend await collect()',
      'write paid',
      'read paid',
      'write total',
    ]);
  });
});

describe('evaluation order: expressions', () => {
  test('the object and the key of a target come before the value', () => {
    expect(orderIn('function charge() { totals[key()].sum = amount(); }')).toEqual([
      'read totals',
      'call key()',
      'read totals[key()]',
      'call amount()',
      'write totals[key()].sum',
    ]);
  });

  test('an update reads and writes', () => {
    expect(orderIn('function charge() { count++; --this.left; }')).toEqual([
      'read count',
      'write count',
      'read this.left',
      'write this.left',
    ]);
  });

  test('`delete` evaluates the path and writes', () => {
    expect(orderIn('function charge() { delete orders[id]; }')).toEqual(['read orders', 'read id', 'write orders[id]']);
  });

  test('`?:` goes one of two ways', () => {
    expect(waysThrough('function charge() { return ready ? now() : later(); }')).toEqual([
      'read ready > branch ready > call now() > return return ready ? now() : later(); > exit',
      'read ready > branch ready > call later() > return return ready ? now() : later(); > exit',
    ]);
  });

  test('`&&` and `||` in a value may stop early', () => {
    expect(waysThrough('function charge() { use(paid && amount()); use(paid || amount()); }')).toEqual([
      'read paid > branch paid > call amount() > call use(paid && amount()) > read paid > branch paid > call amount() > call use(paid || amount()) > exit',
      'read paid > branch paid > call amount() > call use(paid && amount()) > read paid > branch paid > call use(paid || amount()) > exit',
      'read paid > branch paid > call use(paid && amount()) > read paid > branch paid > call amount() > call use(paid || amount()) > exit',
      'read paid > branch paid > call use(paid && amount()) > read paid > branch paid > call use(paid || amount()) > exit',
    ]);
  });

  test('`??` evaluates its right side only where there is nothing', () => {
    expect(waysThrough('function charge() { use(paid ?? amount()); }')).toEqual([
      'read paid > branch paid > call amount() > call use(paid ?? amount()) > exit',
      'read paid > branch paid > call use(paid ?? amount()) > exit',
    ]);
  });

  test('an optional chain leaves as a whole', () => {
    expect(waysThrough('function charge() { order?.lines?.[index()]?.send(first()); }')).toEqual([
      'read order > branch order > read order?.lines > branch order?.lines > call index() > read order?.lines?.[index()] > branch order?.lines?.[index()] > call first() > call order?.lines?.[index()]?.send(first()) > exit',
      'read order > branch order > read order?.lines > branch order?.lines > call index() > read order?.lines?.[index()] > branch order?.lines?.[index()] > exit',
      'read order > branch order > read order?.lines > branch order?.lines > exit',
      'read order > branch order > exit',
    ]);
  });

  test('an optional call looks at its callee first', () => {
    expect(waysThrough('function charge() { send?.(order); }')).toEqual([
      'read send > branch send > read order > call send?.(order) > exit',
      'read send > branch send > exit',
    ]);
  });

  test('logical assignments write on one way only', () => {
    expect(waysThrough('function charge() { x ||= f(); y &&= g(); }')).toEqual([
      'read x > branch x > call f() > write x > read y > branch y > call g() > write y > exit',
      'read x > branch x > call f() > write x > read y > branch y > exit',
      'read x > branch x > read y > branch y > call g() > write y > exit',
      'read x > branch x > read y > branch y > exit',
    ]);
  });

  test('spreads are iterated in their place', () => {
    expect(orderIn('function charge() { send(...lines, last()); }')).toEqual([
      'read lines',
      'iterate ...lines',
      'call last()',
      'call send(...lines, last())',
    ]);
  });

  test('`new` evaluates its arguments first', () => {
    expect(orderIn('function charge() { new Order(make(), ...rest); }')).toEqual([
      'call make()',
      'read rest',
      'iterate ...rest',
      'call new Order(make(), ...rest)',
    ]);
  });

  test('a tagged template is a call after its parts', () => {
    expect(orderIn('function charge() { sql`select ${a} and ${f()}`; }')).toEqual([
      'read a',
      'call f()',
      'call sql`select ${a} and ${f()}`',
    ]);
  });

  test('an object literal is evaluated from left to right, with computed names', () => {
    expect(orderIn('function charge() { return { a: one(), [key()]: two(), ...rest(), b }; }')).toEqual([
      'call one()',
      'call key()',
      'call two()',
      'call rest()',
      'read b',
      'return return { a: one(), [key()]: two(), ...rest(), b };',
    ]);
  });

  test('assertions and parentheses are nothing', () => {
    expect(
      orderIn('function charge() { const order = load() as Order; order!.send(); (order satisfies Order).id; }'),
    ).toEqual([
      'call load()',
      'write order',
      'read order',
      'call order!.send()',
      'read order',
      'read (order satisfies Order).id',
    ]);
  });

  test('commas, `void` and `typeof` evaluate their operands', () => {
    expect(orderIn('function charge() { (a, b()); void c(); typeof d; }')).toEqual([
      'read a',
      'call b()',
      'call c()',
      'read d',
    ]);
  });

  test('JSX is evaluated from left to right', () => {
    expect(orderIn('const view = () => <Orders list={orders()} {...rest()}>{count()}</Orders>;')).toEqual([
      'call orders()',
      'call rest()',
      'call count()',
      'return <Orders list={orders()} {...rest()}>{count()}</Orders>',
    ]);
  });
});

describe('evaluation order: patterns', () => {
  test('an object pattern takes its parts in turn, with defaults where there is nothing', () => {
    expect(waysThrough('function charge() { const { id, total = tax(), ...rest } = load(); }')).toEqual([
      'call load() > read id > write id > read total = tax() > branch total = tax() > call tax() > write total > read ...rest > write rest > exit',
      'call load() > read id > write id > read total = tax() > branch total = tax() > write total > read ...rest > write rest > exit',
    ]);
  });

  test('an array pattern iterates', () => {
    expect(orderIn('function charge() { const [first, , second = other()] = load(); }')).toEqual([
      'call load()',
      'iterate [first, , second = other()]',
      'read first',
      'write first',
      'read second = other()',
      'branch second = other()',
      'call other()',
      'write second',
    ]);
  });

  test('a swap reads both before it writes either', () => {
    expect(orderIn('function charge() { [a, b] = [b, a]; }')).toEqual([
      'read b',
      'read a',
      'iterate [a, b]',
      'write a',
      'write b',
    ]);
  });

  test('the target of a part is evaluated before its default', () => {
    expect(orderIn('function charge() { ({ total: sums[key()] = zero() } = load()); }')).toEqual([
      'call load()',
      'read sums',
      'call key()',
      'read total: sums[key()] = zero()',
      'branch sums[key()] = zero()',
      'call zero()',
      'write sums[key()]',
    ]);
  });

  test('parameters have defaults and patterns', () => {
    expect(orderIn('function charge(amount = fee(), { tax = rate() } = {}) {}')).toEqual([
      'branch amount = fee()',
      'call fee()',
      'write amount',
      'branch { tax = rate() } = {}',
      'read tax = rate()',
      'branch tax = rate()',
      'call rate()',
      'write tax',
    ]);
  });
});

describe('evaluation order: statements', () => {
  test('a condition with `!`, `&&` and `||` decides as it goes', () => {
    expect(waysThrough('function charge() { if (!(a && b) || c) one(); else two(); }')).toEqual([
      'read a > branch a > read b > branch b > read c > branch c > call one() > exit',
      'read a > branch a > read b > branch b > read c > branch c > call two() > exit',
      'read a > branch a > read b > branch b > call one() > exit',
      'read a > branch a > call one() > exit',
    ]);
  });

  test('`while` tests before, `do` after', () => {
    expect(orderIn('function charge() { while (more()) use(); do use(); while (less()); }')).toEqual([
      'call more()',
      'branch more()',
      'call use()',
      'call use()',
      'call less()',
      'branch less()',
    ]);
  });

  test('`for` updates after its body', () => {
    expect(orderIn('function charge() { for (let i = 0; i < n; i++) use(i); }')).toEqual([
      'write i',
      'read i',
      'read n',
      'branch i < n',
      'read i',
      'call use(i)',
      'read i',
      'write i',
    ]);
  });

  test('`for … of` and `for … in` bind at each step', () => {
    expect(
      orderIn('function charge() { for (const line of lines()) use(line); for (const key in totals) use(key); }'),
    ).toEqual([
      'call lines()',
      'iterate for (const line of lines()) use(line);',
      'write line',
      'read line',
      'call use(line)',
      'read totals',
      'iterate for (const key in totals) use(key);',
      'write key',
      'read key',
      'call use(key)',
    ]);
  });

  test('an endless loop is left by `break` alone', () => {
    expect(waysThrough('function charge() { for (;;) { if (done()) break; work(); } rest(); }')).toEqual([
      'call done() > branch done() > call rest() > exit',
      'call done() > branch done() > call work() > call done() > branch done() > call rest() > exit',
    ]);
  });

  test('a loop without any way out has no way to the end', () => {
    expect(waysThrough('function charge() { for (;;) work(); }')).toEqual([]);
  });

  test('labels lead out of inner loops', () => {
    expect(
      waysThrough('function charge() { outer: for (;;) { for (;;) { if (a) continue outer; if (b) break outer; } } }'),
    ).toEqual([
      'read a > branch a > read a > branch a > read b > branch b > exit',
      'read a > branch a > read b > branch b > exit',
      'read a > branch a > read b > branch b > read a > branch a > read b > branch b > exit',
    ]);
  });

  test('a labelled block is left by its label', () => {
    expect(waysThrough('function charge() { blk: { if (a) break blk; work(); } rest(); }')).toEqual([
      'read a > branch a > call rest() > exit',
      'read a > branch a > call work() > call rest() > exit',
    ]);
  });

  test('`switch` tests in order and falls through', () => {
    expect(
      waysThrough('function charge() { switch (kind()) { case a: one(); case b: two(); break; default: three(); } }'),
    ).toEqual([
      'call kind() > read a > branch a > read b > branch b > call two() > exit',
      'call kind() > read a > branch a > read b > branch b > call three() > exit',
      'call kind() > read a > branch a > call one() > call two() > exit',
    ]);
  });

  test('a default in front is still taken last, and falls through', () => {
    expect(waysThrough('function charge() { switch (kind) { default: other(); case a: one(); } }')).toEqual([
      'read kind > read a > branch a > call other() > call one() > exit',
      'read kind > read a > branch a > call one() > exit',
    ]);
  });

  test('what stands after a return is not there', () => {
    expect(orderIn('function charge() { work(); return; rest(); }')).toEqual(['call work()', 'return return;']);
  });

  test('a call that never returns ends its way', () => {
    expect(waysThrough('function charge() { if (a) exit(); work(); }')).toEqual([
      'read a > branch a > call work() > exit',
    ]);
  });
});

describe('evaluation order: failures', () => {
  test('any call may throw into the handler, and both ways meet in `finally`', () => {
    expect(
      waysThrough('function charge() { try { work(); } catch (error) { report(error); } finally { close(); } }', {
        throws: true,
      }),
    ).toEqual([
      'call work() > write error > read error > call report(error) > call close() > escape',
      'call work() > write error > read error > call report(error) > call close() > escape',
      'call work() > write error > read error > call report(error) > call close() > escape',
      'call work() > write error > read error > call report(error) > call close() > exit',
      'call work() > call close() > escape',
      'call work() > call close() > exit',
    ]);
  });

  test('a return passes `finally` with its value made', () => {
    expect(waysThrough('function charge() { try { return work(); } finally { close(); } }')).toEqual([
      'call work() > return return work(); > call close() > exit',
    ]);
  });

  test('`break` and `continue` pass `finally` as well', () => {
    expect(
      waysThrough('function charge() { while (a) { try { if (b) break; continue; } finally { close(); } } }'),
    ).toEqual([
      'read a > branch a > read b > branch b > call close() > exit',
      'read a > branch a > read b > branch b > call close() > read a > branch a > read b > branch b > call close() > exit',
      'read a > branch a > read b > branch b > call close() > read a > branch a > exit',
      'read a > branch a > exit',
    ]);
  });

  test('a return in `finally` swallows the failure', () => {
    expect(waysThrough('function charge() { try { work(); } finally { return; } }', { throws: true })).toEqual([
      'call work() > return return; > exit',
      'call work() > return return; > exit',
    ]);
  });

  test('a throw goes to the nearest handler', () => {
    expect(waysThrough('function charge() { try { throw fail(); } catch { return; } }')).toEqual([
      'call fail() > throw throw fail(); > return return; > exit',
    ]);
  });

  test('an awaited promise may reject', () => {
    expect(waysThrough('async function charge() { await collect(); }', { throws: true })).toEqual([
      'call collect() > escape',
      'call collect() > suspend await collect() > escape',
      'call collect() > suspend await collect() > exit',
    ]);
  });
});

describe('evaluation order: closures', () => {
  test('a function declaration is there before the block begins', () => {
    expect(waysThrough('function charge() { later(); function later() {} }')).toEqual([
      'make function later() {} > call later() > exit',
    ]);
  });

  test('a function value is made where it stands and does not run', () => {
    expect(waysThrough('function charge() { const run = async () => { await x(); }; run(); }')).toEqual([
      'make async () => { await x(); } > write run > call run() > exit',
    ]);
  });

  test('a class evaluates base and computed names, then its static parts', () => {
    expect(
      orderIn(
        'function charge() { class Order extends base() { static made = start(); static { ready(); } [key()]() {} } }',
      ),
    ).toEqual(['call base()', 'call key()', 'call static made = start();', 'call static { ready(); }']);
  });
});
