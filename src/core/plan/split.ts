/**
 * What is parted between the versions. requests: by a load balancer, to any percent. tasks: they take their work themselves, and
 * there are as many new ones as old ones. rolling: ECS replaces the tasks in batches, and nothing tells whose a request was.
 */
export type Split = 'requests' | 'tasks' | 'rolling';
