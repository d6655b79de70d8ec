import type { Surface } from './surface.ts';
import type { Trouble } from './trouble.ts';

type Named = Pick<Surface, 'what' | 'permission'>;

/** What GitHub did not take, of all services of a job: told once, at the end. */
export interface Complaints {
  add(surface: Named, trouble: Trouble): void;
  /** It was taken after all. */
  resolve(surface: Named): void;
  /** One notice; null: all was taken. */
  inWords(): string | null;
}

export function createComplaints(): Complaints {
  const open = new Map<string, { readonly surface: Named; readonly trouble: Trouble }>();
  return {
    add(surface, trouble) {
      open.set(surface.what, { surface, trouble });
    },
    resolve({ what }) {
      // UserError for one service is refused for all: another may not have had to ask.
      if (open.get(what)?.trouble.final !== true) open.delete(what);
    },
    inWords() {
      const all = [...open.values()];
      if (all.length === 0) return null;
      const failed = all.map(({ surface, trouble }) => `${surface.what} (${trouble.inWords})`);
      const missing = all.flatMap(({ surface, trouble }) => (trouble.forbidden ? [surface.permission] : []));
      return [
        `GitHub did not take ${failed.join(', ')}. The release is not affected.`,
        ...(missing.length > 0 ? [`The job needs permissions: ${missing.join(', ')}.`] : []),
      ].join(' ');
    },
  };
}
