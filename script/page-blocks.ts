import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The fenced blocks of a page in one language (`sh`, `json`, `yaml`), in order, without their
 * fences.
 */
export function blocksOf(page: string, language: string): readonly string[] {
  const fenced = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...page.matchAll(fenced)].map(([, block = '']) => block);
}

/** Whether a block is a complete workflow. */
export function isWorkflow(block: string): boolean {
  return /^jobs:$/m.test(block);
}

/**
 * `node script/page-blocks.ts sh PAGE` prints the page's commands as one script; `node
 * script/page-blocks.ts workflows DIR PAGE...` writes the pages' workflows into files, for tools
 * that read only files, and prints the names of the files.
 */
if (import.meta.main) {
  const [kind, first, ...pages] = process.argv.slice(2);
  if (kind === 'sh' && first !== undefined) {
    process.stdout.write(blocksOf(readFileSync(first, 'utf8'), 'sh').join(''));
  } else if (kind === 'workflows' && first !== undefined) {
    mkdirSync(first, { recursive: true });
    for (const page of pages) {
      const workflows = blocksOf(readFileSync(page, 'utf8'), 'yaml').filter(isWorkflow);
      for (const [index, workflow] of workflows.entries()) {
        const file = join(first, `${page.replace(/\.md$/, '').replaceAll('/', '-')}-${index + 1}.yml`);
        writeFileSync(file, workflow);
        console.log(file);
      }
    }
  } else {
    throw new Error('usage: node script/page-blocks.ts sh PAGE | workflows DIR PAGE...');
  }
}
