import type { SmokeTest } from '../../core/request.ts';
import { type InputType, shown, wrong } from './input-type.ts';
import { lines } from './list.ts';

const DEFAULT_STATUS = 200;
const DEFAULT_TIMES = 3;
const MOST_TIMES = 1_000;

const smokeTest: InputType<SmokeTest> = {
  allowed: 'PATH [STATUS] [xTIMES]',
  parse(given) {
    const [, path, status, times] = /^(\/\S*)(?:\s+([1-5]\d\d))?(?:\s+x(\d{1,4}))?$/.exec(given) ?? [];
    if (path === undefined) {
      return wrong(
        `${shown(given)} is not PATH [STATUS] [xTIMES]`,
        /^https?:/.test(given)
          ? 'write only the path, and put the host into smoke-test-url'
          : 'write it as /health 200 x3',
      );
    }
    const test = { path, status: Number(status ?? DEFAULT_STATUS), times: Number(times ?? DEFAULT_TIMES) };
    return test.times < 1 || test.times > MOST_TIMES
      ? wrong(`${shown(given)} has ${test.times} repetitions`, `write x1 to x${MOST_TIMES}`)
      : { value: test };
  },
};

export const smokeTests: InputType<readonly SmokeTest[]> = lines(smokeTest, {
  allowed: `PATH [STATUS] [xTIMES] (status ${DEFAULT_STATUS} and x${DEFAULT_TIMES} by default)`,
});
