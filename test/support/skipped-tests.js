import { relative } from 'node:path';

/**
 * A Jest reporter that names each skipped test after the results. The name says what the test
 * requires.
 */
export default class SkippedTests {
  #root;
  #isSelection;

  constructor({ rootDir, testNamePattern }) {
    this.#root = rootDir;
    this.#isSelection = Boolean(testNamePattern);
  }

  onRunComplete(_contexts, { testResults }) {
    if (this.#isSelection) return;
    for (const { testFilePath, testResults: tests } of testResults) {
      for (const { status, fullName } of tests) {
        if (status === 'pending')
          process.stderr.write(`Skipped: ${relative(this.#root, testFilePath)}: ${fullName}\n`);
      }
    }
  }
}
