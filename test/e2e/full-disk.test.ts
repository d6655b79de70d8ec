// A runner whose disk is full: each write to /dev/full fails as on such a disk.
import { expect, test } from '@jest/globals';
import { serveAws } from '../support/served-aws.ts';

const FULL = '/dev/full';

test('a release is told as what it is, although neither outputs nor the job summary can be written', async () => {
  const served = await serveAws();
  try {
    const { step } = await served.release({
      inputs: { steps: '100' },
      environment: { GITHUB_OUTPUT: FULL, GITHUB_STEP_SUMMARY: FULL },
    });
    const { exitCode, annotations, log } = await step.done;
    expect(exitCode).toBe(0);
    const told = annotations.map(({ level, message }) => `${level}: ${message}`);
    expect(told).toContainEqual(
      expect.stringMatching(/^warning: The outputs.*GITHUB_OUTPUT \(\/dev\/full\)/),
    );
    expect(told).toContainEqual(expect.stringMatching(/^warning: The job summary.*\(\/dev\/full\)/));
    expect(log.join('\n')).toContain('outcome: deployed');
    expect(log.join('\n')).not.toMatch(/\n\s+at /);
  } finally {
    await served.close();
  }
});

test('a release does not start if the post step could not clean up after it', async () => {
  const served = await serveAws();
  try {
    const { step } = await served.release({ environment: { GITHUB_STATE: FULL, GITHUB_OUTPUT: FULL } });
    const { exitCode, annotations, log } = await step.done;
    expect(exitCode).toBe(1);
    expect(annotations.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^The state for the post step .*\(\/dev\/full\).*Nothing was started\.$/),
    );
    expect(log.join('\n')).not.toMatch(/\n\s+at /);
  } finally {
    await served.close();
  }
});
