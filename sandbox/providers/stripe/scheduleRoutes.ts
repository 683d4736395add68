import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ProviderResponse, pathParameter, readRoute, writeRoute } from '../../providerApi';
import { missing, stripeError } from './errors';
import { newId } from './ids';
import { end } from './lifecycle';
import { booleanParam, refuseUnknown, retrieval } from './params';
import type { ApiCall, StripePlugin } from './plugin';
import type { StripeRecords } from './records';
import type { Schedule } from './wire';

const path = '/v1/subscription_schedules/:id';

/**
 * Retrieve, cancel and release subscription schedules.
 * @see https://docs.stripe.com/api/subscription_schedules
 */
export function addScheduleRoutes(
	scope: FastifyInstance,
	plugin: StripePlugin,
	records: StripeRecords,
): void {
	/** The subscription of the addressed schedule is the record that a write changes. */
	const managed = (request: FastifyRequest) => {
		const id = pathParameter(request, 'id');
		return String(records.schedules.get(id)?.subscription ?? id);
	};
	const mayWrite = { ...writeRoute(managed), stripePermission: 'subscription_write' } as const;
	const find = ({ request, caller }: ApiCall) => {
		const found = records.schedules.get(pathParameter(request, 'id'));
		return found && records.isVisible(caller, found) ? found : undefined;
	};
	scope.get(
		path,
		{ config: { ...readRoute(), stripePermission: 'subscription_read' } },
		plugin.handle((call) => {
			refuseUnknown(call.params, retrieval);
			const found = find(call);
			return found ? { status: 200, body: found } : unknown(call);
		}),
	);
	scope.post(
		`${path}/cancel`,
		{ config: mayWrite },
		plugin.handle((call) => {
			refuseUnknown(call.params, { ...retrieval, invoice_now: true, prorate: true });
			const found = find(call);
			return found ? cancel(call, found, records) : unknown(call);
		}),
	);
	scope.post(
		`${path}/release`,
		{ config: mayWrite },
		plugin.handle((call) => {
			refuseUnknown(call.params, { ...retrieval, preserve_cancel_date: true });
			const found = find(call);
			return found ? release(call, found, records) : unknown(call);
		}),
	);
}

/** Ends the schedule and its subscription at once; unlike DELETE it charges unless told not to. */
function cancel(call: ApiCall, schedule: Schedule, records: StripeRecords): ProviderResponse {
	const invoiceNow = booleanParam(call.params, 'invoice_now') ?? true;
	booleanParam(call.params, 'prorate');
	if (schedule.status !== 'active') return notActive(schedule, 'cancel');
	const record = records.subscriptions.get(String(schedule.subscription));
	if (record) {
		const before = structuredClone(record);
		end(record, records.now(), 'cancellation_requested');
		if (invoiceNow) record.latest_invoice = newId('in');
		records.endSchedule(record);
		records.accept(call, record, before, 'cancel');
	}
	announce('subscription_schedule.canceled', call, schedule, records);
	return { status: 200, body: schedule };
}

/** Leaves the subscription in place, without a schedule. */
function release(call: ApiCall, schedule: Schedule, records: StripeRecords): ProviderResponse {
	if (schedule.status !== 'active') return notActive(schedule, 'release');
	const record = records.subscriptions.get(String(schedule.subscription));
	Object.assign(schedule, {
		status: 'released',
		released_at: records.now(),
		released_subscription: schedule.subscription,
		subscription: null,
		current_phase: null,
	});
	if (record) {
		const before = structuredClone(record);
		Object.assign(record, { schedule: null });
		records.accept(call, record, before, 'update');
	}
	announce('subscription_schedule.released', call, schedule, records);
	return { status: 200, body: schedule };
}

function announce(
	type: 'subscription_schedule.canceled' | 'subscription_schedule.released',
	{ cause }: ApiCall,
	schedule: Schedule,
	records: StripeRecords,
): void {
	records.webhooks.send(type, schedule, records.ownerOf(schedule.id), { cause });
}

function unknown({ request }: ApiCall): ProviderResponse {
	return missing('subscription schedule', pathParameter(request, 'id'));
}

function notActive({ status }: Schedule, action: string): ProviderResponse {
	return stripeError(
		400,
		`You cannot ${action} a subscription schedule that is currently in the \`${status}\` status. It must be \`not_started\` or \`active\`.`,
	);
}
