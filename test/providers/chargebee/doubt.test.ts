import type { IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { answering, lines, type Prepared } from '../wire';
import {
	active,
	cancelled,
	classic,
	contract,
	credentials,
	ending,
	endedNow,
	endingAt,
	entry,
	error,
	estimate,
	estimated,
	future,
	get,
	id,
	missing,
	one,
	origin,
	past,
	post,
	reactivate,
	run,
	seconds,
	soon,
	sooner,
	trial,
	unbilled,
	undo,
	wrongState,
} from './vendor';

interface Case {
	title: string;
	answers: Prepared[];
	outcome: string;
	seen?: IDataObject;
	requests: string[];
}

/** Each case is about a subscription of its own: a doubt is remembered beyond the run that had it. */
const cases = (table: string, all: Case[]) =>
	all.map((one, index) => {
		const own = `16Sandbox${table}${index}`;
		const about = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll(id, own)) as T;
		const { answers, requests } = one;
		return [
			one.title,
			{ ...one, own, answers: about(answers), requests: about(requests) },
		] as const;
	});

const ok = (subscription: object, headers = {}): Prepared => [200, entry(subscription), headers];
const nothingUnbilled: Prepared = [200, estimated()];
const replayed = { 'chargebee-idempotency-replayed': 'true' };
const broken = error('internal_error', 'Something went wrong', 'operation_failed');
const formOf = (body: unknown) => Object.fromEntries(new URLSearchParams(String(body)));

