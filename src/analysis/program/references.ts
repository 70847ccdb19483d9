/** Who names a symbol, and who calls a function, anywhere in the Program. */
export { type CallSite, type CallSites, callSitesOf } from './call-sites.ts';
export { type Reference, type References, referencesOf } from './find-references.ts';
export { isPackageApi } from './package-surface.ts';
export { type ReferenceUse, usedAs } from './reference-use.ts';
