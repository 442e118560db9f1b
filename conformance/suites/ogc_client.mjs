// @camptocamp/ogc-client as a client: `node ogc_client.mjs BASE TOKEN`.
import { OgcApiEndpoint, setFetchOptions } from '@camptocamp/ogc-client';

const [base, token] = process.argv.slice(2);
const counts = { passed: 0, failed: 0 };

async function check(name, find) {
  try {
    console.log(`ok    ${name}: ${await find()}`);
    counts.passed += 1;
  } catch (error) {
    console.log(`FAIL  ${name}: ${error}`);
    counts.failed += 1;
  }
}

function assert(condition, told) {
  if (!condition) throw new Error(told);
  return told;
}

async function countMatched(collection) {
  const answer = await fetch(`${base}/collections/${collection}/items?limit=1`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return (await answer.json()).numberMatched;
}

setFetchOptions({ headers: { Authorization: `Bearer ${token}` } });
const endpoint = new OgcApiEndpoint(`${base}/`);
await check('title', async () => assert((await endpoint.info).title, (await endpoint.info).title));
await check('conformance', async () => `${(await endpoint.conformanceClasses).length} classes`);
await check('features', async () => assert(await endpoint.hasFeatures, 'it has features'));
for (const name of await endpoint.featureCollections) {
  await check(`${name}, information`, async () => {
    const found = await endpoint.getCollectionInfo(name);
    return assert(found.id === name, `${found.title}, ${found.queryables?.length} queryables`);
  });
  await check(`${name}, items`, async () => {
    const wanted = Math.min(7, await countMatched(name));
    const found = await endpoint.getCollectionItems(name, 7);
    return assert(found.length === wanted, `${found.length} of ${wanted}`);
  });
  await check(`${name}, item`, async () => {
    const [first] = await endpoint.getCollectionItems(name, 1);
    return assert((await endpoint.getCollectionItem(name, first.id)).id === first.id, first.id);
  });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);
