import type { IDataObject } from 'n8n-workflow';

import { arrived } from '../wire';
import { byId } from '../facts';
import {
	ahead,
	azotte,
	said,
	row,
	list,
	processed,
	offer,
	presentation,
	canceled,
	seen,
	paths,
	asked,
	looked,
	one,
} from './vendor';

describe('with a customer', () => {
	const writes = ['requestCancel', 'confirmCancel', 'cancel'];

	test.each(
		[...writes, 'reactivate'].flatMap((operation) =>
			['InappPlayStore', 'InappAppStore'].map((channel) => [operation, channel]),
		),
	)('%s sends nothing for %s: the customer has to act', async (operation, subscriptionChannel) => {
		const state = operation === 'reactivate' ? 'Canceled' : 'Active';
		azotte([200, list(row({ subscriptionChannel, state }))]);
		expect(await one(operation, seen)).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'customerActionRequired',
			note: expect.stringContaining('Store'),
		});
		expect(paths()).toEqual([looked]);
	});

	test.each([...writes, 'reactivate'])(
		'%s sends nothing for an order that is not among the customer’s',
		async (operation) => {
			azotte([200, list()]);
			expect(await one(operation, seen)).toMatchObject({ outcome: 'notFound' });
			expect(paths()).toEqual([looked]);
		},
	);

	test.each([200, 404])('a customer who is not known (HTTP %i) is notFound', async (status) => {
		azotte([status, said('CUSTOMER_NOT_FOUND')]);
		expect(await one('cancel', seen)).toMatchObject({ outcome: 'notFound' });
		expect(paths()).toEqual([looked]);
	});

	test('the expected status is a guard', async () => {
		azotte([200, list(row({ state: 'PastDue' }))]);
		const options = { expectedStatus: ['Active', 'Trial'] };
		expect(await one('cancel', { ...seen, options })).toMatchObject({ outcome: 'refused' });
		expect(paths()).toEqual([looked]);
	});

	test('without one, the guard refuses and says why', async () => {
		azotte();
		expect(await one('cancel', { options: { expectedStatus: 'Active' } })).toMatchObject({
			outcome: 'refused',
			message: expect.stringContaining('Customer URN'),
		});
		expect(arrived).toHaveLength(0);
	});
});

describe('a dry run', () => {
	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		['confirmCancel', {}, row(), { outcome: 'scheduled', effectiveAt: ahead }],
		['cancel', {}, row(), { outcome: 'scheduled', effectiveAt: ahead }],
		[
			'cancel',
			{ cancelationMethod: 'Immediate' },
			row(),
			{ outcome: 'cancelled', effectiveAt: null },
		],
		[
			'cancel',
			{},
			row({ subscriptionChannel: 'ExternalPartner' }),
			{ outcome: 'pendingProvider', note: expect.stringContaining('partner') },
		],
		['requestCancel', {}, row(), { outcome: 'readyToConfirm' }],
	])(
		'of %s %j goes through the first phase only',
		async (operation, parameters, state, wouldBe) => {
			azotte([200, list(state)], [200, processed]);
			expect(await one(operation, { ...seen, ...parameters, dryRun: true })).toMatchObject({
				outcome: 'preview',
				wouldBe,
				current: { status: 'Active' },
			});
			expect(paths()).toEqual([looked, asked]);
		},
	);

	test.each<[string, IDataObject, string]>([
		['cancel', offer, 'offer'],
		['cancel', presentation, 'presentation'],
		['confirmCancel', offer, 'pendingProvider'],
		['requestCancel', offer, 'offer'],
	])('of %s, answered %j, would be %s', async (operation, answer, outcome) => {
		azotte([200, answer]);
		expect(await one(operation, { dryRun: true })).toMatchObject({
			wouldBe: { outcome },
			current: { unread: expect.stringContaining('Customer URN') },
		});
		expect(paths()).toEqual([asked]);
	});

	test('of a reactivation only reads', async () => {
		azotte([200, list(canceled)]);
		expect(await one('reactivate', { ...seen, dryRun: true })).toMatchObject({
			wouldBe: { outcome: 'restored' },
		});
		expect(paths()).toEqual([looked]);
	});

	test('says that a store order is left to the customer', async () => {
		azotte([200, list(row({ subscriptionChannel: 'InappPlayStore' }))]);
		expect(await one('cancel', { ...seen, dryRun: true })).toMatchObject({
			outcome: 'preview',
			wouldBe: { outcome: 'customerActionRequired' },
		});
		expect(paths()).toEqual([looked]);
	});

	test('that Azotte refuses is refused', async () => {
		azotte([200, said('SUBSCRIPTION_NOT_CANCELABLE')]);
		expect(await one('cancel', { dryRun: true })).toMatchObject({ outcome: 'notCancellable' });
	});
});

describe('what is refused before anything is sent', () => {
	test.each<[string, string, IDataObject]>([
		['requestCancel', 'Order is empty', { orderIdentifier: byId('={{ $json.none }}') }],
		['confirmCancel', 'Order is empty', { orderIdentifier: byId('={{ $json.none }}') }],
		['cancel', 'found nothing', { orderIdentifier: byId('undefined') }],
		['reactivate', 'Order is empty', { orderIdentifier: byId(' ') }],
		['getAll', 'Customer URN is empty', { customerUrn: '={{ $json.none }}' }],
		['cancel', 'found nothing', { customerUrn: 'null' }],
		['cancel', 'Customer URN is empty', { customerUrn: '={{ $json.none }}' }],
		['reactivate', 'Customer URN is empty', { customerUrn: '={{ " " }}' }],
		['cancel', 'is an e-mail address', { orderIdentifier: byId('ada@example.com') }],
		['cancel', 'is an e-mail address', { customerUrn: 'ada@example.com' }],
		['cancel', 'cannot be an identifier', { customerUrn: '..' }],
		['cancel', 'Cancellation Method is "Never"', { cancelationMethod: 'Never' }],
		['cancel', 'If There Is an Offer is "accept"', { onOffer: 'accept' }],
		['confirmCancel', 'Current Step must be', { additionalFields: { currentStep: -1 } }],
	])('%s: %s', async (operation, message, parameters) => {
		azotte();
		expect(await one(operation, parameters)).toMatchObject({
			outcome: expect.stringMatching(/invalid/),
			message: expect.stringContaining(message),
		});
		expect(arrived).toHaveLength(0);
	});

	test.each(['a/b', '../admin', 'a?b=c', 'a#b', 'a b', 'a+b', 'ü', 'a/../b?c#d ü+'])(
		'neither a customer URN nor an order identifier: %s',
		async (strange) => {
			azotte();
			const outcomes = [
				await one('getAll', { customerUrn: strange }),
				await one('requestCancel', { orderIdentifier: byId(strange) }),
			].map(({ outcome }) => outcome);
			expect(outcomes).toEqual(['invalid', 'invalid']);
			expect(arrived).toEqual([]);
		},
	);
});
