import nock from 'nock';

import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId } from '../facts';
import { facts } from './facts';
import { one } from './vendor';

describe('against the sandbox', () => {
	const own = ownSandbox();
	beforeEach(() => nock.enableNetConnect('127.0.0.1'));
	const access = () => ({ credentials: facts.account(own.sandbox.url) });

	test('a plan is made, carried out, and refused after a change', async () => {
		const ada = { orderIdentifier: byId(facts.ada), customerUrn: 'cu.00.001' };
		const { planToken } = await one('cancel', { ...ada, dryRun: true }, access());
		expect(own.sandbox.journal('azotte')).toHaveLength(0);
		const planned = { ...ada, options: { planToken } };
		expect(await one('cancel', planned, access())).toMatchObject({
			outcome: 'scheduled',
		});
		expect(await one('cancel', planned, access())).toMatchObject({
			outcome: 'refused',
		});
		expect(await one('reactivate', ada, access())).toMatchObject({
			outcome: 'restored',
		});
		expect(own.sandbox.journal('azotte')).toHaveLength(2);
	});

	test('step by step, past an offer', async () => {
		const hana = { orderIdentifier: byId('or_hana') };
		expect(await one('cancel', hana, access())).toMatchObject({
			outcome: 'offer',
		});
		expect(await one('requestCancel', hana, access())).toMatchObject({
			outcome: 'offer',
		});
		expect(own.sandbox.journal('azotte')).toHaveLength(0);
		expect(await one('confirmCancel', hana, access())).toMatchObject({
			outcome: 'pendingProvider',
		});
		expect(own.sandbox.journal('azotte')).toHaveLength(1);
	});
});
