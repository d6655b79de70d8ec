import type { Surface } from './surface.ts';
import type { Trouble } from './trouble.ts';

type Named = Pick<Surface, 'what' | 'permission'>;

/** What GitHub did not accept, for all services of a job: reported once, at the end. */
export interface Complaints {
  add(surface: Named, trouble: Trouble): void;
  /** GitHub accepted it later. */
  resolve(surface: Named): void;
  /** One notice; `null` if GitHub accepted everything. */
  inWords(): string | null;
}

export function createComplaints(): Complaints {
  const open = new Map<string, { readonly surface: Named; readonly trouble: Trouble }>();
  return {
    add(surface, trouble) {
      open.set(surface.what, { surface, trouble });
    },
    resolve({ what }) {
      // A final refusal stays: another service may not have needed the call.
      if (open.get(what)?.trouble.final !== true) open.delete(what);
    },
    inWords() {
      const all = [...open.values()];
      if (all.length === 0) return null;
      const failed = all.map(({ surface, trouble }) => `${surface.what} (${trouble.inWords})`);
      const missing = all.flatMap(({ surface, trouble }) => (trouble.forbidden ? [surface.permission] : []));
      return [
        `GitHub did not accept ${failed.join(', ')}. The release is not affected.`,
        ...(missing.length > 0 ? [`The job needs permissions: ${missing.join(', ')}.`] : []),
      ].join(' ');
    },
  };
}
