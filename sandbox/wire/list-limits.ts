/** The most items that AWS documents for a list of an input, by structure and member. */
export const LIST_LIMITS: ReadonlyMap<string, number> = new Map([
  ['BatchDeleteImageRequest.imageIds', 100],
  ['BatchGetImageRequest.imageIds', 100],
  ['DeleteTaskDefinitionsRequest.taskDefinitions', 10],
  ['DescribeAlarmsInput.AlarmNames', 100],
  ['DescribeServicesRequest.services', 10],
  ['DescribeTagsInput.ResourceArns', 20],
  ['DescribeTasksRequest.tasks', 100],
]);
