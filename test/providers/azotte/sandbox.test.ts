import nock from 'nock';
import type { IDataObject } from 'n8n-workflow';

import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId } from '../facts';
import { facts } from './facts';
import { one, run } from './vendor';

const own = ownSandbox();
beforeEach(() => nock.enableNetConnect('127.0.0.1'));
const access = () => ({ credentials: facts.account(own.sandbox.url) });

describe('against the sandbox', () => {
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

	test('without a customer a plan has nothing to compare but the request', async () => {
		const ada = { orderIdentifier: byId(facts.ada) };
		const dry = await one('confirmCancel', { ...ada, dryRun: true }, access());
		expect(dry.current).toEqual({ unread: expect.stringContaining('Customer URN') });
		own.sandbox.change('azotte', facts.ada, { state: 'PastDue' });
		const planned = { ...ada, options: { planToken: dry.planToken } };
		expect(await one('confirmCancel', planned, access())).toMatchObject({
			outcome: 'pendingProvider',
		});
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

describe('by what the CRM knows of a customer', () => {
	const confirm = async (mode: string, values: string[], options: IDataObject = {}) =>
		await run(
			'confirmCancel',
			{ orderIdentifier: { __rl: true, mode, value: '={{ $json.value }}' }, options },
			{ ...access(), items: values.map((value) => ({ value })) },
		);
	const asked = () =>
		own.sandbox
			.requests('azotte')
			.map(({ method, path }) => `${method} ${path.split('?')[0].replace(/^.*\/c2a\//, '')}`);

	test('an order is found by URN and by your own ID, and ended once', async () => {
		const [found] = await confirm('customer', ['cu.00.001']);
		expect(found).toMatchObject({
			outcome: 'scheduled',
			target: 'or_ada',
			foundBy: 'cu.00.001',
		});
		const looked = 'GET subscription/cu.00.001';
		expect(asked()).toEqual([looked, 'POST subscription/cancel/confirm', looked]);
		const [again] = await confirm('externalId', ['cus_ada']);
		expect(again).toMatchObject({
			outcome: 'alreadyCancelled',
			target: 'or_ada',
			foundBy: 'cus_ada',
			email: 'ada@example.com',
		});
		expect(asked().slice(3)).toEqual(['GET customer/info', looked]);
	});

	test.each(['notFound', 'emptyList'])(
		'one who is not known is notFound, also by the 404 of a list (%s)',
		async (unknownCustomer) => {
			own.sandbox.settings('azotte', { assumptions: { unknownCustomer } });
			expect(await confirm('customer', ['cu.unknown'])).toMatchObject([
				{ outcome: 'notFound', target: 'cu.unknown' },
			]);
			expect(await confirm('externalId', ['cus_nobody'])).toMatchObject([
				{ outcome: 'notFound', target: 'cus_nobody' },
			]);
			expect(own.sandbox.journal()).toEqual([]);
		},
	);

	test('all orders are ended, each seen through', async () => {
		expect(await confirm('externalId', ['cus_twin'], { ifSeveral: 'all' })).toMatchObject([
			{ outcome: 'scheduled', target: 'or_twin_1' },
			{ outcome: 'scheduled', target: 'or_twin_2' },
		]);
		expect(own.sandbox.journal('azotte').map(({ record }) => record)).toEqual([
			'or_twin_1',
			'or_twin_2',
		]);
	});
});
