import { parseArgs } from 'node:util';
import { keys } from './keys';
import { startSandbox } from './server';

const usage = 'npm run sandbox [-- --port 4010 --scenario sandbox/scenarios/rough-night.json]';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { port: { type: 'string', default: '4010' }, scenario: { type: 'string' } },
	});
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) {
		throw new RangeError(`"${values.port}" is not a port. Usage: ${usage}`);
	}
	const sandbox = await startSandbox({ port, scenario: values.scenario });
	process.stdout.write(welcome(sandbox.url));
	const stop = async () => {
		await sandbox.close();
		process.stdout.write('\nThe sandbox has stopped.\n');
	};
	process.once('SIGINT', () => void stop());
	process.once('SIGTERM', () => void stop());
}

function welcome(url: string): string {
	return `
The sandbox is running. Nothing here reaches a vendor; nobody is cancelled.

  See and steer it      ${url}/
  Stop it               Ctrl-C

Base URLs and keys
  FirstPromoter v1      ${url}/firstpromoter/api/v1
                        API key ${keys.firstPromoter.v1ApiKey}
  FirstPromoter v2      ${url}/firstpromoter/api/v2
                        API key ${keys.firstPromoter.v2ApiKey}, account id ${keys.firstPromoter.accountId}
  Reditus               ${url}/reditus/api
                        token ${keys.reditus.apiToken}
  Smokeball             ${url}/smokeball
                        API key ${keys.smokeball.apiKey}, access token ${keys.smokeball.accessToken}
                        OAuth2 ${url}/smokeball/oauth2/token
                        client ${keys.smokeball.clientId}, secret ${keys.smokeball.clientSecret}
  FunnelFox             ${url}/funnelfox/public/v1
                        secret key ${keys.funnelFox.secretKey}
  Azotte                ${url}/azotte/api/v1/c2a
                        API key ${keys.azotte.apiKey}
                        tenant ${keys.azotte.tenantId}
  OpenAI-compatible     ${url}/openai/v1
                        any key

Some of the sample customers
  Ada    ada@example.com    active everywhere: sub_ada, cus_ada, or_ada
  Ben    ben@example.com    on trial, never converted: sub_ben, cus_ben, or_ben
  Cleo   cleo@example.com   cancelled already: sub_cleo, cus_cleo, or_cleo
  Hana   hana@example.com   unknown to FirstPromoter and Reditus; Azotte makes an offer: or_hana
  The others are on the page above.

`;
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
