// `npm run supply`: what ships (a CycloneDX bill of materials), whether it is what its authors signed, and what is known against it.
// Plain Node 20 without dependencies. Each question to the registry has a time limit; a registry that does not offer an answer (a mirror,
// no network) is said and passed over. A bad signature, or a grave advisory that nobody has explained, fails.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, main, Trouble } from './lib/project.mjs';
import { npm } from './lib/npm.mjs';

const WITHIN_MS = 20_000;
/** Many questions, one after another: a registry that has the answers needs a second for hundreds of packages. */
const NETWORK = ['--fetch-retries=0', '--fetch-timeout=5000'];
const GRAVE = ['high', 'critical'];

/** What an answer of `npm audit signatures --json` says: good, bad (names), or not offered (why). */
export function judgeSignatures({ code, stdout, stderr, late }) {
  if (late) return { kind: 'not-offered', why: 'the registry did not answer in time' };
  const answer = jsonOf(stdout);
  const faults = [...(answer?.invalid ?? []), ...(answer?.missing ?? [])];
  if (faults.length > 0) return { kind: 'bad', names: faults.map(({ name, version }) => `${name}@${version}`) };
  if (code === 0 && answer !== undefined) return { kind: 'good' };
  return { kind: 'not-offered', why: wordsOf(answer, stderr) };
}

/** What an answer of `npm audit --json` says, with the advisories that the exceptions of that day do not cover. */
export function judgeAdvisories({ stdout, stderr, late }, { exceptions, today }) {
  if (late) return { kind: 'not-offered', why: 'the registry did not answer in time' };
  const answer = jsonOf(stdout);
  if (answer?.vulnerabilities === undefined) return { kind: 'not-offered', why: wordsOf(answer, stderr) };
  const found = new Map();
  for (const { via } of Object.values(answer.vulnerabilities))
    for (const advisory of via)
      if (typeof advisory === 'object' && GRAVE.includes(advisory.severity))
        found.set(idOf(advisory), { id: idOf(advisory), package: advisory.name, title: advisory.title });
  const explained = (one) =>
    exceptions.some((each) => each.id === one.id && each.package === one.package && each.why && today <= each.until);
  const open = [...found.values()].filter((one) => !explained(one));
  return open.length > 0 ? { kind: 'bad', open } : { kind: 'good', explained: found.size };
}

function idOf({ url, source }) {
  return /GHSA-[\w-]+/.exec(url ?? '')?.[0] ?? String(source);
}

function wordsOf(answer, stderr) {
  const said = answer?.message ?? answer?.error?.summary ?? /^npm (?:error|ERR!) (.+)$/m.exec(stderr)?.[1];
  // Which servers this machine uses is nobody's business.
  const hosts = /https?:\/\/[^/\s]+|(?<=(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED) )\S+/g;
  return (said || 'no such service').replaceAll(hosts, '…').slice(0, 200);
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function billOfMaterials() {
  const { code, stdout, stderr } = await npm(['sbom', '--sbom-format=cyclonedx', '--omit=dev'], WITHIN_MS);
  const bill = jsonOf(stdout);
  if (code !== 0 || bill?.bomFormat !== 'CycloneDX' || !(bill.components?.length > 0))
    throw new Trouble(`npm sbom gave no bill of materials: ${stderr.slice(0, 500)}`);
  // Not committed: it carries a serial number and the time, and follows from the lockfile.
  const folder = join(ROOT, 'dist', 'supply');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sbom.cdx.json'), stdout);
  console.log(`bill of materials: ${bill.components.length} components, dist/supply/sbom.cdx.json`);
}

async function signatures() {
  const verdict = judgeSignatures(await npm(['audit', 'signatures', '--json', ...NETWORK], WITHIN_MS));
  if (verdict.kind === 'bad') console.error(`signatures: BAD or missing: ${verdict.names.join(', ')}`);
  else console.log(verdict.kind === 'good' ? 'signatures: good' : `signatures: not looked at (${verdict.why})`);
  return verdict.kind !== 'bad';
}

async function advisories() {
  const { exceptions } = JSON.parse(readFileSync(join(ROOT, 'docs', 'audit-exceptions.json'), 'utf8'));
  const answer = await npm(['audit', '--omit=dev', '--audit-level=high', '--json', ...NETWORK], WITHIN_MS);
  const verdict = judgeAdvisories(answer, { exceptions, today: new Date().toISOString().slice(0, 10) });
  if (verdict.kind === 'not-offered') console.log(`advisories: not looked at (${verdict.why})`);
  else if (verdict.kind === 'good')
    console.log(`advisories: none of weight that is not explained (explained: ${verdict.explained})`);
  else for (const { id, package: name, title } of verdict.open) console.error(`advisories: ${id} in ${name}: ${title}`);
  return verdict.kind !== 'bad';
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(async () => {
    await billOfMaterials();
    const good = await Promise.all([signatures(), advisories()]);
    if (good.every(Boolean)) return 0;
    console.error(
      'What ships is not as it should be. An advisory that does no harm here is explained in docs/audit-exceptions.json.',
    );
    return 1;
  });
