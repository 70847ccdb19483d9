import path from 'node:path';
import prettier from 'prettier';
import plugin from './dist/index.js';

const HEADER_END = '<!-- end auto-generated rule header -->';

/** How a family is called in a sentence. */
const FAMILIES = {
  pools: 'Pools and leases',
  'request-context': 'Request context and background work',
  'shared-state': 'Shared state',
  shutdown: 'Shutdown',
  waits: 'Waits',
};

/** @type {import('eslint-doc-generator').GenerateOptions} */
export default {
  ruleDocTitleFormat: 'desc-parens-prefix-name',
  ruleDocNotices: ['deprecated', 'configs', 'fixableAndHasSuggestions', 'requiresTypeChecking'],
  // Options have sections of their own, in the words of the declaration; `tests/contract` looks after them.
  ruleDocSectionOptions: false,
  configEmoji: [
    ['recommended', '✅'],
    ['strict', '🔒'],
    ['all', '🌐'],
  ],
  ruleListColumns: ['name', 'description', 'configsError', 'fixable', 'hasSuggestions'],
  ruleListSplit: (rules) =>
    Object.entries(FAMILIES)
      .map(([family, title]) => ({
        title,
        rules: rules.filter(([name]) => plugin.rules[name].meta.docs.family === family),
      }))
      .filter((list) => list.rules.length > 0),
  async postprocess(content, file) {
    const folder = path.basename(path.dirname(file));
    if (folder !== 'rules')
      return prettier.format(content, { ...(await prettier.resolveConfig(file)), filepath: file });
    const { family } = plugin.rules[path.basename(file, '.md')].meta.docs;
    return content.replace(HEADER_END, `Family: [${FAMILIES[family]}](../families/${family}.md).\n\n${HEADER_END}`);
  },
};
