/** What AWS documents for a text of an input. */
export interface TextLimit {
  readonly least: number;
  readonly most: number;
  readonly pattern?: string;
}

const SESSION_NAME: TextLimit = { least: 2, most: 64, pattern: String.raw`[\w+=,.@-]*` };

/** By structure and member. */
const TEXT_LIMITS: ReadonlyMap<string, TextLimit> = new Map([
  ['AssumeRoleRequest.RoleSessionName', SESSION_NAME],
  ['AssumeRoleWithWebIdentityRequest.RoleSessionName', SESSION_NAME],
  ['CreateServiceRequest.clientToken', { least: 0, most: 36, pattern: '[!-~]*' }],
  ['RunTaskRequest.clientToken', { least: 0, most: 64, pattern: '[!-~]*' }],
  ['RunTaskRequest.startedBy', { least: 0, most: 128 }],
]);

/** The constraints, in AWS's words, that the text does not satisfy. */
export function brokenTextLimits(member: string, text: string): readonly string[] {
  const limit = TEXT_LIMITS.get(member);
  if (!limit) return [];
  const { least, most, pattern } = limit;
  return [
    ...(text.length < least ? [`Member must have length greater than or equal to ${least}`] : []),
    ...(text.length > most ? [`Member must have length less than or equal to ${most}`] : []),
    ...(pattern !== undefined && !new RegExp(`^${pattern}$`).test(text)
      ? [`Member must satisfy regular expression pattern: ${pattern}`]
      : []),
  ];
}
