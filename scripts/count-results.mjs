// @ts-check
/**
 * `node scripts/count-results.mjs FOLDER STATUS`: prints "N passed, N failed" for the reports that `npm test -- --all` left in
 * a folder, and ends with an error if anything failed. STATUS is how `npm test` ended.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { PARTS, reportOf } from './test-parts.mjs';

/**
 * The tests of a vitest report. A test file that could not be loaded counts as one failed test.
 * @param {string} text
 */
function countReport(text) {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(text);
  const notLoaded = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ { status, assertionResults }) =>
      status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + notLoaded.length };
}

/**
 * The sum over all parts. A part without a readable report counts as one failed test, and so does an end with an error
 * that no report explains.
 * @param {string} folder
 * @param {number} status how `npm test` ended
 */
export function countResults(folder, status) {
  const total = { passed: 0, failed: 0 };
  for (const name of Object.keys(PARTS)) {
    try {
      const { passed, failed } = countReport(readFileSync(reportOf(folder, name), 'utf8'));
      total.passed += passed;
      total.failed += failed;
    } catch {
      console.log(`No test report of the part '${name}'.`);
      total.failed++;
    }
  }
  if (status !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { passed, failed } = countResults(process.argv[2], Number(process.argv[3]));
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
