import type { Execution, Item } from '../world';
import {
	answer,
	dayMs,
	ProviderModel,
	type Entry,
	type Reply,
	type WireRequest,
	type Work,
} from './providerModel';

const types = { cancel: 'PeriodEnd', cancelAtOnce: 'Immediate', cancelLater: 'Date' };
/** The date of "at a date", in days. */
const dateInDays = 20;

/** PATCH /subscriptions/{id}/cancel and GET /subscriptions/{id} of Smokeball's specification */
export class SmokeballModel extends ProviderModel {
	readonly credentialType = 'smokeballApi';
	readonly baseUrl = 'https://api.smokeball.com';
	private readonly date = this.time.now + dateInDays * dayMs;
	private readonly types = new Map<number, string>();

	kindOf({ method, body }: WireRequest) {
		if (method !== 'PATCH') return 'read';
		return body.preview === true ? 'preview' : 'write';
	}

	targetOf = ({ path }: WireRequest): string => path.split('/')[2] ?? '';

	receive(request: WireRequest): Work {
		const entry = this.byId(this.targetOf(request));
		if (!entry) return answer(404, this.ownError(404, 'There is no such subscription.'));
		if (request.method !== 'PATCH') return answer(200, this.row(entry));
		if (entry.state === 'over' || entry.state === 'never') {
			return answer(400, this.ownError(400, 'The subscription is cancelled.'));
		}
		const type = String(request.body.cancellationType);
		const at =
			type === 'Immediate'
				? null
				: type === 'Date'
					? Date.parse(String(request.body.cancelAt))
					: entry.periodEnd;
		// Trials are handled apart only at the end of the period, and while the plan itself goes on.
		const isTrial = entry.quirk === 'trial' && entry.isPartOver !== true;
		const endsTrial = isTrial && type === 'PeriodEnd' && entry.state === 'running';
		const body = {
			preview: request.body.preview === true,
			cancellationType: type,
			cancellationBehaviour: endsTrial ? 'CancelTrials' : 'Cancel',
			cancelAt: at === null ? null : this.iso(at),
			tier: null,
			addOns: [],
		};
		if (body.preview) return answer(200, body);
		const carryOut = (): Reply => {
			if (entry.state === 'over') {
				return { status: 400, body: this.ownError(400, 'The subscription is cancelled.') };
			}
			this.accept(entry, endsTrial ? `${type} of the trial` : type);
			if (endsTrial) entry.isPartOver = true;
			else {
				this.types.set(entry.index, type);
				this.end(entry, at ?? this.time.now);
			}
			// It names the end that it then has.
			const cancelAt =
				at === null || entry.endsAt === null ? body.cancelAt : this.iso(entry.endsAt);
			return { status: 200, body: { ...body, cancelAt } };
		};
		return { kind: 'write', customer: entry.index, wish: type, carryOut };
	}

	protected row(entry: Entry): Record<string, unknown> {
		const { id, index, state, endsAt, periodEnd, cancelledAt, quirk, isPartOver } = entry;
		const isOver = state === 'over' || state === 'never';
		const isTrial = quirk === 'trial';
		return {
			id,
			productSuite: 'Smokeball',
			tier: isTrial ? null : { name: 'Grow' },
			addOns: isTrial ? [{ name: 'Archie' }] : [],
			trialingTier: isTrial
				? {
						name: 'Prosper',
						cancellationStatus: isPartOver ? 'Pending' : 'None',
						expirationDate: this.iso(periodEnd),
					}
				: null,
			status: isOver ? 'Canceled' : 'Active',
			currentPeriodEndDate: this.iso(periodEnd),
			cancellationStatus: isOver ? 'Canceled' : state === 'ending' ? 'Pending' : 'None',
			...(cancelledAt !== null && {
				cancellationType: this.types.get(index) ?? 'PeriodEnd',
				canceledAt: this.iso(cancelledAt),
				cancelAt: endsAt === null ? null : this.iso(endsAt),
			}),
		};
	}

	credential = (key: string) => ({ apiKey: key, accessToken: `at_${key}`, baseUrl: this.baseUrl });

	parameters({ operation, options }: Execution) {
		const type = types[operation];
		return {
			constant: {
				operation: 'cancel',
				authentication: 'accessToken',
				cancellationType: type,
				cancelAt: type === 'Date' ? new Date(this.date).toISOString() : '',
				dryRun: options.dryRun,
				additionalFields: {},
			},
			perItem: (item: Item) => ({
				subscriptionId: { __rl: true, mode: 'id', value: this.identifier(item, 'id') },
			}),
		};
	}

	ownError = (status: number, detail: string) => ({
		type: 'about:blank',
		title: 'Error',
		status,
		detail,
	});

	oddSuccess = (): Reply => ({ status: 200, body: { cancellationType: 'None', preview: false } });
}
