/** The parts of `HOST/PATH:TAG@DIGEST`. Pure. */
export function imageNamed(reference: string): {
  /** With the host, where it has one. */
  readonly name: string;
  readonly tag: string | null;
  readonly digest: string | null;
} {
  const [named = '', digest = null] = reference.split('@');
  const [, name = named, tag = null] = /^(.+):([^:/]+)$/.exec(named) ?? [];
  return { name, tag, digest };
}

/** Whether it may be of a repository: whatever the host, a mirror's too. Pure. */
export function isOf(reference: string, repository: string): boolean {
  const { name } = imageNamed(reference);
  return name === repository || name.endsWith(`/${repository}`);
}
