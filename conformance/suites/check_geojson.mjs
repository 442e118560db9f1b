// @placemarkio/check-geojson on documents in files: `node check_geojson.mjs FILE...`. It judges structure only.
import { readFileSync } from 'node:fs';
import { check } from '@placemarkio/check-geojson';

let failed = 0;
const files = process.argv.slice(2);
for (const file of files) {
  try {
    const found = check(readFileSync(file, 'utf8'));
    console.log(`ok    ${file}: ${found.features?.length ?? 1} features`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${file}: ${error.issues?.map((issue) => issue.message).join('; ') ?? error}`);
  }
}
console.log(`${files.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
