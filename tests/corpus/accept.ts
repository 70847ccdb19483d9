/** Takes the reports of today as the expected ones; known reports keep their verdicts, new ones wait for somebody to read them. */
import { packages } from './packages.ts';
import { accept, changesBetween, expectedOf, reportsOf } from './reports.ts';

for (const name of packages) {
  const reports = await reportsOf(name);
  for (const change of changesBetween(expectedOf(name), reports)) console.log(`${name}: ${change}`);
  const { unreviewed } = await accept(name, reports);
  console.log(`${name}: ${String(reports.length)} reports, ${String(unreviewed)} unreviewed.`);
}
