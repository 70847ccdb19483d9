import fc from 'fast-check';

/**
 * Random functions, as text. `#` stands for the number of a call: `t(#)`, `r(#)`, `o(#)`, `c(#)`; every number stands once.
 *
 * `t` gives any value or throws, `r` a promise that may reject, `o` an object or nothing, `c` a condition that turns false in the
 * end, `d` something to dispose of.
 */
export interface RandomFunctions {
  readonly asyncFunction: fc.Arbitrary<string>;
  readonly generator: fc.Arbitrary<string>;
}

type Context = 'inner' | 'loop' | 'none' | 'switch';

const oneOf = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

/** Fills a template: `{e}` an expression, `{s}` a statement. */
function filled(template: string, parts: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const pieces = template.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    const part = name === undefined ? undefined : parts[name];
    return part ?? fc.constant(piece);
  });
  return fc.tuple(...pieces).map((texts) => texts.join(''));
}

const EXPRESSIONS: readonly string[] = [
  '({e} && {e})',
  '({e} || {e})',
  '({e} ?? {e})',
  '({e} ? {e} : {e})',
  '({e}, {e})',
  '({e} === {e})',
  '!{e}',
  'typeof {e}',
  'void {e}',
  '[{e}, ...[{e}]]',
  '({ a: {e}, [`k${{e}}`]: {e}, ...({ b: {e} }) })',
  '`${typeof {e}} ${typeof {e}}`',
  'o(#)?.m({e}, #)',
  'o(#)?.p[typeof {e}]',
  'o(#)?.p?.[typeof {e}]?.m({e}, #)',
  '(o(#)?.p)?.m({e}, #)',
  'new T({e}, #)',
  '(x = {e})',
  '(x ??= {e})',
  '(x ||= {e})',
  '(x &&= {e})',
  '(box[`k${typeof {e}}`] = {e})',
  '([x = {e}, y] = [{e}, {e}])',
  '({ a: x = {e}, [`k${typeof {e}}`]: y = {e} } = { a: {e} })',
  '(() => t(#))',
  '(box.n += typeof {e} === "string" ? 1 : 2)',
  '({ a: box[`k${typeof {e}}`] = {e} } = { a: {e} })',
  '([box[`k${typeof {e}}`] = {e}, [x] = [{e}]] = [{e}])',
  '(class extends ({e}, Object) { static a = t(#); static [`k${typeof {e}}`] = t(#); [`k${typeof {e}}`]() {} })',
  'delete box[`k${typeof {e}}`]',
];

const STATEMENTS: readonly string[] = [
  '{e};',
  'if ({e}) {b}',
  'if (!{e} || ({e} && {e})) {b} else {b}',
  'try {b} catch {b}',
  'try {b} catch (error) {b}',
  'try {b} finally {b}',
  'try {b} catch {b} finally {b}',
  'return {e};',
  'throw {e};',
  'const {v} = {e};',
  'let { a: {v} = {e} } = { a: {e} };',
  'const [{v} = {e}] = [{e}];',
  'blk{l}: { {s} if ({e}) break blk{l}; {s} }',
  '{ using {v} = d(#); {s} {s} }',
  'switch ({e}) { case [{e}][0]: {w} {w} default: {w} case [{e}][0]: {w} }',
];

const LOOPS: readonly string[] = [
  'while (c(#)) {i}',
  'do {i} while (c(#));',
  'for (x = {e}; c(#); {e}) {i}',
  'for (const {v} of [{e}, {e}]) {i}',
  'for ([x = {e}] of [[], [{e}]]) {i}',
  'for (const {v} in { a: {e}, b: 1 }) {i}',
];

const JUMPS: Readonly<Record<Context, readonly string[]>> = {
  none: [],
  switch: ['break;'],
  loop: ['break;', 'continue;', 'break outer;', 'continue outer;'],
  inner: ['break;', 'continue;', 'break outer;', 'continue outer;'],
};

/** The grammar: `isAsync` adds `await`, the other sort `yield`. */
function functionsOf(isAsync: boolean): fc.Arbitrary<string> {
  const own = isAsync
    ? ['await r(#)', 'await {e}', '(box.n += typeof (await {e}) === "string" ? 1 : 2)']
    : ['(yield t(#))'];
  const ownStatements = isAsync ? ['{ await using {v} = d(#); {s} {s} }'] : [];
  const ownLoops = isAsync ? ['for await (const {v} of [{e}, {e}]) {i}'] : [];
  let name = 0;
  const fresh = fc.constant(null).map(() => `v${String(name++)}`);
  let label = 0;

  const { body } = fc.letrec((untyped) => {
    const tie = (name: string): fc.Arbitrary<string> => untyped(name) as fc.Arbitrary<string>;
    const e = tie('expression');
    const statementsIn = (context: Context): fc.Arbitrary<string> => {
      const inside = context === 'none' ? 'statement' : context;
      const s = tie(inside);
      const parts = {
        e,
        s,
        b: fc.array(s, { maxLength: 2 }).map((list) => `{ ${list.join(' ')} }`),
        i: tie(context === 'none' || context === 'switch' ? 'loop' : 'inner'),
        w: tie(context === 'none' ? 'switch' : context),
        v: fresh,
      };
      const labelled = (template: string): fc.Arbitrary<string> =>
        template.includes('{l}')
          ? filled(template, parts).map((text) => {
              const number = String(label++);
              return text.replaceAll('{l}', number);
            })
          : filled(template, parts);
      const isOuter = context === 'none' || context === 'switch';
      const loops = [...LOOPS, ...ownLoops].map((loop) => (isOuter ? `outer: ${loop}` : loop));
      return fc.oneof(
        { maxDepth: 4, depthIdentifier: 'program', withCrossShrink: true },
        filled('{e};', parts),
        ...(JUMPS[context].length === 0 ? [] : [filled('if ({e}) {j}', { ...parts, j: oneOf(...JUMPS[context]) })]),
        ...[...STATEMENTS, ...ownStatements, ...loops].map(labelled),
      );
    };
    return {
      expression: fc.oneof(
        { maxDepth: 4, depthIdentifier: 'program', withCrossShrink: true },
        fc.constant('t(#)'),
        ...[...EXPRESSIONS, ...own].map((template) => filled(template, { e })),
      ),
      statement: statementsIn('none'),
      loop: statementsIn('loop').map((text) => `{ ${text} }`),
      inner: statementsIn('inner').map((text) => `{ ${text} }`),
      switch: statementsIn('switch'),
      body: fc.array(tie('statement'), { minLength: 1, maxLength: 4 }).map((list) => list.join('\n')),
    };
  });
  const head = isAsync ? 'async function work' : 'function* work';
  return body.map((text) => numbered(`${head}(a = t(#), { b = t(#) } = {}) {\n${text}\n}`));
}

/** Each `#` its own number; each block-scoped `v` its own name. */
function numbered(text: string): string {
  let number = 0;
  let name = 0;
  return text.replace(/#/g, () => String(number++)).replace(/\bv\d+\b/g, () => `v${String(name++)}`);
}

export const randomFunctions: RandomFunctions = { asyncFunction: functionsOf(true), generator: functionsOf(false) };
