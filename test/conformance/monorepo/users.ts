import type { ShopSandbox } from '../../demo/stage.ts';

const PATHS = { api: '/api/items', offers: '/offers', web: '/' };

/** The releases that answer users, for example `api 2, web 1`, or `web 1+2` if several answer. */
export async function served(
  { productionUrl }: ShopSandbox,
  ...services: readonly (keyof typeof PATHS)[]
): Promise<string> {
  const found = services.map(async (service) => {
    const ask = async () => (await fetch(`${productionUrl}${PATHS[service]}`)).text();
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    const releases = new Set(answers.map((answer) => /release"?:?"? ?(\w+)/i.exec(answer)?.[1] ?? answer));
    return `${service} ${[...releases].join('+')}`;
  });
  return (await Promise.all(found)).join(', ');
}

/** Changes the release name and the fault in a Dockerfile of the shop. */
export function release(name: string, fault = 'none'): (dockerfile: string) => string {
  return (text) => text.replace(/RELEASE=\w+/, `RELEASE=${name}`).replace(/FAULT=\w+/, `FAULT=${fault}`);
}
