/** What a task definition or a service may have and a platform team may forbid. */
export const RISKS = [
  'privileged',
  'host-network',
  'host-namespaces',
  'host-volumes',
  'task-role-change',
  'execution-role-change',
  'public-ip',
] as const;

export type Risk = (typeof RISKS)[number];
