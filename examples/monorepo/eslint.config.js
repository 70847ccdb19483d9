import concurrency from 'eslint-plugin-concurrency';

const { recommended } = concurrency.configs;

/** As warnings, so that a package with reports ends with 0: Turborepo and Nx keep only what ended well. */
export default {
  ...recommended,
  rules: Object.fromEntries(Object.keys(recommended.rules).map((rule) => [rule, 'warn'])),
};
