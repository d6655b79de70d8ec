/** The parts of `HOST/PATH:TAG@DIGEST`. Pure. */
export function imageNamed(reference: string): {
  /** Includes the host, if there is one. */
  readonly name: string;
  readonly tag: string | null;
  readonly digest: string | null;
} {
  const [named = '', digest = null] = reference.split('@');
  const [, name = named, tag = null] = /^(.+):([^:/]+)$/.exec(named) ?? [];
  return { name, tag, digest };
}

/** Whether the reference may belong to the repository, on any host. Pure. */
export function isOf(reference: string, repository: string): boolean {
  const { name } = imageNamed(reference);
  return name === repository || name.endsWith(`/${repository}`);
}
