import nock from 'nock';

import { keys } from '../../../sandbox/keys';
import { runNode } from '../../host/harness';
import { virtualTime } from '../../host/virtualTime';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId } from '../facts';
import { facts } from './facts';
import { one } from './vendor';

describe('against the sandbox', () => {
	const own = ownSandbox();
	beforeEach(() => nock.enableNetConnect('127.0.0.1'));
	const access = () => facts.account(own.sandbox.url);

	test('a plan is made, carried out, and refused after a change', async () => {
		const subscriptionId = byId(facts.ada);
		const credentials = access();
		const { planToken } = await one('cancel', { subscriptionId, dryRun: true }, { credentials });
		expect(own.sandbox.journal('smokeball')).toHaveLength(0);
		const planned = { subscriptionId, options: { planToken } };
		expect(await one('cancel', planned, { credentials })).toMatchObject({ outcome: 'scheduled' });
		expect(own.sandbox.journal('smokeball')).toHaveLength(1);
		expect(await one('cancel', planned, { credentials })).toMatchObject({ outcome: 'refused' });
		expect(await one('resume', { subscriptionId }, { credentials })).toMatchObject({
			outcome: 'restored',
		});
		expect(own.sandbox.journal('smokeball')).toHaveLength(2);
	});

	test('client credentials open it', async () => {
		const { apiKey, clientId, clientSecret } = keys.smokeball;
		const credentials = {
			smokeballOAuth2Api: {
				grantType: 'clientCredentials',
				clientId,
				clientSecret,
				apiKey,
				accessTokenUrl: `${own.sandbox.url}/smokeball/oauth2/token`,
				authentication: 'header',
				additionalBodyProperties: JSON.stringify({ client_id: clientId }),
				baseUrl: `${own.sandbox.url}/smokeball`,
			},
		};
		const parameters = { authentication: 'oAuth2', subscriptionId: byId(facts.ada) };
		expect(await one('cancel', parameters, { credentials })).toMatchObject({
			outcome: 'scheduled',
		});
		expect(own.sandbox.journal('smokeball')).toHaveLength(1);
	});

	test('never more than five a second go out', async () => {
		own.sandbox.limit('smokeball', { perSecond: 5, burst: 5 });
		const items = Array.from({ length: 8 }, (_, index) => ({ id: `nobody_${index}` }));
		const began = virtualTime().now();
		const { main } = await runNode({
			node: 'smokeball',
			parameters: {
				resource: 'subscription',
				operation: 'get',
				subscriptionId: byId('={{ $json.id }}'),
			},
			items,
			credentials: access(),
			onError: 'continueRegularOutput',
		});
		expect(main.map(({ json }) => json.outcome)).toEqual(items.map(() => 'notFound'));
		expect(virtualTime().now() - began).toBeGreaterThan(1300);
		expect(own.sandbox.requests('smokeball')).toHaveLength(8);
	});
});
