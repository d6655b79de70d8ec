/** Marks everything that a sandbox makes on the engine; its value is the sandbox's name prefix. */
export const SANDBOX_LABEL = 'ecs-ramp.sandbox';
/** The ARN of the task that a container belongs to. */
export const TASK_LABEL = 'ecs-ramp.task';
