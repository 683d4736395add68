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

const methods = { cancel: 'EndOfPeriod', cancelAtOnce: 'Immediate', cancelLater: 'Normal' };
/** How long a partner takes to confirm, ms. */
const partnerLagMs = 90_000;
const envelope = (messageCode: string, more: object = {}) => ({ ...more, status: { messageCode } });

/** https://azotte.com/academy/developers/API/C2A/subscription/: request-cancel, confirm-cancel, list */
export class AzotteModel extends ProviderModel {
	readonly credentialType = 'azotteApi';
	readonly baseUrl = 'https://acme.azotte.com/api/v1/c2a';

	kindOf({ path }: WireRequest) {
		if (path === '/subscription/cancel/confirm') return 'write';
		if (path === '/subscription/cancel/request') return 'preview';
		return path === '/customer/info' ? 'search' : 'read';
	}

	targetOf({ path, query, body }: WireRequest): string {
		return String(body.orderIdentifier ?? query.get('exId') ?? path.split('/')[2] ?? '');
	}

	private urn = (account: number) => `cu.00.48${account}`;

	receive(request: WireRequest): Work {
		const kind = this.kindOf(request);
		if (kind === 'search') return this.customerInfo(request.query.get('exId') ?? '');
		if (kind === 'read') return this.list(this.targetOf(request));
		const entry = this.byId(this.targetOf(request));
		if (!entry) return answer(404, envelope('SUBSCRIPTION_NOT_FOUND'));
		const { state, quirk } = entry;
		if (state === 'over') return answer(400, envelope('SUBSCRIPTION_NOT_CANCELABLE'));
		if (kind === 'preview') {
			const responseType = quirk === 'trial' ? 'Offer' : 'Processed';
			return answer(200, envelope('SUCCESS', { responseType, cancellationReasons: [] }));
		}
		const method = String(request.body.cancelationMethod);
		// What a second confirmation does is not documented.
		const carryOut = () => this.confirm(entry, method);
		return { kind: 'write', customer: entry.index, wish: method, carryOut };
	}

	private confirm(entry: Entry, method: string): Reply {
		if (entry.state === 'over') {
			return { status: 400, body: envelope('SUBSCRIPTION_NOT_CANCELABLE') };
		}
		const lag = entry.quirk === 'partner' ? partnerLagMs : 0;
		this.accept(entry, method, lag);
		const { now } = this.time;
		if (entry.state !== 'never') {
			const end = () => this.end(entry, method === 'Immediate' ? now : entry.periodEnd);
			if (lag > 0) this.time.after(lag, end);
			else end();
		}
		return { status: 200, body: envelope('SUCCESS') };
	}

	private customerInfo(ownId: string): Work {
		const entry = this.known().find((one) => this.entries[one.account].ownId === ownId);
		if (!entry) return answer(404, envelope('CUSTOMER_NOT_FOUND'));
		const root = this.entries[entry.account];
		const customer = {
			customerUrn: this.urn(entry.account),
			...(root.quirk !== 'noOwnId' && { externalIdentifier: root.ownId }),
			email: root.email,
		};
		return answer(200, envelope('SUCCESS', { result: customer }));
	}

	private list(urn: string): Work {
		const orders = this.known().filter(({ account }) => this.urn(account) === urn);
		if (orders.length === 0) return answer(404, envelope('CUSTOMER_NOT_FOUND'));
		return answer(200, envelope('SUCCESS', { result: orders.flatMap((one) => this.rows(one)) }));
	}

	private rows(entry: Entry): Array<Record<string, unknown>> {
		const { id, state, quirk, periodEnd, endsAt, endsInDays } = entry;
		const isOver = state === 'over';
		const never = state === 'never';
		const channels = { partner: 'ExternalPartner' } as Record<string, string>;
		const end = endsAt ?? periodEnd;
		const row = {
			bundleName: 'Pro',
			state: quirk === 'noStatus' ? null : isOver || state === 'ending' ? 'Canceled' : 'Active',
			startDate: '2026-01-01T00:00:00Z',
			endDate: endsInDays === null && !isOver ? '31.12.2099' : this.iso(end),
			orderIdentifier: id,
			subscriptionChannel: never ? 'InappAppStore' : (channels[quirk] ?? 'Azotte'),
			options: { canCancel: state === 'running' },
		};
		const former = { ...row, state: 'Expired', endDate: this.iso(this.time.now - 90 * dayMs) };
		return quirk === 'twoRows' ? [former, row] : [row];
	}

	credential = (key: string) => ({
		projectName: 'acme',
		environment: 'live',
		tenantId: 't-1',
		apiKey: key,
	});

	parameters({ naming, operation, isBlind, options }: Execution) {
		const modes = { id: 'id', customer: 'customer', ownId: 'externalId', email: 'id' };
		return {
			constant: {
				operation: operation === 'cancelLater' ? 'confirmCancel' : 'cancel',
				cancelationMethod: methods[operation],
				onOffer: 'confirm',
				dryRun: options.dryRun,
				additionalFields: {},
				...((isBlind || naming !== 'id') && { customerUrn: '' }),
			},
			perItem: (item: Item) => ({
				orderIdentifier: { __rl: true, mode: modes[naming], value: this.identifier(item, naming) },
				...(!isBlind &&
					naming === 'id' && { customerUrn: this.urn(this.entries[item.customer].account) }),
			}),
		};
	}

	override nameOf(entry: Entry, naming: Execution['naming']): string {
		if (naming === 'customer') return this.urn(entry.account);
		return naming === 'ownId' ? this.entries[entry.account].ownId : entry.id;
	}

	ownError = (status: number) =>
		status === 401 ? '' : envelope(status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'INVALID_REQUEST');

	/** The list of codes is not published. */
	oddSuccess = (): Reply => ({ status: 200, body: envelope('PROCESSING') });
}
