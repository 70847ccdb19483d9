import { entries, type MemberEntry, sameFor, type TypeEntry } from './schema.ts';

const owned: TypeEntry = {
  role: ['lease', 'drainable', 'emitter'],
  disposes: 'releases',
  reason: 'cookies and storage belong to the context: one for each borrower',
};
const opens: MemberEntry = { role: ['acquires', 'io'], resource: 'result' };
const closes: MemberEntry = {
  role: ['releases', 'drains'],
  resource: 'receiver',
  ends: 'promise',
  again: 'harmless',
  reason: 'what it handed out ends with it',
};

/** Browsers that are driven from Node: a page ends with its context, a context with its browser. */
export const browsers = [
  entries('puppeteer', {
    alsoKnownAs: ['puppeteer-core'],
    checkedWith: 'puppeteer 25.16',
    types: { Browser: owned, BrowserContext: owned, Page: owned },
    members: {
      ...sameFor('PuppeteerNode', ['launch'], opens),
      'Puppeteer.connect': opens,
      ...sameFor('Browser', ['newPage', 'createBrowserContext'], opens),
      'BrowserContext.newPage': opens,
      'Browser.close': closes,
      'Browser.disconnect': { role: 'destroys', resource: 'receiver', ends: 'promise' },
      'BrowserContext.close': closes,
      'Page.close': closes,
    },
  }),
  entries('playwright', {
    alsoKnownAs: ['playwright-core'],
    checkedWith: 'playwright 1.65',
    types: { Browser: owned, BrowserContext: owned, Page: owned },
    members: {
      ...sameFor('BrowserType', ['launch', 'connect', 'connectOverCDP', 'launchPersistentContext'], opens),
      ...sameFor('Browser', ['newPage', 'newContext'], opens),
      'BrowserContext.newPage': opens,
      'Browser.close': closes,
      'BrowserContext.close': closes,
      'Page.close': closes,
    },
  }),
];
