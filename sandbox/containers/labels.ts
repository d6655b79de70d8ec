/**
 * Marks everything that a sandbox creates on the engine. The value is the sandbox's name prefix.
 */
export const SANDBOX_LABEL = 'ecs-ramp.sandbox';
/** The ARN of the task that a container belongs to. */
export const TASK_LABEL = 'ecs-ramp.task';
