import { parseArgs } from 'node:util';
import { providers } from './providers';
import { startSandbox } from './server';
import type { CredentialForm } from './providerApi';

const usage = 'npm run sandbox [-- --port 4010 --scenario file.json]';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { port: { type: 'string', default: '4010' }, scenario: { type: 'string' } },
	});
	const port = parsePort(values.port);
	const sandbox = await startSandbox({ port, scenario: values.scenario });
	process.stdout.write(welcome(sandbox.url));
	const stop = async () => {
		await sandbox.close();
		process.stdout.write('\nThe sandbox has stopped.\n');
	};
	process.once('SIGINT', () => void stop());
	process.once('SIGTERM', () => void stop());
}

function parsePort(text: string): number {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
	if (port <= 65_535) return port;
	throw new RangeError(`"${text}" is not a port: give a number from 0 to 65535. Usage: ${usage}`);
}

function welcome(url: string): string {
	return `
The sandbox is running. It cancels sample customers only and calls no provider.

  Open its page    ${url}/
  Stop it          Ctrl-C

Credentials for n8n
${providers.flatMap(({ access }) => access(url).map(formatForm)).join('')}  OpenAI
    Base URL            ${url}/openai/v1
    API Key             any text

Some of the sample customers
  Ada    ada@example.com    active everywhere: sub_ada, cus_ada, or_ada
  Ben    ben@example.com    on trial, never converted: sub_ben, cus_ben, or_ben
  Cleo   cleo@example.com   cancelled already: sub_cleo, cus_cleo, or_cleo
  Hana   hana@example.com   unknown to FirstPromoter and Reditus; Azotte makes an offer: or_hana
  Twin   twin@example.com   two running plans at FunnelFox and Azotte: cus_twin
  Many   many@example.com   120 plans there, one of them running: cus_many
  The page above lists all of them.

`;
}

function formatForm({ credential, fields }: CredentialForm): string {
	const lines = Object.entries(fields).map(([label, value]) => `    ${label.padEnd(20)}${value}\n`);
	return `  ${credential}\n${lines.join('')}`;
}

main().catch((reason: unknown) => {
	const { code, message } = reason as { code?: string; message: string };
	const text =
		code === 'EADDRINUSE'
			? `The port is taken: another sandbox may be running. Choose another one with --port. (${message})`
			: message;
	process.stderr.write(`The sandbox could not start. ${text}\n`);
	process.exitCode = 1;
});
