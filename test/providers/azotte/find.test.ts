import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { shownIn } from '../panel';
import { arrived, foundNow } from '../wire';
import {
	ahead,
	azotte,
	canceled,
	confirmed,
	list,
	looked,
	ok,
	one,
	key,
	order,
	past,
	paths,
	processed,
	asked,
	reactivated,
	row,
	said,
	seen,
	urn,
	serverError,
} from './vendor';

const by = (mode: string, value: string) => ({
	orderIdentifier: { __rl: true, mode, value },
});
const byCustomer = by('customer', urn);
const byOwnId = by('externalId', '47/11');
const info = 'GET /customer/info?exId=47%2F11';
const customer = (more: IDataObject = {}) =>
	ok({
		result: { customerUrn: urn, externalIdentifier: '47/11', email: 'ada@example.com', ...more },
	});
/** The only orders that a customer has. */
const orders = (...rows: IDataObject[]) => ok({ result: rows });
const expired = row({ orderIdentifier: 'or_old', state: 'Expired', endDate: past });

describe('by the customer', () => {
	test('the running order is found in one read, and looked at afterwards', async () => {
		azotte([200, orders(expired, row())], [200, ok()], [200, orders(expired, canceled)]);
		expect(await one('confirmCancel', byCustomer)).toMatchObject({
			outcome: 'scheduled',
			effectiveAt: ahead,
			target: order,
			foundBy: urn,
			email: null,
		});
		expect(paths()).toEqual([looked, confirmed, looked]);
		expect(arrived[1].body).toMatchObject({ orderIdentifier: order });
	});

	test.each(['requestCancel', 'cancel', 'confirmCancel', 'reactivate'])(
		'%s sends nothing for one whom Azotte does not know',
		async (operation) => {
			for (const status of [200, 404]) {
				azotte([status, said('CUSTOMER_NOT_FOUND')]);
				expect(await one(operation, byCustomer)).toMatchObject({
					outcome: 'notFound',
					target: urn,
				});
			}
			expect(paths()).toEqual([looked, looked]);
		},
	);

	test.each(['requestCancel', 'cancel', 'confirmCancel', 'reactivate'])(
		'%s sends nothing where the list cannot be read',
		async (operation) => {
			azotte(serverError);
			expect(await one(operation, byCustomer)).toMatchObject({ ok: false, ended: false });
			expect(paths()).toEqual([looked]);
		},
	);

	test('none that runs is alreadyCancelled', async () => {
		azotte([200, orders(expired, canceled)]);
		expect(await one('cancel', byCustomer)).toMatchObject({
			outcome: 'alreadyCancelled',
			effectiveAt: ahead,
			target: order,
		});
		expect(paths()).toEqual([looked]);
	});

	test('several are refused, with what tells them apart', async () => {
		azotte([200, list(row({ bundleName: undefined, bundleSku: 'pro-yearly' }))]);
		const { outcome, message, candidates } = await one('cancel', byCustomer);
		expect(outcome).toBe('refused');
		expect(message).toContain('pro-yearly · Active · until 2099-12-31 · or_01J3X');
		expect(candidates).toMatchObject([
			{ target: 'or_other', product: 'Plus', status: 'Active', effectiveAt: ahead },
			{ target: order, product: 'pro-yearly' },
		]);
		expect(paths()).toEqual([looked]);
	});

	test('the channel of what was found counts: an app store is left to the customer', async () => {
		azotte([200, orders(row({ subscriptionChannel: 'InappPlayStore' }))]);
		expect(await one('cancel', byCustomer)).toMatchObject({ outcome: 'customerActionRequired' });
		expect(paths()).toEqual([looked]);
	});

	test('the same Customer URN may stand beside it, another one may not', async () => {
		azotte([200, orders(row())], [200, processed]);
		expect(await one('requestCancel', { ...byCustomer, ...seen })).toMatchObject({
			outcome: 'readyToConfirm',
		});
		expect(paths()).toEqual([looked, asked]);
		azotte();
		expect(await one('requestCancel', { ...byCustomer, customerUrn: 'cu.1' })).toMatchObject({
			outcome: 'invalid',
			message: expect.stringContaining('but Customer URN is "cu.1"'),
		});
		expect(paths()).toEqual([looked, asked]);
	});
});

