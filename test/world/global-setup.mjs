// One installation for the whole run; the workers find it in SOTTO_WORLD. Jest loads this file without transforming what it imports, hence `dist`.
export default async function setup() {
  const { Installation } = await import(new URL('../../dist/test/world/installation.js', import.meta.url).href);
  const installation = await Installation.start(process.env.SOTTO_INSTALLATION);
  process.env.SOTTO_WORLD = JSON.stringify(installation.place);
  globalThis.sottoInstallation = installation;
}
