import rule from '../../src/rules/require-lock-release.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a call of the function that is there to be replaced', {
    code: `
      declare function replaceMe(): void;
      export function settleOrders() {
        replaceMe();
      }
    `,
    errors: [{ messageId: 'found', on: 'replaceMe()', line: 4, data: { name: 'replaceMe', line: 4 } }],
  });

  stays('silent when another function is called', {
    code: `
      declare function settle(): void;
      export function settleOrders() {
        settle();
      }
    `,
  });
});