describe('by your own customer ID', () => {
	test('the customer is asked for first, and tells the address', async () => {
		azotte([200, customer()], [200, orders(row())], [200, ok()], [200, orders(canceled)]);
		expect(await one('confirmCancel', byOwnId)).toMatchObject({
			outcome: 'scheduled',
			target: order,
			foundBy: '47/11',
			email: 'ada@example.com',
		});
		expect(paths()).toEqual([info, looked, confirmed, looked]);
	});

	test('the answer may come without a code, as its page shows it', async () => {
		azotte([200, { ...customer(), status: {} }], [200, orders(row())], [200, processed]);
		expect(await one('requestCancel', byOwnId)).toMatchObject({
			outcome: 'readyToConfirm',
			target: order,
		});
		expect(paths()).toEqual([info, looked, asked]);
	});

	test.each<[number, unknown, string]>([
		[404, said('CUSTOMER_NOT_FOUND'), 'notFound'],
		[200, said('CUSTOMER_NOT_FOUND'), 'notFound'],
		[200, customer({ externalIdentifier: '4712' }), 'failed'],
		[200, customer({ externalIdentifier: undefined }), 'failed'],
		[200, customer({ customerUrn: undefined }), 'failed'],
		[200, '<html>', 'failed'],
		[401, '', 'unauthorized'],
	])('a customer answered with %i %j ends there', async (status, body, outcome) => {
		azotte([status, body]);
		expect(await one('cancel', byOwnId)).toMatchObject({ outcome, target: '47/11' });
		expect(paths()).toEqual([info]);
	});

	test('a customer other than the Customer URN beside it is refused', async () => {
		azotte([200, customer()]);
		expect(await one('cancel', { ...byOwnId, customerUrn: 'cu.1' })).toMatchObject({
			outcome: 'invalid',
			message: expect.stringContaining(`"${urn}", but Customer URN is "cu.1"`),
		});
		expect(paths()).toEqual([info]);
	});
});

describe('a reactivation by the customer', () => {
	test('takes the order that is cancelled and has not ended yet', async () => {
		azotte(
			[200, orders(expired, canceled)],
			[200, ok()],
			[200, orders(row({ state: 'Reactivated' }))],
		);
		expect(await one('reactivate', byCustomer)).toMatchObject({
			outcome: 'restored',
			target: order,
		});
		expect(paths()).toEqual([looked, reactivated, looked]);
	});

	test('of one that runs has nothing to do', async () => {
		azotte([200, orders(expired, row())]);
		expect(await one('reactivate', byCustomer)).toMatchObject({ ok: true, outcome: 'restored' });
		expect(paths()).toEqual([looked]);
	});
});

describe('the panel, for a customer who is fixed', () => {
	const now = async (parameters: IDataObject, operation = 'cancel') =>
		await foundNow('azotte', key, {
			operation,
			cancelationMethod: 'Normal',
			customerUrn: '',
			...parameters,
		} as INodeParameters);

	test('shows the order that would be found, by either way', async () => {
		azotte([200, orders(expired, row())], [200, customer()], [200, orders(row())]);
		const name = 'Plus · Active · until 2099-12-31 · or_01J3X';
		expect(await now(byCustomer)).toEqual({ name, value: 'found' });
		expect(await now({ ...byOwnId, customerUrn: '={{ $json.urn }}' })).toMatchObject({ name });
		expect(paths()).toEqual([looked, info, looked]);
	});

	test('shows what a reactivation would take, and what contradicts itself', async () => {
		azotte([200, orders(expired, canceled)]);
		expect((await now(byCustomer, 'reactivate')).name).toContain(order);
		expect((await now({ ...byCustomer, customerUrn: 'cu.1' })).name).toContain(
			'but Customer URN is "cu.1"',
		);
		expect(paths()).toEqual([looked]);
	});

	test.each(['customer', 'externalId'])('has the field for the mode %s', async (mode) => {
		const fields = async (value: string) =>
			await shownIn('azotte', { operation: 'cancel', ...by(mode, value) });
		expect(await fields(urn)).toContain('found');
		expect(await fields('={{ $json.urn }}')).not.toContain('found');
	});
});
