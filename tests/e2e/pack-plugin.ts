/** Packs the plugin for the tests of this folder, and again when they are run again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { packPlugin } from '../support/packed-plugin.ts';

export default function setup(project: TestProject): () => void {
  const folders: string[] = [];
  const pack = (): void => {
    const folder = mkdtempSync(path.join(tmpdir(), 'concurrency-packed-'));
    folders.push(folder);
    project.provide('packedPlugin', packPlugin(folder));
  };
  pack();
  project.onTestsRerun(pack);
  return () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
}