describe('a response to the cancellation at the end of the period', () => {
	test.each(
		cases('End', [
			{
				title: '200 with the end that was asked for',
				answers: [ok(active), nothingUnbilled, ok(ending)],
				outcome: 'scheduled',
				seen: { effectiveAt: future, email: 'ada@example.com', httpStatus: 200 },
				requests: [get, estimate, post],
			},
			{
				title: '200 of a trial, whose status says nothing of the end',
				answers: [
					ok(trial),
					nothingUnbilled,
					ok({ ...trial, cancelled_at: seconds(sooner), cancel_schedule_created_at: 1 }),
				],
				outcome: 'scheduled',
				seen: { effectiveAt: sooner },
				requests: [get, estimate, post],
			},
			{
				title: '200 that shows no end is verified, and not believed',
				answers: [ok(active), nothingUnbilled, ok(active), ok(ending)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [get, estimate, post, get],
			},
			{
				title: 'a replayed 200 is verified',
				answers: [ok(active), nothingUnbilled, ok(ending, replayed), ok(ending)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [get, estimate, post, get],
			},
			{
				title: 'a replayed 200 after the end was undone',
				answers: [ok(active), nothingUnbilled, ok(ending, replayed), ok(active)],
				outcome: 'unknown',
				requests: [get, estimate, post, get],
			},
			{
				title: '500 with nothing changed is sent again with the same key',
				answers: [ok(active), nothingUnbilled, [500, broken, soon], ok(active), ok(ending)],
				outcome: 'scheduled',
				seen: { attempts: 2 },
				requests: [get, estimate, post, get, post],
			},
			{
				title: '500 that was carried out',
				answers: [ok(active), nothingUnbilled, [500, broken, soon], ok(ending)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [get, estimate, post, get],
			},
			{
				title: '409 of one that has ended meanwhile',
				answers: [ok(active), nothingUnbilled, [409, wrongState], ok(cancelled)],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: past },
				requests: [get, estimate, post, get],
			},
			{
				title: '409 of one that cannot be cancelled',
				answers: [ok(active), nothingUnbilled, [409, wrongState], ok(active)],
				outcome: 'notCancellable',
				requests: [get, estimate, post, get],
			},
			{
				title: '409 of another kind leaves doubt',
				answers: [
					ok(active),
					nothingUnbilled,
					[409, error('request_in_progress', 'Another request is in progress'), soon],
					ok(ending),
				],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [get, estimate, post, get],
			},
			{
				title: '400 for a reason that the site does not have',
				answers: [
					ok(active),
					nothingUnbilled,
					[400, error('param_wrong_value', 'cancel_reason_code : is not on the list')],
					ok(active),
				],
				outcome: 'failed',
				seen: { description: expect.stringContaining('cancel_reason_code') },
				requests: [get, estimate, post, get],
			},
			{
				title: '403 does not blame the record',
				answers: [
					ok(active),
					nothingUnbilled,
					[403, error('api_authorization_failed', 'no access to this operation')],
				],
				outcome: 'unauthorized',
				requests: [get, estimate, post],
			},
			{
				title: '429 of two requests for one subscription is sent again',
				answers: [
					ok(active),
					nothingUnbilled,
					[429, error('lock_timeout', 'Locked', 'operation_failed'), soon],
					ok(ending),
				],
				outcome: 'scheduled',
				seen: { attempts: 2 },
				requests: [get, estimate, post, post],
			},
			{
				title: 'a status that is not known is no end, whatever else the record says',
				answers: [ok({ ...ending, status: 'melted' }), nothingUnbilled, ok(ending)],
				outcome: 'scheduled',
				seen: { attempts: 1 },
				requests: [get, estimate, post],
			},
		]),
	)('%s', async (_, { own, answers, outcome, seen = {}, requests }) => {
		const sent = answering(origin, ...answers);
		const result = await one('cancel', { subscriptionId: byId(own) });
		expect(result).toMatchObject({ outcome, ...seen });
		expect(lines(sent)).toEqual(requests);
		const keys = sent.flatMap(
			({ headers }) => (headers['chargebee-idempotency-key'] as string | undefined) ?? [],
		);
		expect(new Set(keys).size).toBe(1);
		expect(keys[0].length).toBeLessThanOrEqual(100);
	});
});

test('an error that is repeated for the key is sent again with another one', async () => {
	const sent = answering(
		origin,
		ok(active),
		nothingUnbilled,
		[500, broken, soon],
		ok(active),
		[500, broken, { ...soon, ...replayed }],
		ok(active),
		ok(ending),
	);
	expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', attempts: 3 });
	expect(lines(sent)).toEqual([get, estimate, post, get, post, get, post]);
	const [first, second, third] = sent.flatMap(
		({ headers }) => (headers['chargebee-idempotency-key'] as string | undefined) ?? [],
	);
	expect(second).toBe(first);
	expect(third).not.toBe(first);
});

describe('on a site that does not have the request which the record suggests', () => {
	const notEnabled: Prepared = [
		400,
		error('configuration_incompatible', 'This API operation is not enabled for this site.'),
	];
	const [plansEstimate, plansPost] = [estimate, post].map((line) => line.replace('_for_items', ''));
	const onSite = (site: string, fields: IDataObject = {}) =>
		one('cancel', fields, {
			credentials: {
				chargebeeCancellationsApi: { ...credentials.chargebeeCancellationsApi, site },
			},
		});
	const answer = (site: string, ...answers: Prepared[]) =>
		answering(`https://${site}.chargebee.com`, ...answers);

	test('that of the other catalog is sent, and known from then on', async () => {
		const site = 'acme-plans';
		const sent = answer(
			site,
			...[ok(active), notEnabled, nothingUnbilled, notEnabled, ok(ending)],
			...[ok(active), nothingUnbilled, ok(ending)],
		);
		expect(await onSite(site)).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(lines(sent)).toEqual([get, estimate, plansEstimate, post, plansPost]);
		const [refused, accepted] = sent
			.slice(-2)
			.map(({ headers }) => String(headers['chargebee-idempotency-key']));
		expect(accepted).not.toBe(refused);
		expect(accepted.length).toBeLessThanOrEqual(100);

		expect(await onSite(site)).toMatchObject({ outcome: 'scheduled', attempts: 1 });
		expect(lines(sent).slice(5)).toEqual([get, plansEstimate, plansPost]);
	});

	test('one that has moved to items since is asked once more', async () => {
		const site = 'acme-moved';
		const choice = { additionalFields: { unbilledCharges: 'invoice' } };
		const sent = answer(
			site,
			...[ok(active), notEnabled, ok(ending)],
			...[ok(active), notEnabled, ok(ending)],
			...[ok(active), ok(ending)],
		);
		for (let run = 0; run < 3; run++) {
			expect(await onSite(site, choice)).toMatchObject({ outcome: 'scheduled' });
		}
		expect(lines(sent)).toEqual([get, post, plansPost, get, plansPost, post, get, post]);
	});

	test('without the request of either, nothing is cancelled, and nothing is concluded', async () => {
		const site = 'acme-neither';
		const choice = { additionalFields: { unbilledCharges: 'invoice' } };
		for (let run = 0; run < 2; run++) {
			const sent = answer(site, ok(active), notEnabled, notEnabled, ok(active));
			expect(await onSite(site, choice)).toMatchObject({
				outcome: 'notCancellable',
				description: expect.stringContaining('neither product catalog'),
			});
			expect(lines(sent)).toEqual([get, post, plansPost, get]);
		}
	});

	test('after no response to the second the record decides', async () => {
		const site = 'acme-silent';
		const choice = { additionalFields: { unbilledCharges: 'invoice' } };
		const sent = answer(site, ok(active), notEnabled, [502, '<html>', soon], ok(ending));
		expect(await onSite(site, choice)).toMatchObject({ outcome: 'scheduled', verified: true });
		expect(lines(sent)).toEqual([get, post, plansPost, get]);
	});
});

describe('nothing is left to cancel, and nothing is sent', () => {
	test.each<[string, object, IDataObject, string | null]>([
		['it ends with its term', ending, {}, future],
		['it does not renew, and names no end', { ...ending, cancelled_at: undefined }, {}, future],
		['it ends at the date', endingAt(sooner), { when: 'date', cancelAt: sooner }, sooner],
		['it ends before the date', endingAt(sooner), { when: 'date', cancelAt: future }, sooner],
		['it has ended', cancelled, {}, past],
		['it has ended', cancelled, { when: 'immediately' }, past],
		['another site has it', { ...active, status: 'transferred' }, {}, null],
		[
			'its contract is not renewed',
			{ ...active, contract_term: { ...contract, action_at_term_end: 'cancel' } },
			{ additionalFields: { contractTerm: 'endOfContractTerm' } },
			'3001-12-31T00:00:00.000Z',
		],
	])('%s', async (_, record, parameters, effectiveAt) => {
		const sent = answering(origin, ok(record));
		const result = await one('cancel', parameters);
		expect(result).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt, attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, object, IDataObject]>([
		['ends with its term, at once', ending, { when: 'immediately' }],
		['ends later, at a date', ending, { when: 'date', cancelAt: sooner }],
	])('but one that %s, is another request', async (_, record, parameters) => {
		const isNow = parameters.when === 'immediately';
		const sent = answering(
			origin,
			ok(record),
			nothingUnbilled,
			ok(isNow ? endedNow : endingAt(sooner)),
		);
		const outcome = isNow ? 'cancelled' : 'scheduled';
		expect(await one('cancel', parameters)).toMatchObject({ outcome });
		expect(lines(sent)).toEqual([get, estimate, post]);
	});

	test('a subscription that was deleted is no target', async () => {
		const sent = answering(origin, ok({ ...active, deleted: true }));
		expect(await one('cancel')).toMatchObject({ outcome: 'notFound' });
		expect(lines(sent)).toEqual([get]);
	});

	test('one that was bought in an app store is left to the customer', async () => {
		const sent = answering(origin, ok({ ...active, channel: 'app_store' }));
		expect(await one('cancel')).toMatchObject({ outcome: 'customerActionRequired', ended: false });
		expect(lines(sent)).toEqual([get]);
	});

	test('an unknown site is no missing record', async () => {
		answering(origin, [404, error('site_not_found', 'There is no such site')]);
		expect(await one('cancel')).toMatchObject({ ok: false, outcome: 'refused' });
		answering(origin, [404, missing]);
		expect(await one('cancel')).toMatchObject({ outcome: 'notFound' });
	});
});

describe('what is sent about money', () => {
	const sentFor = async (parameters: IDataObject, answers: Prepared[] = []) => {
		const isNow = parameters.when === 'immediately';
		const sent = answering(
			origin,
			...(answers.length > 0 ? answers : [ok(active), nothingUnbilled]),
			ok(isNow ? endedNow : parameters.when === 'date' ? endingAt(sooner) : ending),
		);
		expect(await one('cancel', parameters)).toMatchObject({ ok: true });
		return sent.filter(({ method }) => method === 'POST').map(({ body }) => formOf(body));
	};
	const harmless = {
		credit_option_for_current_term_charges: 'none',
		account_receivables_handling: 'no_action',
		refundable_credits_handling: 'no_action',
	};

	test.each<[IDataObject, IDataObject]>([
		[{}, { cancel_option: 'end_of_term', unbilled_charges_option: 'invoice' }],
		[{ when: 'immediately' }, { cancel_option: 'immediately', unbilled_charges_option: 'delete' }],
		[
			{ when: 'date', cancelAt: sooner },
			{
				cancel_option: 'specific_date',
				cancel_at: String(seconds(sooner)),
				unbilled_charges_option: 'invoice',
			},
		],
	])('of %j: every choice, with its harmless value', async (parameters, timing) => {
		const [asked, sent] = await sentFor(parameters);
		expect(sent).toEqual({ ...harmless, ...timing });
		expect(asked).toEqual({ ...harmless, ...timing, unbilled_charges_option: 'invoice' });
	});

	test('what the user chooses is sent, and no estimate is asked for', async () => {
		const additionalFields = {
			creditOption: 'prorate',
			reasonCode: 'Too expensive',
			receivables: 'write_off',
			refundableCredits: 'schedule_refund',
			unbilledCharges: 'invoice',
		};
		const sent = await sentFor({ when: 'immediately', additionalFields }, [ok(active)]);
		expect(sent).toEqual([
			{
				cancel_option: 'immediately',
				credit_option_for_current_term_charges: 'prorate',
				unbilled_charges_option: 'invoice',
				account_receivables_handling: 'write_off',
				refundable_credits_handling: 'schedule_refund',
				cancel_reason_code: 'Too expensive',
			},
		]);
	});

	test('a record of the older catalog is estimated and cancelled by requests of its own', async () => {
		const sent = answering(origin, ok(classic), nothingUnbilled, ok({ ...classic, ...ended }));
		expect(await one('cancel', { when: 'immediately' })).toMatchObject({ outcome: 'cancelled' });
		expect(lines(sent).slice(1)).toEqual([
			estimate.replace('_for_items', ''),
			post.replace('_for_items', ''),
		]);
	});
	const ended = { status: 'cancelled', cancelled_at: seconds(past) };

	test.each<[string, Prepared]>([
		['in the invoice of the estimate', [200, unbilled]],
		[
			'in a list of the estimate',
			[200, estimated({ unbilled_charge_estimates: [{ amount: 1200, currency_code: 'USD' }] })],
		],
	])('unbilled charges %s need a choice, and nothing is sent', async (_, answer) => {
		for (const dryRun of [false, true]) {
			const sent = answering(origin, ok(active), answer);
			expect(await one('cancel', { dryRun })).toMatchObject({
				outcome: 'refused',
				attempts: 0,
				description: expect.stringMatching(/12\.00 USD.*Unbilled Charges/),
			});
			expect(lines(sent)).toEqual([get, estimate]);
		}
	});

	test.each<[string, Prepared[], string]>([
		['is refused', [[400, error('param_wrong_value', 'cancel_at : is wrong')]], 'refused'],
		['is no estimate', [[200, {}]], 'refused'],
		['says that it cannot be cancelled', [[409, wrongState]], 'notCancellable'],
		['is not allowed', [[403, error('api_authorization_failed', 'no access')]], 'unauthorized'],
		['fails', Array.from({ length: 4 }, () => [500, broken, soon]), 'failed'],
	])('an estimate that %s stops an item without a choice', async (_, answers, outcome) => {
		const sent = answering(origin, ok(active), ...answers);
		expect(await one('cancel')).toMatchObject({ ok: false, outcome, attempts: 0 });
		expect(lines(sent)).toEqual([get, ...answers.map(() => estimate)]);
	});
});

describe('what a dry run says of money', () => {
	const dry = async (parameters: IDataObject, answer: Prepared, record: object = active) => {
		answering(origin, ok(record), answer);
		return await one('cancel', { when: 'immediately', dryRun: true, ...parameters });
	};
	const credit = { total: 1250, currency_code: 'USD' };
	const invoice = { total: 900, currency_code: 'JPY' };

	test.each<[string, IDataObject, object, string]>([
		['nothing', {}, {}, 'charges and credits nothing'],
		['a credit', {}, { credit_note_estimates: [credit, credit] }, 'credits 25.00 USD'],
		[
			'an invoice',
			{ unbilledCharges: 'invoice' },
			{ invoice_estimates: [invoice] },
			'invoices 900 JPY',
		],
		[
			'charges that are deleted',
			{ unbilledCharges: 'delete' },
			{ unbilled_charge_estimates: [{ amount: 500, currency_code: 'USD' }] },
			'deletes unbilled charges of 5.00 USD',
		],
	])('%s stands in the summary', async (_, additionalFields, figures, words) => {
		const { summary, wouldBe } = await dry({ additionalFields }, [200, estimated(figures)]);
		expect(summary).toBe(`ada@example.com: would end now; ${words} (Chargebee, dry run)`);
		expect(wouldBe).toMatchObject({ outcome: 'cancelled', money: words });
	});

	test('and a trial would end with the trial', async () => {
		const { effectiveAt } = await dry({ when: 'periodEnd' }, nothingUnbilled, trial);
		expect(effectiveAt).toBe(sooner);
	});

	test('names what an estimate does not show', async () => {
		const additionalFields = {
			contractTerm: 'immediately',
			receivables: 'schedule_payment_collection',
			refundableCredits: 'schedule_refund',
		};
		const bound = { ...active, contract_term: contract };
		const { wouldBe } = await dry({ additionalFields }, nothingUnbilled, bound);
		expect((wouldBe as IDataObject).note).toBe(
			"It ends the contract term early; a termination fee may be charged. Chargebee tries to collect open invoices. Chargebee pays the customer's refundable credits back.",
		);
	});

	test('with a choice it goes on without an estimate', async () => {
		const answer: Prepared = [400, error('param_wrong_value', 'something is wrong')];
		const { wouldBe } = await dry({ additionalFields: { unbilledCharges: 'delete' } }, answer);
		expect(wouldBe).toMatchObject({ note: expect.stringContaining('something is wrong') });
	});
});

describe('an active contract term', () => {
	const bound = { ...active, contract_term: contract };
	const choose = (contractTerm: string) => ({ additionalFields: { contractTerm } });

	test.each<[string]>([['periodEnd'], ['immediately']])(
		'is asked about, and %s does not end it',
		async (when) => {
			const sent = answering(origin, ok(bound));
			expect(await one('cancel', { when })).toMatchObject({
				outcome: 'refused',
				attempts: 0,
				description: expect.stringMatching(/until 3001-12-31.*Contract Term/),
			});
			expect(lines(sent)).toEqual([get]);
		},
	);

	const endsWithContract = { ...contract, action_at_term_end: 'cancel' };
	test.each<[string, string, object, string]>([
		['endOfBillingTerm', 'end_of_subscription_billing_term', ending, 'scheduled'],
		[
			'endOfContractTerm',
			'end_of_contract_term',
			{ ...bound, contract_term: endsWithContract },
			'scheduled',
		],
		[
			'endOfContractTerm',
			'end_of_contract_term',
			{
				...ending,
				cancelled_at: contract.contract_end,
				contract_term: { ...contract, status: 'cancelled' },
			},
			'scheduled',
		],
		['immediately', 'terminate_immediately', endedNow, 'cancelled'],
	])('with %s it is ended by %s', async (chosen, option, reply, outcome) => {
		const sent = answering(origin, ok(bound), nothingUnbilled, ok(reply));
		expect(await one('cancel', choose(chosen))).toMatchObject({ outcome });
		const form = formOf(sent[2].body);
		expect(form).toMatchObject({ contract_term_cancel_option: option });
		expect(form).not.toHaveProperty('cancel_option');
	});

	test('without one the choice changes nothing', async () => {
		const sent = answering(origin, ok(active), nothingUnbilled, ok(ending));
		expect(await one('cancel', choose('immediately'))).toMatchObject({ outcome: 'scheduled' });
		expect(formOf(sent[2].body)).toMatchObject({ cancel_option: 'end_of_term' });
	});
});

describe('resume', () => {
	test('removes a scheduled end', async () => {
		const sent = answering(origin, ok(ending), ok(active));
		const result = await one('resume', { additionalFields: { billingCycles: 3 } });
		expect(result).toMatchObject({ outcome: 'restored', email: 'ada@example.com' });
		expect(lines(sent)).toEqual([get, undo]);
		expect(formOf(sent[1].body)).toEqual({ billing_cycles: '3' });
	});

	test('reactivates what has ended only where the user says so', async () => {
		const sent = answering(origin, ok(cancelled));
		expect(await one('resume')).toMatchObject({
			outcome: 'notCancellable',
			attempts: 0,
			description: expect.stringContaining('If Ended'),
		});
		expect(lines(sent)).toEqual([get]);
		const again = answering(origin, ok(cancelled), ok(active));
		const additionalFields = { ifEnded: 'reactivate' };
		expect(await one('resume', { additionalFields })).toMatchObject({ outcome: 'restored' });
		expect(lines(again)).toEqual([get, reactivate]);
	});

	test('a dry run of a reactivation says what it may charge', async () => {
		answering(origin, ok(cancelled));
		const additionalFields = { ifEnded: 'reactivate' };
		const { summary } = await one('resume', { dryRun: true, additionalFields });
		expect(summary).toBe(
			'ada@example.com: would continue; may charge 19.99 USD at once (Chargebee, dry run)',
		);
	});

	test('a payment that fails is no reactivation', async () => {
		const failure = error('payment_processing_failed', 'Card declined', 'payment');
		answering(origin, ok(cancelled), [400, failure], ok(cancelled));
		const additionalFields = { ifEnded: 'reactivate' };
		expect(await one('resume', { additionalFields })).toMatchObject({ outcome: 'notCancellable' });
	});

	test.each<[string, object]>([
		['an active contract term', { ...ending, contract_term: contract }],
		['a transferred one', { ...active, status: 'transferred' }],
		['one of an app store', { ...ending, channel: 'play_store' }],
		['an unknown status', { ...ending, status: 'melted' }],
		['an unknown status', { ...active, status: 'melted' }],
	])('of %s is notCancellable, and nothing is sent', async (_, record) => {
		const sent = answering(origin, ok(record));
		const additionalFields = { ifEnded: 'reactivate' };
		const result = await one('resume', { additionalFields });
		expect(result).toMatchObject({ outcome: 'notCancellable', attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});

	test('without a scheduled end there is nothing to do', async () => {
		const sent = answering(origin, ok(active));
		expect(await one('resume')).toMatchObject({ outcome: 'restored', attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});
});

test('a record without a status keeps both from being sent', async () => {
	for (const operation of ['cancel', 'resume']) {
		const sent = answering(origin, ok({ ...active, status: undefined }));
		expect(await one(operation)).toMatchObject({ ok: false, outcome: 'refused', attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	}
});

test('the idempotency key follows the request and the state that was read', async () => {
	const keys: string[] = [];
	const more = { additionalFields: { unbilledCharges: 'delete' } };
	const priced = { ...active, remaining_billing_cycles: 3 };
	for (const [record, parameters] of [
		[active, {}],
		[active, {}],
		[active, more],
		[priced, {}],
	] as const) {
		const isChosen = parameters === more;
		const sent = answering(origin, ok(record), ...(isChosen ? [] : [nothingUnbilled]), ok(ending));
		await one('cancel', parameters);
		keys.push(sent.at(-1)!.headers['chargebee-idempotency-key']);
	}
	expect(keys[0]).toBe(keys[1]);
	expect(new Set(keys).size).toBe(3);
});

test('a search counts no other address and no deleted subscription', async () => {
	const subscriptionId = { ...byId('ada@example.com'), mode: 'email' };
	const customers = ['ada@example.com', 'ben@example.com'].map((email, index) => ({
		customer: { id: `customer_${index}`, email },
	}));
	const of = (more: object) => ({
		subscription: { ...active, customer_id: 'customer_0', ...more },
		customer: customers[0].customer,
	});
	const sent = answering(
		origin,
		[200, { list: customers }],
		[200, { list: [of({}), of({ id: 'gone', deleted: true })] }],
		nothingUnbilled,
		ok(ending),
	);
	expect(await one('cancel', { subscriptionId })).toMatchObject({
		outcome: 'scheduled',
		target: id,
	});
	expect(lines(sent).slice(0, 2)).toEqual([
		'GET /api/v2/customers?limit=100&email%5Bis%5D=ada%40example.com',
		'GET /api/v2/subscriptions?limit=100&customer_id%5Bis%5D=customer_0',
	]);
});

test("another customer's address is not taken for the subscription's", async () => {
	answering(origin, ok({ ...active, customer_id: 'another' }));
	const options = { expectedEmail: 'ada@example.com' };
	expect(await one('cancel', {}, { options })).toMatchObject({ outcome: 'refused' });
});

describe('what is never sent', () => {
	test.each<[string, IDataObject]>([
		['a date in the past', { when: 'date', cancelAt: past }],
		['no date', { when: 'date', cancelAt: '' }],
		['a date beside another time', { when: '={{ "periodEnd" }}', cancelAt: future }],
		['Contract Term without a choice', { additionalFields: { contractTerm: '' } }],
		['Unbilled Charges without a choice', { additionalFields: { unbilledCharges: '' } }],
		['an ID of 51 characters', { subscriptionId: byId('a'.repeat(51)) }],
		['a dot for an ID', { subscriptionId: byId('..') }],
	])('%s', async (_, parameters) => {
		const sent = answering(origin);
		expect(await one('cancel', parameters)).toMatchObject({ outcome: 'invalid' });
		expect(sent).toEqual([]);
	});

	test.each(['', 'acme.chargebee.com', 'https://acme', 'acme/..', '-acme'])(
		'anything to the site "%s"',
		async (site) => {
			const account = { ...credentials.chargebeeCancellationsApi, site };
			const sent = answering(origin);
			const [result] = await run(
				'cancel',
				{},
				{ credentials: { chargebeeCancellationsApi: account } },
			);
			expect(result).toMatchObject({
				outcome: 'invalid',
				message: expect.stringContaining('first part of your Chargebee address'),
			});
			expect(sent).toEqual([]);
		},
	);
});

test('the card, the means of payment and the address of a customer stay out of the output', async () => {
	answering(origin, ok(active));
	const text = JSON.stringify(await one('get'));
	expect(text).toContain(id);
	expect(text).toContain('ada@example.com');
	for (const hidden of ['4242', 'tok_of_ada', 'Long Street', 'DE123', '192.0.2.7']) {
		expect(text).not.toContain(hidden);
	}
});
