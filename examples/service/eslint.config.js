import concurrency from 'eslint-plugin-concurrency';

export default concurrency.configs.recommended;
