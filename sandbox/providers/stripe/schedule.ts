import type { Clock } from '../../clock';
import { sampleId } from './ids';
import { type Schedule, seconds, type Subscription } from './wire';

/** A schedule that manages this subscription: it moves it to another price after this period. */
export function schedule(clock: Clock, name: string, managed: Subscription): Schedule {
	const [first] = managed.items.data;
	const { current_period_start: start, current_period_end: end } = first;
	const phase = (from: number, to: number, quantity: number): Schedule['phases'][number] => ({
		add_invoice_items: [],
		application_fee_percent: null,
		billing_cycle_anchor: null,
		billing_thresholds: null,
		collection_method: null,
		currency: managed.currency,
		default_payment_method: null,
		default_tax_rates: [],
		description: null,
		discounts: [],
		end_date: to,
		invoice_settings: null,
		items: [
			{
				billing_thresholds: null,
				discounts: [],
				metadata: {},
				plan: first.price.id,
				price: first.price.id,
				quantity,
				tax_rates: [],
			},
		],
		metadata: {},
		on_behalf_of: null,
		proration_behavior: 'create_prorations',
		start_date: from,
		transfer_data: null,
		trial_end: null,
	});
	return {
		id: sampleId('sub_sched', name),
		object: 'subscription_schedule',
		application: null,
		billing_mode: managed.billing_mode,
		canceled_at: null,
		completed_at: null,
		created: seconds(clock.midnight(-30)),
		current_phase: { end_date: end, start_date: start },
		customer: managed.customer,
		customer_account: null,
		default_settings: {
			application_fee_percent: null,
			billing_cycle_anchor: 'automatic',
			billing_thresholds: null,
			collection_method: 'charge_automatically',
			default_payment_method: null,
			description: null,
			invoice_settings: {
				account_tax_ids: null,
				custom_fields: null,
				days_until_due: null,
				description: null,
				footer: null,
				issuer: { type: 'self' },
			},
			on_behalf_of: null,
			transfer_data: null,
		},
		end_behavior: 'release',
		livemode: managed.livemode,
		metadata: {},
		pause_schedules: [],
		phases: [phase(start, end, 1), phase(end, end + (end - start), 2)],
		released_at: null,
		released_subscription: null,
		status: 'active',
		subscription: managed.id,
		test_clock: null,
	};
}
