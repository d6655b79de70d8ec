import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');

test('the bill of materials has each package of dist/ with its version, hash and licence, and no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    const file = join(folder, 'sbom.cdx.json');
    execFileSync('script/node', ['script/sbom.ts', file], { cwd: ROOT });
    const bom = JSON.parse(readFileSync(file, 'utf8'));
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'ecs-ramp' } } });
    const licences = readFileSync(join(ROOT, 'dist/licenses.txt'), 'utf8');
    const bundled = [...licences.matchAll(/^(\S+) (\d\S*): /gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
    const listed: readonly {
      name: string;
      version: string;
      purl: string;
      hashes: object[];
      licenses: object[];
    }[] = bom.components;
    expect(listed.map(({ name, version }) => `${name}@${version}`).toSorted()).toEqual(bundled.toSorted());
    for (const { purl, hashes, licenses } of listed) {
      expect(purl).toMatch(/^pkg:npm\//);
      expect(hashes).toEqual([expect.objectContaining({ alg: 'SHA-512' })]);
      expect(licenses.length).toBeGreaterThan(0);
    }
    const refs = new Set([
      bom.metadata.component['bom-ref'],
      ...bom.components.map((each: object) => Reflect.get(each, 'bom-ref')),
    ]);
    for (const { ref, dependsOn } of bom.dependencies) {
      for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
