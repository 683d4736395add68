/** A lead (v1) or referral (v2): one record, two names. */
export interface Lead {
	id: number;
	state: string;
	email: string;
	uid: string | null;
	customer_since: string | null;
	cancelled_at: string | null;
	plan_name: string | null;
	created_at: string;
}

/** A lead in V1's format. Unknown dates are omitted, because the schema does not allow null. */
export function leadView(lead: Lead): Record<string, unknown> {
	const { customer_since: since, cancelled_at: cancelled, ...known } = lead;
	return {
		...known,
		...(since ? { customer_since: since } : {}),
		...(cancelled ? { cancelled_at: cancelled } : {}),
		suspicion: 'no_suspicion',
		username: null,
		website: null,
		split_promotion_id: null,
		custom_fields: null,
		split_percentage_value: null,
		visitor_sub_id: null,
	};
}

/** A lead in V1's format, with its promotion and promoter. */
export function leadWithPromoter(lead: Lead, promoterSince: string): Record<string, unknown> {
	const promotion = { id: 4_210_919, ref_id: 'promoter42', campaign_id: 12_345 };
	return { ...leadView(lead), promotion, promoter: promoterView(promoterSince) };
}

/** The response to a tracked cancellation, in both versions. */
export function cancellationView(
	id: number,
	lead: Lead,
	promoterSince: string,
): Record<string, unknown> {
	return {
		id,
		type: 'cancellation',
		amount_cents: null,
		reward: null,
		lead: leadView(lead),
		promoter: promoterView(promoterSince),
	};
}

/** The promoter of a lead, with two secrets that must not reach a log. */
export function promoterView(createdAt: string): Record<string, unknown> {
	return {
		id: 3_920_164,
		status: 'active',
		cust_id: '',
		email: 'promoter@example.com',
		created_at: createdAt,
		temp_password: 'sandbox-temp-password-do-not-keep',
		default_promotion_id: 4_210_919,
		pref: 'db1znwe',
		default_ref_id: 'promoter42',
		note: null,
		w8_form_url: null,
		w9_form_url: null,
		parent_promoter_id: 577_918,
		earnings_balance: { cash: 50_744 },
		current_balance: { cash: 20_044 },
		paid_balance: { cash: 30_700 },
		auth_token: 'sandbox-auth-token-do-not-keep',
	};
}

/** A lead in V2's format: a referral. */
export function referralView({
	id,
	email,
	uid,
	state,
	created_at,
	customer_since,
}: Lead): Record<string, unknown> {
	return {
		id,
		email,
		uid,
		state,
		metadata: {},
		entry_source: 'api',
		created_at,
		customer_since,
		promoter_campaign: {
			id: 1,
			campaign_id: 12_345,
			promoter_id: 3_920_164,
			created_at,
			promoter: { id: 3_920_164, email: 'promoter@example.com', name: 'Pat Promoter' },
			campaign: { id: 12_345, name: 'Default', color: '#1e90ff' },
		},
		fraud_check: 'no_suspicion',
		created_by_user_email: null,
		username: null,
		split_details: [],
		first_name: null,
		last_name: null,
		website: null,
		comment: null,
		is_expired: false,
	};
}
