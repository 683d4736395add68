import type { Execution, Item } from '../world';
import {
	answer,
	ProviderModel,
	type Entry,
	type Reply,
	type WireRequest,
	type Work,
} from './providerModel';

/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn, show, index */
export class ReditusModel extends ProviderModel {
	readonly credentialType = 'reditusApi';
	readonly baseUrl = 'https://api.getreditus.com/api';

	kindOf({ method }: WireRequest) {
		return method === 'POST' ? 'write' : 'read';
	}

	targetOf({ path, query, body }: WireRequest): string {
		const inBody = body.referral_uid ?? body.referral_id ?? body.referral_email;
		return String(inBody ?? query.get('email_eq') ?? path.split('/')[3] ?? '');
	}

	private find({ body, path }: WireRequest): Entry | undefined {
		const { referral_uid, referral_id, referral_email } = body;
		if (referral_uid !== undefined) return this.known().find(({ ownId }) => ownId === referral_uid);
		if (referral_email !== undefined) return this.byEmail(String(referral_email))[0];
		return this.byId(String(referral_id ?? path.split('/')[3]));
	}

	receive(request: WireRequest): Work {
		const { query, path } = request;
		const email = query.get('email_eq');
		if (path === '/v1/referrals')
			return answer(200, this.list(email ?? '', Number(query.get('page') ?? 1)));
		const entry = this.find(request);
		if (!entry) return answer(404, this.ownError(404, 'Referral not found'));
		if (request.method !== 'POST') return answer(200, { data: this.row(entry) });
		if (entry.state !== 'running') {
			const state = entry.state === 'never' ? 'clicked' : 'churned';
			return answer(422, this.ownError(422, `Referral in state '${state}' cannot be churned`));
		}
		const carryOut = (): Reply => {
			this.accept(entry, 'churn');
			this.end(entry, this.time.now);
			return { status: 200, body: { data: this.row(entry) } };
		};
		return { kind: 'write', customer: entry.index, wish: 'churn', carryOut };
	}

	private list(email: string, page: number): Record<string, unknown> {
		const { pageSize } = this.world.variant;
		const all = this.byEmail(email);
		const rows = all.slice((page - 1) * pageSize, page * pageSize);
		return {
			data: rows.map((entry) => this.row(entry)),
			meta: { pagination: { page, per_page: pageSize, has_more: page * pageSize < all.length } },
		};
	}

	protected row({ id, email, state, cancelledAt, quirk }: Entry): Record<string, unknown> {
		const seconds = (at: number) => Math.floor(at / 1000);
		const status = state === 'running' ? 'paid' : state === 'never' ? 'clicked' : 'churned';
		return {
			id,
			type: 'referral',
			attributes: {
				email: quirk === 'noEmail' ? null : quirk === 'blankEmail' ? ` ${email} ` : email,
				state: quirk === 'noStatus' ? null : status,
				state_set_at: seconds(cancelledAt ?? Date.parse('2026-01-01')),
				created_at: seconds(Date.parse('2026-01-01')),
				updated_at: seconds(cancelledAt ?? Date.parse('2026-01-01')),
			},
		};
	}

	credential = (key: string) => ({ apiToken: key });

	parameters({ naming, options }: Execution) {
		const fields = {
			id: 'referralId',
			email: 'referralEmail',
			ownId: 'referralUid',
			customer: 'referralId',
		};
		const field = fields[naming];
		return {
			constant: { operation: 'churn', identifyBy: field, dryRun: options.dryRun },
			perItem: (item: Item) => {
				const value = this.identifier(item, naming);
				return { [field]: field === 'referralId' ? { __rl: true, mode: 'id', value } : value };
			},
		};
	}

	ownError = (_: number, details: string) => ({ errors: [{ title: 'Error', details }] });

	oddSuccess = (): Reply => ({ status: 202, body: { message: 'ok' } });
}
