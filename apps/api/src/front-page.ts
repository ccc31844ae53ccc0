import { createHash } from 'node:crypto';

const SCRIPT = `
const list = document.querySelector('#checks');
const word = document.querySelector('#word');
const dot = document.querySelector('#dot');
async function look() {
  let readiness = { ready: false, checks: [] };
  try {
    readiness = await (await fetch('/readyz')).json();
  } catch {}
  word.textContent = readiness.ready ? 'ready' : 'not ready';
  dot.className = readiness.ready ? 'dot up' : 'dot down';
  list.replaceChildren(...readiness.checks.map((check) => {
    const item = document.createElement('li');
    item.className = check.ok ? 'ok' : 'bad';
    item.textContent = check.name + (check.detail ? ': ' + check.detail : '');
    return item;
  }));
}
look();
setInterval(look, 5000);
`;

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dde3ea; --card: #fff; --ground: #f4f6f9; --accent: #1f6f5c; --bad: #b3403a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7ecf2; --soft: #98a4b3; --line: #2a333e; --card: #171d25; --ground: #10151b; --accent: #63c7ab; --bad: #ef8a80; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 4.5rem 1.5rem 3rem; }
header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
h1 { margin: 0; font-size: 2.5rem; letter-spacing: -0.03em; line-height: 1.1; }
h2 { margin: 0 0 0.5rem; font-size: 1rem; }
.lead { margin: 0.75rem 0 2.25rem; color: var(--soft); font-size: 1.1rem; max-width: 36rem; }
.state { display: inline-flex; align-items: center; gap: 0.6rem; padding: 0.4rem 1rem; border: 1px solid var(--line); border-radius: 99px; background: var(--card); }
.dot { width: 0.65rem; height: 0.65rem; border-radius: 50%; background: var(--soft); }
.dot.up { background: var(--accent); } .dot.down { background: var(--bad); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem 1.5rem; margin-bottom: 1rem; }
section p { margin: 0 0 0.75rem; color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4rem 1.4rem; }
li::before { content: '✓'; margin-right: 0.45rem; color: var(--accent); font-weight: 700; }
li.bad { color: var(--bad); } li.bad::before { content: '✕'; color: var(--bad); }
pre { margin: 0; padding: 0.9rem 1.1rem; border-radius: 10px; background: var(--ground); overflow-x: auto; font: 0.92rem/1.7 ui-monospace, monospace; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
.links { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.75rem; }
.links a { display: block; padding: 0.8rem 1rem; border: 1px solid var(--line); border-radius: 10px; color: var(--ink); text-decoration: none; }
.links a:hover { border-color: var(--accent); } .links span { display: block; color: var(--soft); font-size: 0.85rem; }
footer { color: var(--soft); font-size: 0.85rem; margin-top: 1.75rem; }
`;

/** Only what stands in this page runs or is loaded. */
export const FRONT_PAGE_POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const DEMO = `<section><h2>Chat</h2><p>Two people are ready in the demo tenant. Open two terminals in the project folder:</p>
<pre>./sotto chat alice
./sotto chat bob</pre></section>`;

const ENROL = `<section><h2>Chat</h2><p>Make an invitation, enrol a device with it, and chat:</p>
<pre>./sotto invite --help
./sotto enrol --help</pre></section>`;

/** Health, where the API is described, how to chat. */
export function frontPage(info: {
  readonly version: string;
  readonly issuer: string;
  readonly gateway: string;
  readonly demo: boolean;
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sotto</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>Sotto</h1><div class="state"><span class="dot" id="dot"></span><span id="word">looking…</span></div></header>
<p class="lead">End-to-end encrypted chat on all of a person’s devices. This server carries ciphertext and can read none of it.</p>
<section><h2>Health</h2><ul id="checks"></ul></section>
${info.demo ? DEMO : ENROL}
<section><h2>Build</h2><p>REST under <code>${escape(info.issuer)}/v1</code>, WebSocket at <code>${escape(info.gateway)}/v1/stream</code>.</p>
<div class="links">
<a href="/docs">API reference<span>every route, to read and try</span></a>
<a href="/openapi.json">OpenAPI 3.1<span>for generators</span></a>
<a href="/metrics">Metrics<span>for Prometheus</span></a>
</div></section>
<footer>Version ${escape(info.version)} · AGPL-3.0-only</footer>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
