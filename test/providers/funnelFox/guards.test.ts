import type { IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { answering, lines } from '../wire';
import { origin, path, future, active, cancelled, post, get, one, run } from './vendor';

describe('before a cancel', () => {
	test.each<[string, IDataObject, IDataObject]>([
		[
			'an active one',
			active,
			{
				current: { status: 'active', active: true, endsAt: future, email: 'ada@example.com' },
				wouldBe: { outcome: 'scheduled', effectiveAt: future },
			},
		],
		[
			'a cancelled one',
			cancelled,
			{ current: { active: false }, wouldBe: { outcome: 'alreadyCancelled', effectiveAt: future } },
		],
		['a paused one', { ...active, status: 'paused' }, { wouldBe: { outcome: 'scheduled' } }],
		[
			'a paused one that does not renew meanwhile',
			{ ...active, status: 'paused', renews: false },
			{ current: { active: true }, wouldBe: { outcome: 'scheduled' } },
		],
		['a trial', { ...active, status: 'trialing' }, { wouldBe: { outcome: 'scheduled' } }],
		[
			'one without an end',
			{ ...active, period_ends_at: undefined, profile: null },
			{
				current: { email: null, endsAt: null },
				wouldBe: { outcome: 'scheduled', effectiveAt: null },
			},
		],
	])('a dry run foresees %s', async (_, record, expected) => {
		const sent = answering(origin, [200, record]);
		const [json] = await run('cancel', { dryRun: true, additionalFields: { reason: 'R' } });
		expect(json).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'preview',
			request: { method: 'POST', url: `${origin}${path}/sub_1/cancel`, body: { reason: 'R' } },
			planToken: expect.any(String),
			...expected,
		});
		expect(lines(sent)).toEqual([get]);
	});

	test('a plan is carried out while the record stays as it was', async () => {
		answering(origin, [200, active]);
		const [{ planToken }] = await run('cancel', { dryRun: true });
		let sent = answering(origin, [200, active], [200, cancelled]);
		expect((await run('cancel', {}, { options: { planToken } }))[0]).toMatchObject({
			outcome: 'scheduled',
		});
		expect(lines(sent)).toEqual([get, post]);
		sent = answering(origin, [200, { ...active, updated_at: future }]);
		const [json] = await run('cancel', {}, { options: { planToken } });
		expect(json).toMatchObject({ ok: false, outcome: 'refused', attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, IDataObject]>([
		['e-mail', { expectedEmail: 'ben@example.com' }],
		['status', { expectedStatus: ['trialing', 'paused'] }],
		['status, as an expression may write it,', { expectedStatus: 'trialing, paused' }],
	])('another %s than expected stops the item', async (_, options) => {
		const sent = answering(origin, [200, active]);
		const [json] = await run('cancel', {}, { options });
		expect(json).toMatchObject({ ok: false, outcome: 'refused', attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});
});

describe('an ID', () => {
	test.each(['a/b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ünï-🦊', '%2e%2e', '../../refund'])(
		'"%s" cannot be one of FunnelFox, so nothing is sent',
		async (id) => {
			const sent = answering(origin);
			for (const operation of ['cancel', 'get'])
				expect(await one(operation, { subscriptionId: byId(id) })).toMatchObject({
					outcome: 'invalid',
					message: expect.stringContaining('cannot be an identifier'),
				});
			expect(sent).toEqual([]);
		},
	);

	test.each<[string, string]>([
		['sub_1NG8Du2eZvKYlo2CUI79vXWy', 'Stripe'],
		['sub_1Mc70vJEtINljGAa1xaGI5q9', 'Stripe'],
		['I-BW452GLLEP1G', 'PayPal'],
	])('"%s" is known to be of %s', async (id, psp) => {
		const sent = answering(origin);
		for (const operation of ['cancel', 'get']) {
			const [json] = await run(operation, { subscriptionId: byId(id) });
			expect(json).toMatchObject({
				outcome: 'invalid',
				message: `Subscription "${id}" is an ID of ${psp}; FunnelFox has its own. Find it with Get Many: "id", not "psp_id". Nothing was sent. [item 0]`,
			});
		}
		expect(sent).toEqual([]);
	});

	test('an e-mail address is none: there is a mode for it', async () => {
		const sent = answering(origin);
		for (const operation of ['cancel', 'get']) {
			expect(await one(operation, { subscriptionId: byId('ada@example.com') })).toMatchObject({
				outcome: 'invalid',
				message:
					'Subscription "ada@example.com" is an e-mail address, not an ID: choose "By Email". Nothing was sent. [item 0]',
			});
		}
		expect(sent).toEqual([]);
	});

	// FunnelFox documents none of its subscriptions; these are the shapes that its other records have.
	test.each([
		'sub_00000000000000000000000000',
		'sub_01J9ZC3VKX5W2T8QH4N7RBD6YM',
		'sub_01j9zc3vkx5w2t8qh4n7rbd6ym',
		'sub_12345678901234567890',
		'01J9ZC3VKX5W2T8QH4N7RBD6YM',
		'b471682e-fa17-4e46-b7fe-000000000001',
		'I-1',
	])('"%s" may be one of FunnelFox, and is sent', async (id) => {
		const sent = answering(origin, [200, { ...cancelled, id }]);
		expect(await one('cancel', { subscriptionId: byId(id) })).toMatchObject({ ended: true });
		expect(lines(sent)).toEqual([`POST ${path}/${id}/cancel`]);
	});
});
