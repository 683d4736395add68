import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const subscriptions = (query: string) =>
	ask(own.sandbox, 'GET', `/funnelfox/public/v1/subscriptions?${query}`, {
		headers: signed.funnelFox,
	});
const azotte = (path: string) =>
	ask(own.sandbox, 'GET', `/azotte/api/v1/c2a${path}`, { headers: signed.azotte });

interface Row {
	id: string;
	status: string;
	sandbox: boolean;
}

/** What a CRM that knows an address would be told by FunnelFox. */
async function known(email: string): Promise<string[]> {
	const { body } = await subscriptions(`filter[email]=${email}`);
	return body.data.map(
		({ id, status, sandbox }: Row) => `${id} ${status}${sandbox ? ' test' : ''}`,
	);
}

/** What a shop that knows its own customer ID would be told by Azotte, by way of the urn. */
async function ordersOf(externalId: string): Promise<string[]> {
	const { body } = await azotte(`/customer/info?exId=${externalId}`);
	const { body: list } = await azotte(`/subscription/${body.result.customerUrn}`);
	return list.result.map(
		({ orderIdentifier, state }: Record<string, string>) => `${orderIdentifier} ${state}`,
	);
}

describe('lookup customers by email address', () => {
	it.each([
		['twin', ['sub_twin_1 active', 'sub_twin_2 active']],
		['renewed', ['sub_renewed_old expired', 'sub_renewed active']],
		['tester', ['sub_tester_1 active test', 'sub_tester_2 trialing test']],
		['mixed', ['sub_mixed_test active test', 'sub_mixed active']],
		['over', ['sub_over_1 expired', 'sub_over_2 cancelled']],
		['bare', []],
		['nothing', []],
	])('%s has at FunnelFox: %j', async (who, rows) => {
		expect(await known(`${who}@example.com`)).toEqual(rows);
	});

	it('many has 120 subscriptions on two pages, with the active one on the second', async () => {
		const query = 'filter[email]=many@example.com&limit=100';
		const first = (await subscriptions(query)).body;
		expect(first.pagination).toMatchObject({ total: 120, has_more: true });
		const { data } = (await subscriptions(`${query}&cursor=${first.pagination.next_cursor}`)).body;
		const running = [...first.data, ...data].filter(({ status }: Row) => status === 'active');
		expect(running).toMatchObject([{ id: 'sub_many_107' }]);
		expect(data).toContainEqual(running[0]);
	});

	it('capital is found case-sensitively, depending on an assumption', async () => {
		expect(await known('Capital@Example.com')).toEqual(['sub_capital active']);
		expect(await known('capital@example.com')).toEqual([]);
		own.sandbox.settings('funnelFox', { assumptions: { emailMatch: 'anyCase' } });
		expect(await known('capital@example.com')).toEqual(['sub_capital active']);
	});
});

describe('lookup customers by external ID', () => {
	it.each([
		['cus_twin', ['or_twin_1 Active', 'or_twin_2 Active']],
		['cus_renewed', ['or_renewed_old Expired', 'or_renewed Active']],
		['cus_over', ['or_over_1 Expired', 'or_over_2 Canceled']],
		['cus_capital', ['or_capital Active']],
		['cus_nothing', []],
	])('%s has at Azotte: %j', async (externalId, rows) => {
		expect(await ordersOf(externalId)).toEqual(rows);
	});

	it('cus_many has 120 orders in one list, of which one is active', async () => {
		const orders = await ordersOf('cus_many');
		expect(orders).toHaveLength(120);
		expect(orders.filter((order) => order.endsWith('Active'))).toEqual(['or_many_107 Active']);
	});
});

describe('lookup customers with a referral', () => {
	it.each(['twin', 'renewed', 'mixed', 'many'])(
		'%s has a referral at FirstPromoter and Reditus',
		async (who) => {
			const lead = await ask(
				own.sandbox,
				'GET',
				`/firstpromoter/api/v1/leads/show?uid=cus_${who}`,
				{
					headers: signed.firstPromoterV1,
				},
			);
			expect(lead.body).toMatchObject({ email: `${who}@example.com`, state: 'active' });
			const referral = await ask(own.sandbox, 'GET', `/reditus/api/v1/referrals/ref_${who}`, {
				headers: signed.reditus,
			});
			expect(referral.body.data.attributes.email).toBe(`${who}@example.com`);
		},
	);
});
