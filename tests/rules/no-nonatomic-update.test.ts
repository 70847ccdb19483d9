import rule from '../../src/rules/no-nonatomic-update.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a compound assignment with the wait on its right side', {
    code: `
      declare function loadCount(path: string): Promise<number>;
      let served = 0;
      export async function handle(path: string): Promise<void> {
        served += await loadCount(path);
      }
    `,
    errors: [
      {
        messageId: 'across',
        on: 'served',
        line: 5,
        data: { name: 'served', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
      declare function loadCount(path: string): Promise<number>;
      let served = 0;
      export async function handle(path: string): Promise<void> {
        const count = await loadCount(path);
        served += count;
      }
    `,
  });

  reports('a counter written from a copy taken before the wait', {
    code: `
      declare function audit(id: string): Promise<void>;
      let served = 0;
      export async function handle(id: string): Promise<void> {
        const before = served;
        await audit(id);
        served = before + 1;
      }
    `,
    errors: [
      {
        messageId: 'stale',
        on: 'served',
        line: 7,
        data: { name: 'served', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
      declare function audit(id: string): Promise<void>;
      let served = 0;
      export async function handle(id: string): Promise<void> {
        await audit(id);
        served = served + 1;
      }
    `,
  });

  stays('silent when the value is read after the wait', {
    code: `
      declare function audit(id: string): Promise<void>;
      let served = 0;
      export async function handle(id: string): Promise<void> {
        await audit(id);
        served = served + 1;
      }
    `,
  });
});
