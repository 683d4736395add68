import type { IDataObject } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import { runNode } from '../host/harness';
import { cancelling, onSandbox } from './funnelFoxNode';

/** The row of an item that is not carried out: whom it was about, as it was typed. */
const rowOf = async (parameters: IDataObject, more: object = {}) =>
	await onSandbox(async (sandbox) => {
		const setting = cancelling(sandbox, [{ id: 'sub_ada' }], {
			onError: 'continueRegularOutput',
			parameters,
			...more,
		});
		return (await runNode(setting)).main[0].json;
	});

const reason = { additionalFields: { reason: 'Too expensive' } };
const by = (mode: string, value: unknown) => ({ subscriptionId: { __rl: true, mode, value } });

describe('the row of an item', () => {
	test.each<[string, IDataObject, object, IDataObject]>([
		[
			'whose address is not one has it as typed',
			by('email', 'fay at example.com'),
			{},
			{ outcome: 'invalid', target: 'fay at example.com', email: null, dryRun: false },
		],
		[
			'with another bad field has its address',
			by('email', 'Fay@example.com'),
			{ options: { timeout: 'x' } },
			{ outcome: 'invalid', target: 'Fay@example.com', email: 'Fay@example.com', dryRun: false },
		],
		[
			'of a dry run says so',
			by('id', 'sub "x"'),
			{ dryRun: true },
			{ outcome: 'invalid', target: 'sub "x"', email: null, dryRun: true },
		],
		[
			'whose Dry Run is neither true nor false was no dry run',
			by('id', 'sub_ada'),
			{ dryRun: "={{ 'maybe' }}" },
			{ outcome: 'invalid', target: 'sub_ada', email: null, dryRun: false },
		],
		[
			'whose expression fails is about no one',
			by('id', '={{ $json.id.missing.here }}'),
			{},
			{ outcome: 'invalid', target: '', email: null },
		],
		[
			'whose ID is a number has it as typed',
			by('id', '={{ -5 }}'),
			{},
			{ outcome: 'invalid', target: '-5', email: null },
		],
		[
			'that no one has is about the address that was searched for',
			by('email', 'zoe@example.com'),
			{},
			{ outcome: 'notFound', target: 'zoe@example.com', email: 'zoe@example.com', dryRun: false },
		],
		[
			'that several match is about the address that was searched for',
			by('email', 'twin@example.com'),
			{ dryRun: true },
			{ outcome: 'refused', target: 'twin@example.com', email: 'twin@example.com', dryRun: true },
		],
		[
			'over the limit has its target',
			by('id', 'sub_ada'),
			{ options: { maxPerExecution: 1 }, items: [{}, { id: 'sub_ben' }] },
			{ outcome: 'refused', target: 'sub_ada', dryRun: false },
		],
	])('%s, and the reason', async (_, target, more, expected) => {
		const json = await rowOf({ ...target, ...reason }, more);
		expect(json).toMatchObject({ ...expected, ok: false, reason: 'Too expensive' });
		expect(json.summary).toContain(String(json.message).replace(' [item 0]', ''));
	});
});

test('a read is never a dry run', async () => {
	const json = await rowOf({ ...by('id', 'sub "x"'), operation: 'get', dryRun: true });
	expect(json).toMatchObject({ outcome: 'invalid', target: 'sub "x"', dryRun: false });
});

test('without a reason there is none', async () => {
	const empty = { additionalFields: { reason: '={{ "" }}' } };
	const json = await rowOf({ ...by('id', 'sub "x"'), ...empty });
	expect(json).toMatchObject({ outcome: 'invalid', reason: null });
});

test('a field for an e-mail address tells who is meant', async () => {
	const json = await onSandbox(async ({ url }) => {
		const { main } = await runNode({
			node: 'firstPromoter',
			items: [{}],
			parameters: {
				resource: 'referral',
				operation: 'cancel',
				identifyBy: 'email',
				email: 'Fay@example.com',
				dryRun: false,
				options: { timeout: 'x' },
			},
			credentials: {
				firstPromoterV2Api: { ...keys.firstPromoter, baseUrl: `${url}/firstpromoter/api/v2` },
			},
			onError: 'continueRegularOutput',
		});
		return main[0].json;
	});
	expect(json).toMatchObject({
		...{ outcome: 'invalid', target: 'Fay@example.com', email: 'Fay@example.com' },
	});
});

test('without a chosen credential the message says so', async () => {
	const json = await rowOf({}, { credentials: {} });
	expect(json.message).toBe(
		'No credential is chosen in this node. Nothing was sent. Choose one, or create it. [item 0]',
	);
});
