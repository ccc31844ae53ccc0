export default async function teardown() {
  await globalThis.sottoInstallation?.stop();
}
