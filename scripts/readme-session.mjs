/**
 * `node scripts/readme-session.mjs <address of a running server> [record]`: runs the commands of the session in
 * README.md and compares what they print with what is written there, or writes it there. Ids, tokens and instants
 * differ from run to run and are compared by their kind only.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const DOCUMENTED = 'http://127.0.0.1:4000';
const BLOCK = /```bash\n([\s\S]*?)```/;

/** What stays the same from run to run. */
const kindsOf = (output) =>
  output
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<jwt>')
    .replace(/"token":"[^"]+"/g, '"token":"<token>"')
    .replace(/\b(acct|grant|key|rsv|evt|entry)_[0-9a-z]+/g, '$1_<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replace(/"version":\d+/g, '"version":<version>');

/** @returns the commands of the session, a line each, with the output recorded below them as comments */
function stepsOf(readme) {
  const steps = [];
  for (const line of BLOCK.exec(readme)?.[1]?.trimEnd().split('\n') ?? []) {
    if (line.startsWith('# ')) steps.at(-1).output += `${line.slice(2)}\n`;
    else steps.push({ command: line, output: '' });
  }
  return steps;
}

/** For machines with Node but without curl: as much of it as the session uses. */
const CURL = `
command -v curl > /dev/null || curl() { node --input-type=module -e '
  const options = { headers: {} };
  let url;
  for (let args = process.argv.slice(1); args.length > 0; ) {
    const arg = args.shift();
    if (arg === "-H") options.headers[args[0].split(":")[0]] = args.shift().split(": ")[1];
    else if (arg === "-d") Object.assign(options, { method: "POST", body: args.shift() });
    else if (!arg.startsWith("-")) url = arg;
  }
  if (options.body === "@-") options.body = (await import("node:fs")).readFileSync(0);
  process.stdout.write(await (await fetch(url, options)).text());
' -- "$@"; }
`;

/**
 * @param readme  the text of README.md
 * @param address  where the server listens; stands in for the README's http://127.0.0.1:4000
 * @returns the steps with what was recorded and what was printed now, and the text with what was printed now
 */
function runSession(readme, address) {
  const steps = stepsOf(readme);
  // One shell for all, as for somebody who pastes; a mark tells the outputs apart.
  const mark = '<<next step>>';
  const commands = steps.map(({ command }) => `${command}\necho '${mark}'\n`).join('');
  const printed = execFileSync('bash', ['-c', CURL + commands.replaceAll(DOCUMENTED, address)], { encoding: 'utf8' })
    .replaceAll(address, DOCUMENTED)
    .split(`${mark}\n`);
  const session = steps
    .map(
      ({ command }, index) => `${command}
${printed[index].replace(/^(?=.)/gm, '# ')}`,
    )
    .join('');
  return {
    steps: steps.map((step, index) => ({ ...step, printed: printed[index] })),
    text: readme.replace(BLOCK, () => `\`\`\`bash\n${session}\`\`\``),
  };
}

const [address, mode] = process.argv.slice(2);
if (!address)
  throw new Error('Say where the server listens: node scripts/readme-session.mjs http://127.0.0.1:4000 [record]');
const file = new URL('../README.md', import.meta.url);
const { steps, text } = runSession(readFileSync(file, 'utf8'), address);
if (mode === 'record') {
  writeFileSync(file, text);
} else {
  const differing = steps.filter(({ output, printed }) => kindsOf(output) !== kindsOf(printed));
  for (const { command, output, printed } of differing) {
    console.log(`$ ${command}\nrecorded: ${output}printed:  ${printed}`);
  }
  console.log(`${steps.length} commands, ${differing.length} print something else than README.md says`);
  process.exitCode = steps.length === 0 || differing.length > 0 ? 1 : 0;
}
